// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Log-probabilities and divergences against sums that can be done by hand.

#include "compiler/Evaluate/LogitMetrics.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>
#include <vector>

using namespace qcc::evaluate;

static constexpr float infinity = std::numeric_limits<float>::infinity();

TEST(LogProbability, IsLogSoftmax) {
  std::vector<float> logits{0, float(std::log(3.)), 0};
  EXPECT_NEAR(logProbability(logits.data(), 3, 1), std::log(0.6), 1e-7);
  EXPECT_NEAR(logProbability(logits.data(), 3, 0), std::log(0.2), 1e-7);
}

TEST(LogProbability, TakesLargeLogits) {
  std::vector<float> logits{3e38f, 3e38f, -3e38f, -infinity};
  EXPECT_DOUBLE_EQ(logProbability(logits.data(), 4, 0), -std::log(2.));
  EXPECT_LT(logProbability(logits.data(), 4, 2), -1e38);
  EXPECT_EQ(logProbability(logits.data(), 4, 3), -infinity);
}

TEST(LogProbability, PassesNaNOn) {
  std::vector<float> logits{1, std::nanf(""), 2};
  EXPECT_TRUE(std::isnan(logProbability(logits.data(), 3, 0)));
}

TEST(KlDivergence, IsZeroForShiftedRows) {
  std::vector<float> base{1, 2, -infinity}, tested{3, 4, -infinity};
  EXPECT_NEAR(klDivergence(base.data(), tested.data(), 3), 0, 1e-15);
}

TEST(KlDivergence, SumsLogRatios) {
  // p = (1/2, 1/2), q = (1/4, 3/4)
  std::vector<float> base{0, 0}, tested{0, float(std::log(3.))};
  double expected = 0.5 * std::log(2.) + 0.5 * std::log(2. / 3);
  EXPECT_NEAR(klDivergence(base.data(), tested.data(), 2), expected, 1e-7);
}

TEST(KlDivergence, KnowsWhatIsRuledOut) {
  std::vector<float> base{0, 0}, tested{0, -infinity};
  EXPECT_EQ(klDivergence(base.data(), tested.data(), 2), infinity);
  EXPECT_DOUBLE_EQ(klDivergence(tested.data(), base.data(), 2), std::log(2.));
  tested[1] = std::nanf("");
  EXPECT_TRUE(std::isnan(klDivergence(base.data(), tested.data(), 2)));
}

TEST(SampleMean, KnowsItsError) {
  SampleMean mean;
  EXPECT_EQ(mean.mean(), 0);
  mean.add(1);
  EXPECT_EQ(mean.standardError(), 0);
  mean.add(3);
  mean.add(5);
  EXPECT_DOUBLE_EQ(mean.mean(), 3);
  EXPECT_DOUBLE_EQ(mean.standardError(), std::sqrt(8. / 3 / 2));
}
