// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The choosing half: estimates against quantizing every value, choices against
// a dense search, and that no method does something absurd.

#include "passes/Calibrate/RangeObserver.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <functional>
#include <random>

using namespace qcc::calibrate;

static constexpr CalibrationMethod allMethods[] = {
    CalibrationMethod::MinMax, CalibrationMethod::Percentile,
    CalibrationMethod::Entropy, CalibrationMethod::Mse};

namespace {

/// A shape of activations that networks have.
struct Distribution {
  const char *name;
  std::function<float(float normal, float other)> map;
};

} // namespace

static const Distribution distributions[] = {
    {"normal", [](float x, float) { return x; }},
    {"relu", [](float x, float) { return std::max(x, 0.0f); }},
    {"sparse relu", [](float x, float) { return std::max(x - 2, 0.0f); }},
    {"relu6", [](float x, float) { return std::clamp(3 * x, 0.0f, 6.0f); }},
    {"swish", [](float x, float) { return 3 * x / (1 + std::exp(-3 * x)); }},
    {"sigmoid", [](float x, float) { return 1 / (1 + std::exp(-2 * x)); }},
    {"laplace", [](float x, float y) { return x * std::abs(y); }},
    {"shifted", [](float x, float) { return 10 + x; }},
    {"negative", [](float x, float) { return -5 - std::abs(x); }},
};

static std::vector<float> draw(const Distribution &distribution) {
  std::mt19937 generator(7);
  std::normal_distribution<float> normal;
  std::vector<float> values(30000);
  for (float &value : values) {
    float first = normal(generator), second = normal(generator);
    value = distribution.map(first, second);
  }
  return values;
}

static RangeObserver observe(const std::vector<float> &values) {
  RangeObserver observer("x");
  cantFail(observer.observe(values.data(), values.size()));
  return observer;
}

/// Quantizes and dequantizes every value as docs/numerics.md says.
static double measureSquaredError(const std::vector<float> &values,
                                  Range range) {
  Grid grid = gridForRange(range);
  float low = float(-grid.zeroPoint), high = float(255 - grid.zeroPoint);
  double sum = 0;
  for (float value : values) {
    float code = std::nearbyint(std::clamp(value / grid.scale, low, high));
    double error = value - double(code * grid.scale);
    sum += error * error;
  }
  return sum;
}

TEST(Grid, IsExact) {
  EXPECT_EQ(gridForRange({0, 255}).scale, 1.0f);
  EXPECT_EQ(gridForRange({0, 255}).zeroPoint, 0);
  EXPECT_EQ(gridForRange({-128, 127}).zeroPoint, 128);
  EXPECT_EQ(gridForRange({-255, 0}).zeroPoint, 255);
  // 0.1f is not 0.1: f64 in between, one rounding.
  EXPECT_EQ(gridForRange({0, 0.1f}).scale, float(double(0.1f) / 255));
}

TEST(Grid, GivesAConstantZeroTheScaleOne) {
  EXPECT_EQ(gridForRange({0, 0}).scale, 1.0f);
  EXPECT_EQ(gridForRange({0, 0}).zeroPoint, 0);
}

TEST(Grid, HasANormalScaleAlways) {
  EXPECT_EQ(gridForRange({0, FLT_TRUE_MIN}).scale, FLT_MIN);
  EXPECT_TRUE(std::isfinite(gridForRange({-FLT_MAX, FLT_MAX}).scale));
  EXPECT_EQ(gridForRange({-FLT_MAX, FLT_MAX}).zeroPoint, 128);
}

TEST(RangeChoice, IncludesZeroAndStaysInsideWhatWasSeen) {
  for (const Distribution &distribution : distributions) {
    RangeObserver observer = observe(draw(distribution));
    for (Range range : observer.chooseRanges()) {
      EXPECT_LE(range.low, 0.0f) << distribution.name;
      EXPECT_GE(range.high, 0.0f) << distribution.name;
      EXPECT_GE(range.low, std::min(observer.minimum(), 0.0f));
      EXPECT_LE(range.high, std::max(observer.maximum(), 0.0f));
      EXPECT_LT(range.low, range.high) << distribution.name;
    }
  }
}

TEST(RangeChoice, MinMaxClipsNothing) {
  RangeObserver observer = observe({-1.5f, 0.25f, 6.25f});
  EXPECT_EQ(observer.chooseRange(CalibrationMethod::MinMax),
            (Range{-1.5f, 6.25f}));
  observer = observe({2, 3});
  EXPECT_EQ(observer.chooseRange(CalibrationMethod::MinMax), (Range{0, 3}));
}

