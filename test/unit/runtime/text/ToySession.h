// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A session of ToyLanguage.c, and what its logits tell.

#ifndef TEST_UNIT_RUNTIME_TEXT_TOYSESSION_H
#define TEST_UNIT_RUNTIME_TEXT_TOYSESSION_H

#include "qcc/language.h"

#include <cstring>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

/// One row of logits.
struct Told {
  float id, position, place;
  float span[4];
  float rows, outputs, capacity, spans;
  float run;
  float keys, values, wideKeys, wideValues; // sums of the tokens so far

  /// The cache holds the first `count` of `tokens`.
  void expectHistory(const std::vector<int32_t> &tokens, size_t count) const {
    float sum = 0;
    for (size_t i = 0; i < count; ++i)
      sum += float(tokens[i]);
    EXPECT_EQ(keys, sum);
    EXPECT_EQ(values, sum + 0.5f * float(count));
    EXPECT_EQ(wideKeys, 6 * sum);
    EXPECT_EQ(wideValues, 6 * (sum + 0.5f * float(count)));
  }
};
static_assert(sizeof(Told) == 16 * sizeof(float), "one logit for each");

inline const qcc_library_t *openToyLanguage(uint32_t version) {
  void *handle = dlopen(QCC_TOY_LANGUAGE, RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return nullptr;
  auto query = reinterpret_cast<qcc_query_fn_t>(dlsym(handle, "qcc_query"));
  return query ? query(version) : nullptr;
}

inline const qcc_language_t *openLanguage() {
  return openToyLanguage(QCC_ABI_VERSION)->language();
}

/// 1, 2, ... as tokens below 16.
inline std::vector<int32_t> countTokens(int32_t count) {
  std::vector<int32_t> tokens;
  for (int32_t i = 0; i < count; ++i)
    tokens.push_back((i + 1) % 16);
  return tokens;
}

/// Functions return the message of an error, or nothing.
class ToySession {
public:
  explicit ToySession(int32_t cacheTokens = 0, int32_t sequences = 0) {
    qcc_session_options_t options = {1, QCC_TARGET_BEST, cacheTokens,
                                     sequences};
    EXPECT_EQ(table->create(&options, &session, &status), QCC_OK)
        << status.message;
  }
  ToySession(const ToySession &) = delete;
  ~ToySession() { table->destroy(session); }

  std::string tryAppend(int32_t sequence, const std::vector<int32_t> &tokens,
                        int32_t wanted) {
    told.assign(wanted > 0 ? size_t(wanted) : 1, Told());
    return report(table->append(session, sequence, tokens.data(),
                                int32_t(tokens.size()), wanted, &told[0].id,
                                &status));
  }
  std::vector<Told> append(int32_t sequence, const std::vector<int32_t> &tokens,
                           int32_t wanted) {
    EXPECT_EQ(tryAppend(sequence, tokens, wanted), "");
    told.resize(size_t(wanted));
    return told;
  }

  std::string tryAppendEach(const std::vector<int32_t> &sequences,
                            const std::vector<int32_t> &tokens) {
    told.assign(tokens.size() + 1, Told());
    return report(table->append_each(session, sequences.data(), tokens.data(),
                                     int32_t(tokens.size()), &told[0].id,
                                     &status));
  }
  std::vector<Told> appendEach(const std::vector<int32_t> &sequences,
                               const std::vector<int32_t> &tokens) {
    EXPECT_EQ(tryAppendEach(sequences, tokens), "");
    told.pop_back();
    return told;
  }

  int32_t length(int32_t sequence) const {
    return table->length(session, sequence);
  }
  std::string truncate(int32_t sequence, int32_t length) {
    return report(table->truncate(session, sequence, length, &status));
  }
  std::string fork(int32_t from, int32_t to) {
    return report(table->fork(session, from, to, &status));
  }

  std::vector<char> save(int32_t sequence) {
    int64_t size = table->saved_size_bytes(session, sequence);
    std::vector<char> bytes(static_cast<size_t>(size));
    EXPECT_NE(table->save(session, sequence, bytes.data(), size - 1, &status),
              QCC_OK);
    EXPECT_EQ(table->save(session, sequence, bytes.data(), size, &status),
              QCC_OK);
    return bytes;
  }
  std::string restore(int32_t sequence, const std::vector<char> &bytes) {
    return report(table->restore(session, sequence, bytes.data(),
                                 int64_t(bytes.size()), &status));
  }

private:
  std::string report(qcc_code_t code) const {
    return code == QCC_OK ? "" : status.message;
  }

  const qcc_language_t *table = openLanguage();
  qcc_session_t *session = nullptr;
  qcc_status_t status = {};
  std::vector<Told> told;
};

#endif // TEST_UNIT_RUNTIME_TEXT_TOYSESSION_H
