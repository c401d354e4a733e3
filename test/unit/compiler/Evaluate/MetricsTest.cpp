// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each metric on numbers that can be checked by hand.

#include "compiler/Evaluate/Metrics.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>

using namespace qcc::evaluate;

static constexpr float infinity = std::numeric_limits<float>::infinity();

TEST(ErrorSum, MeasuresDecibels) {
  ErrorSum error;
  error.add({10, 0}, {9, 0});
  EXPECT_DOUBLE_EQ(error.signalToNoise(), 20);
  error.add({0, 10}, {0, 10});
  EXPECT_NEAR(error.signalToNoise(), 10 * std::log10(200), 1e-12);
  EXPECT_EQ(error.largestDifference(), 1);
  EXPECT_EQ(error.countElements(), 4u);
}

TEST(ErrorSum, KnowsEqualTensors) {
  ErrorSum error;
  error.add({1, -2}, {1, -2});
  EXPECT_EQ(error.signalToNoise(), infinity);
  EXPECT_DOUBLE_EQ(error.cosine(), 1);
}

TEST(ErrorSum, MeasuresAngles) {
  ErrorSum right, zero, lost;
  right.add({1, 0}, {0, 5});
  EXPECT_DOUBLE_EQ(right.cosine(), 0);
  zero.add({0, 0}, {0, 0});
  EXPECT_DOUBLE_EQ(zero.cosine(), 1);
  lost.add({1, 1}, {0, 0});
  EXPECT_DOUBLE_EQ(lost.cosine(), 0);
}

TEST(ErrorSum, CountsWhatIsNotFinite) {
  ErrorSum error;
  error.add({1, infinity, 2, NAN}, {NAN, 1, 2, NAN});
  EXPECT_EQ(error.countNotFiniteInReference(), 2u);
  EXPECT_EQ(error.countNotFiniteInTested(), 2u);
  EXPECT_EQ(error.signalToNoise(), infinity);
}

TEST(Scores, FindTheBest) {
  EXPECT_EQ(findBest({1, 3, 2}), 1);
  EXPECT_EQ(findBest({3, 1, 3}), 0);
  EXPECT_EQ(findBest({NAN, -infinity, -1}), 2);
  EXPECT_EQ(findBest({NAN, NAN}), 0);
}

TEST(Scores, RankALabel) {
  EXPECT_EQ(rankOf({1, 3, 2}, 1), 0);
  EXPECT_EQ(rankOf({1, 3, 2}, 0), 2);
  EXPECT_EQ(rankOf({3, 3, 3}, 2), 2);
  EXPECT_EQ(rankOf({NAN, 1}, 0), 1);
}

// The two ways to say top-1 agree, ties included.
TEST(Scores, AgreeOnTheBest) {
  for (int code = 0; code < 81; ++code) {
    float scores[] = {float(code % 3), float(code / 3 % 3), float(code / 9 % 3),
                      float(code / 27)};
    for (int64_t label = 0; label < 4; ++label)
      EXPECT_EQ(rankOf(scores, label) == 0, findBest(scores) == label);
  }
}

TEST(Latencies, AreNearestRanks) {
  Latencies latencies;
  EXPECT_EQ(latencies.percentile(50), 0);
  for (double seconds : {5, 1, 4, 2, 3})
    latencies.add(seconds);
  EXPECT_EQ(latencies.percentile(0), 1);
  EXPECT_EQ(latencies.percentile(50), 3);
  EXPECT_EQ(latencies.percentile(95), 5);
  EXPECT_EQ(latencies.percentile(100), 5);
}

TEST(Share, IsAFraction) {
  Share share;
  EXPECT_EQ(share.value(), 0);
  for (bool isHit : {true, false, true, true})
    share.add(isHit);
  EXPECT_EQ(share.value(), 0.75);
  EXPECT_EQ(share.count(), 4u);
}