TEST(RangeChoice, EstimatesTheErrorThatQuantizingMakes) {
  for (const Distribution &distribution : distributions) {
    std::vector<float> values = draw(distribution);
    RangeObserver observer = observe(values);
    Range all = observer.chooseRange(CalibrationMethod::MinMax);
    for (float part : {1.0f, 0.8f, 0.5f}) {
      Range range{all.low * part, all.high * part};
      double measured = measureSquaredError(values, range);
      EXPECT_NEAR(estimateSquaredError(observer.histogram(), range), measured,
                  0.04 * measured)
          << distribution.name << " " << part;
    }
  }
}

// No pair of ends on a dense net beats the chosen one by more than 2 %.
TEST(RangeChoice, MseFindsTheBestEnds) {
  constexpr int steps = 48;
  for (const Distribution &distribution : distributions) {
    std::vector<float> values = draw(distribution);
    values.resize(5000);
    RangeObserver observer = observe(values);
    Range all = observer.chooseRange(CalibrationMethod::MinMax);
    double best = measureSquaredError(values, all);
    for (int low = 1; low <= (all.low < 0 ? steps : 1); ++low)
      for (int high = 1; high <= (all.high > 0 ? steps : 1); ++high)
        best = std::min(best, estimateSquaredError(observer.histogram(),
                                                   {all.low * low / steps,
                                                    all.high * high / steps}));
    Range chosen = observer.chooseRange(CalibrationMethod::Mse);
    EXPECT_LE(estimateSquaredError(observer.histogram(), chosen), 1.02 * best)
        << distribution.name;
  }
}

// Percentiles are swept by error, so they cannot lose to minmax; entropy
// weighs shares instead of sizes and may, but not by an order of magnitude.
TEST(RangeChoice, IsSaneForEveryMethod) {
  for (const Distribution &distribution : distributions) {
    std::vector<float> values = draw(distribution);
    RangeObserver observer = observe(values);
    auto errorOf = [&](CalibrationMethod method) {
      return measureSquaredError(values, observer.chooseRange(method));
    };
    double most = errorOf(CalibrationMethod::MinMax);
    EXPECT_LE(errorOf(CalibrationMethod::Mse), 1.02 * most);
    EXPECT_LE(errorOf(CalibrationMethod::Percentile), 1.02 * most);
    EXPECT_LE(errorOf(CalibrationMethod::Entropy), 3 * most)
        << distribution.name;
  }
}

// Among a million values one is ten times too large: half the steps would be
// spent on it.
TEST(RangeChoice, ClipsAnOutlier) {
  std::vector<float> part = draw(distributions[1]), values;
  while (values.size() < 1000000)
    values.insert(values.end(), part.begin(), part.end());
  values[123] = 40;
  RangeObserver observer = observe(values);
  for (CalibrationMethod method :
       {CalibrationMethod::Entropy, CalibrationMethod::Mse}) {
    Range range = observer.chooseRange(method);
    EXPECT_EQ(range.low, 0.0f);
    EXPECT_LT(range.high, 30) << getName(method);
    EXPECT_GT(range.high, 2) << getName(method);
  }
  EXPECT_LT(
      measureSquaredError(values, observer.chooseRange(CalibrationMethod::Mse)),
      0.8 * measureSquaredError(values, {0, 40}));
}

// A uniform tensor uses all of its range: clipping could only lose.
TEST(RangeChoice, KeepsAUniformRange) {
  std::vector<float> values;
  for (int i = 0; i < 40000; ++i)
    values.push_back(float(i) / 10000 - 1);
  RangeObserver observer = observe(values);
  for (CalibrationMethod method : allMethods) {
    Range range = observer.chooseRange(method);
    EXPECT_NEAR(range.low, -1, 0.05) << getName(method);
    EXPECT_NEAR(range.high, 3, 0.05) << getName(method);
  }
}

// Zeros are free for every grid and must not draw the range towards them.
TEST(RangeChoice, IgnoresZeros) {
  std::vector<float> values = draw(distributions[1]);
  values.erase(std::remove(values.begin(), values.end(), 0.0f), values.end());
  RangeObserver without = observe(values);
  values.resize(values.size() * 20, 0.0f);
  RangeObserver with = observe(values);
  for (CalibrationMethod method :
       {CalibrationMethod::Mse, CalibrationMethod::Entropy})
    EXPECT_EQ(with.chooseRange(method), without.chooseRange(method));
}

TEST(RangeChoice, AcceptsConstants) {
  for (float value : {0.0f, 4.0f, -0.001f, FLT_TRUE_MIN, FLT_MAX}) {
    RangeObserver observer = observe(std::vector<float>(9, value));
    Range range = observer.chooseRange(CalibrationMethod::MinMax);
    EXPECT_EQ(range.low, std::min(value, 0.0f));
    EXPECT_EQ(range.high, std::max(value, 0.0f));
    Grid grid = gridForRange(range);
    EXPECT_GT(grid.scale, 0.0f);
    EXPECT_GE(grid.zeroPoint, 0);
    EXPECT_LE(grid.zeroPoint, 255);
  }
}
