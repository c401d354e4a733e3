// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Windows through a model that is a table of functions: each token is followed
// by the next number, with a probability that is known.

#include "compiler/Evaluate/LanguageMetrics.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace qcc::evaluate;

struct qcc_session_t {
  std::vector<int32_t> tokens;
};

namespace {

constexpr int32_t kVocabulary = 8, kCache = 16;
// The logit of the next number; others are 0.
float likelyLogit = 2;

const qcc_language_info_t *info() {
  static const qcc_language_info_t value = {"fake", kVocabulary, kCache, 4,
                                            3,      0,           0};
  return &value;
}

qcc_code_t create(const qcc_session_options_t *, qcc_session_t **session,
                  qcc_status_t *) {
  *session = new qcc_session_t;
  return QCC_OK;
}
void destroy(qcc_session_t *session) { delete session; }
void destroyTokenizer(qcc_tokenizer_t *) {}

qcc_code_t truncate(qcc_session_t *session, int32_t, int32_t length,
                    qcc_status_t *) {
  session->tokens.resize(size_t(length));
  return QCC_OK;
}

const qcc_language_t *language() {
  static const qcc_language_t table = [] {
    qcc_language_t made = {};
    made.version = QCC_ABI_VERSION;
    made.info = info;
    made.create = create;
    made.destroy = destroy;
    made.append = [](qcc_session_t *session, int32_t, const int32_t *tokens,
                     int32_t count, int32_t wanted, float *logits,
                     qcc_status_t *status) -> qcc_code_t {
      if (session->tokens.size() + size_t(count) > size_t(kCache)) {
        *status = {QCC_INVALID_ARGUMENT, "expected room"};
        return QCC_INVALID_ARGUMENT;
      }
      session->tokens.insert(session->tokens.end(), tokens, tokens + count);
      for (int32_t i = 0; i < wanted; ++i) {
        int32_t token = tokens[count - wanted + i];
        for (int32_t j = 0; j < kVocabulary; ++j)
          *logits++ = j == (token + 1) % kVocabulary ? likelyLogit : 0;
      }
      return QCC_OK;
    };
    made.truncate = truncate;
    made.tokenizer_destroy = destroyTokenizer;
    return made;
  }();
  return &table;
}

LoadedLanguage openFake() {
  static const qcc_library_t library = [] {
    qcc_library_t made = {};
    made.version = QCC_ABI_VERSION;
    made.language = language;
    return made;
  }();
  auto model =
      llvm::cantFail(LoadedLanguage::open(LoadedLibrary::wrap(library)));
  llvm::cantFail(model.createSession({}));
  return model;
}

/// 0, 1, 2, ... again and again.
std::vector<int32_t> countUp(size_t size) {
  std::vector<int32_t> ids;
  for (size_t i = 0; i < size; ++i)
    ids.push_back(int32_t(i % kVocabulary));
  return ids;
}

} // namespace

TEST(LanguageMetricsTest, ScoresTheSecondHalfOfEachWindow) {
  likelyLogit = 2;
  LoadedLanguage model = openFake();
  std::vector<int32_t> ids = countUp(40);
  auto windows = llvm::cantFail(PerplexityWindows::split(ids, 16));
  auto perplexity = llvm::cantFail(
      measurePerplexity(windows, [&](const TokenWindow &window, TakeRow take) {
        return runWindow(model, window, take);
      }));
  EXPECT_EQ(perplexity.count(), 2u * 7);
  // Each token is the likely one.
  EXPECT_NEAR(perplexity.value(),
              (std::exp(2.0) + kVocabulary - 1) / std::exp(2.0), 1e-9);
  EXPECT_NEAR(perplexity.standardError(), 0, 1e-9);
}

TEST(LanguageMetricsTest, AModelIsNotFarFromItself) {
  LoadedLanguage tested = openFake(), base = openFake();
  std::vector<int32_t> ids = countUp(32);
  auto windows = llvm::cantFail(PerplexityWindows::split(ids, 16));
  int64_t done = 0;
  auto sum = llvm::cantFail(measureDivergence(
      windows, tested, base, [&](int64_t count) { done = count; }));
  EXPECT_EQ(done, 2);
  EXPECT_NEAR(sum.divergence.mean(), 0, 1e-12);
  EXPECT_NEAR(sum.largest, 0, 1e-12);
  EXPECT_EQ(sum.agreement(), 1);
  EXPECT_EQ(sum.tested.value(), sum.base.value());
}

TEST(LanguageMetricsTest, TellsWhatTheModelSays) {
  LoadedLanguage model = openFake();
  std::vector<int32_t> ids = countUp(64);
  auto windows = llvm::cantFail(PerplexityWindows::split(ids, 32));
  auto perplexity =
      measurePerplexity(windows, [&](const TokenWindow &window, TakeRow take) {
        return runWindow(model, window, take);
      });
  EXPECT_EQ(llvm::toString(perplexity.takeError()), "expected room");
}

TEST(LanguageMetricsTest, RefusesNumbersThatAreNone) {
  likelyLogit = NAN;
  LoadedLanguage tested = openFake(), base = openFake();
  std::vector<int32_t> ids = countUp(32);
  auto windows = llvm::cantFail(PerplexityWindows::split(ids, 16));
  auto sum = measureDivergence(windows, tested, base);
  EXPECT_EQ(llvm::toString(sum.takeError()),
            "expected logits that are numbers, but got NaN");
  likelyLogit = 2;
}

TEST(LanguageMetricsTest, RefusesLibrariesOfOtherModels) {
  static qcc_library_t other = {};
  other.version = 1;
  auto model = LoadedLanguage::open(LoadedLibrary::wrap(other));
  EXPECT_EQ(llvm::toString(model.takeError()),
            "expected a language model, but got a library of another model");
}
