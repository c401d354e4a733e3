// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which tokens are scored, and what comes of models whose probabilities are
// known.

#include "compiler/Evaluate/PerplexityWindows.h"

#include "gtest/gtest.h"

#include <cmath>
#include <numeric>

using namespace llvm;
using namespace qcc::evaluate;

static std::vector<int32_t> count(int32_t tokens) {
  std::vector<int32_t> ids(tokens);
  std::iota(ids.begin(), ids.end(), 0);
  return ids;
}

TEST(PerplexityWindows, DropsTheRest) {
  std::vector<int32_t> ids = count(27);
  auto windows = cantFail(PerplexityWindows::split(ids, 8));
  EXPECT_EQ(windows.count(), 3);
  TokenWindow last = windows.window(2);
  EXPECT_EQ(last.ids(), ArrayRef<int32_t>(ids).slice(16, 8));
  EXPECT_EQ(last.firstRow(), 4);
  EXPECT_EQ(last.lastRow(), 6);
}

TEST(PerplexityWindows, PutsBosFirst) {
  std::vector<int32_t> ids = count(8);
  auto windows = cantFail(PerplexityWindows::split(ids, 4, 99));
  EXPECT_EQ(windows.window(1).ids(), ArrayRef<int32_t>({99, 5, 6, 7}));
}

TEST(PerplexityWindows, RefusesShortTexts) {
  EXPECT_EQ(toString(PerplexityWindows::split(count(15), 8).takeError()),
            "expected at least two windows of 8 tokens, but got 15 tokens");
  EXPECT_EQ(toString(PerplexityWindows::split(count(15), 3).takeError()),
            "expected a context of at least 4 tokens, but got 3");
}

/// Each token has half the probability, or a quarter if it is odd.
static Error runHalves(const TokenWindow &window, TakeRow take) {
  for (int64_t row = 0; row < 8; ++row) {
    std::vector<float> logits(24, -INFINITY);
    int32_t next = row + 1 < 8 ? window.ids()[row + 1] : 0;
    logits[next] = 0;
    logits[(next + 1) % 24] = next % 2 ? std::log(3.f) : 0.f;
    if (Error error = take(row, logits))
      return error;
  }
  return Error::success();
}

TEST(MeasurePerplexity, ScoresTheSecondHalf) {
  std::vector<int32_t> ids = count(24);
  auto windows = cantFail(PerplexityWindows::split(ids, 8));
  int64_t seen = 0;
  Perplexity perplexity = cantFail(measurePerplexity(
      windows, runHalves, [&](int64_t done, const Perplexity &state) {
        EXPECT_EQ(done, ++seen);
        EXPECT_EQ(state.count(), uint64_t(3 * done));
      }));
  EXPECT_EQ(seen, 3);
  // Tokens 5, 6 and 7 of each window: two odd ones and an even one.
  double log2 = std::log(2.), mean = (2 * 2 * log2 + log2) / 3;
  EXPECT_NEAR(perplexity.value(), std::exp(mean), 1e-6);
  double variance = log2 * log2 * ((2 * 4 + 1) / 3. - 25. / 9);
  EXPECT_NEAR(perplexity.standardError(),
              std::sqrt(variance / 8) * std::exp(mean), 1e-6);
}

static std::string failWith(RunWindow run) {
  static const std::vector<int32_t> ids = count(24);
  auto windows = cantFail(PerplexityWindows::split(ids, 8));
  return toString(measurePerplexity(windows, run).takeError());
}

TEST(MeasurePerplexity, ChecksTheModel) {
  std::vector<float> logits(24, 0.f), few(4, 0.f);
  EXPECT_EQ(failWith([&](const TokenWindow &, TakeRow take) {
              return take(5, logits);
            }),
            "expected logits of row 4, but got row 5");
  EXPECT_EQ(failWith([&](const TokenWindow &, TakeRow take) {
              return take(4, logits);
            }),
            "expected logits up to row 6, but got them up to row 4");
  EXPECT_EQ(
      failWith([&](const TokenWindow &, TakeRow take) { return take(4, few); }),
      "expected tokens below 4, which have logits, but got 5");
  logits[7] = std::nanf("");
  EXPECT_EQ(failWith([&](const TokenWindow &, TakeRow take) {
              return take(4, logits);
            }),
            "expected logits that are numbers, but got NaN in row 4");
}
