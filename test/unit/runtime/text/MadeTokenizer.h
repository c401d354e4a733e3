// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tokenizer of a few tokens for a test, and its functions with C++ types.

#ifndef TEST_UNIT_RUNTIME_TEXT_MADETOKENIZER_H
#define TEST_UNIT_RUNTIME_TEXT_MADETOKENIZER_H

#include "compiler/Import/Tokenizer/GgufTokenizer.h"
#include "compiler/Import/Tokenizer/HuggingFaceTokenizer.h"
#include "compiler/Import/Tokenizer/TokenizerBuilder.h"
#include "runtime/text/tokenizer.h"
#include "gtest/gtest.h"

#include <string>
#include <vector>

namespace qcc {

using Ids = std::vector<int32_t>;

class MadeTokenizer {
public:
  explicit MadeTokenizer(llvm::Expected<TokenizerDescription> description) {
    if (!description) {
      message = llvm::toString(description.takeError());
      return;
    }
    auto built = buildTokenizer(*description);
    if (!built) {
      message = llvm::toString(built.takeError());
      return;
    }
    bytes = std::move(*built);
    qcc_status_t status;
    if (qcc_rt_tokenizer_create(reinterpret_cast<const uint8_t *>(bytes.data()),
                                int64_t(bytes.size()), &tokenizer,
                                &status) != QCC_OK)
      message = status.message;
  }
  explicit MadeTokenizer(llvm::StringRef json)
      : MadeTokenizer(describeHuggingFaceTokenizer({json, "", "", "", ""})) {}
  ~MadeTokenizer() { qcc_rt_tokenizer_destroy(tokenizer); }
  MadeTokenizer(const MadeTokenizer &) = delete;
  MadeTokenizer &operator=(const MadeTokenizer &) = delete;

  Ids encode(llvm::StringRef text, uint32_t flags = QCC_RT_PARSE_SPECIAL) {
    Ids ids(text.size() * 4 + 16);
    qcc_rt_ids_t room = {ids.data(), int64_t(ids.size()), 0};
    qcc_status_t status;
    if (!tokenizer ||
        qcc_rt_tokenize(tokenizer, {text.data(), int64_t(text.size())}, flags,
                        &room, &status) != QCC_OK) {
      ADD_FAILURE() << (tokenizer ? status.message : message);
      return {};
    }
    ids.resize(size_t(room.count));
    return ids;
  }

  std::string decode(const Ids &ids, uint32_t flags = 0) {
    std::string text(ids.size() * 300, '\0');
    qcc_rt_buffer_t room = {text.data(), int64_t(text.size()), 0};
    qcc_status_t status;
    if (!tokenizer ||
        qcc_rt_detokenize(tokenizer, ids.data(), int64_t(ids.size()), flags,
                          &room, &status) != QCC_OK) {
      ADD_FAILURE() << (tokenizer ? status.message : message);
      return {};
    }
    text.resize(size_t(room.size));
    return text;
  }

  /// What each token adds to a stream.
  std::vector<std::string> stream(const Ids &ids, uint32_t flags = 0) {
    std::vector<std::string> texts;
    qcc_rt_stream_t state = {};
    state.flags = flags;
    for (int32_t id : ids) {
      char text[300];
      qcc_rt_buffer_t room = {text, sizeof text, 0};
      EXPECT_EQ(qcc_rt_stream(tokenizer, &state, &id, 1, &room, nullptr),
                QCC_OK);
      texts.emplace_back(text, size_t(room.size));
    }
    return texts;
  }

  qcc_rt_tokenizer_t *tokenizer = nullptr;
  std::vector<char> bytes;
  std::string message;
};

} // namespace qcc

#endif // TEST_UNIT_RUNTIME_TEXT_MADETOKENIZER_H
