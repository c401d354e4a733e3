// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The streaming half: one pass in any pieces gives the same histogram, and
// means, ranges and counts are exact.

#include "passes/Calibrate/RangeObserver.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

using namespace qcc::calibrate;

static std::vector<float> makeNormal(size_t count, float spread,
                                     unsigned seed = 1) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> distribution(0, spread);
  std::vector<float> values(count);
  for (float &value : values)
    value = distribution(generator);
  return values;
}

static void observe(RangeObserver &observer, const std::vector<float> &values) {
  ASSERT_FALSE(observer.observe(values.data(), values.size()));
}

static uint64_t countBinned(const RangeObserver &observer) {
  const Histogram &histogram = observer.histogram();
  return std::accumulate(histogram.counts.begin(), histogram.counts.end(),
                         histogram.zeros);
}

TEST(RangeObserver, StartsEmpty) {
  RangeObserver observer("x", 2);
  EXPECT_EQ(observer.countValues(), 0u);
  EXPECT_EQ(observer.minimum(), 0.0f);
  EXPECT_EQ(observer.maximum(), 0.0f);
  EXPECT_EQ(observer.channelMeans(), std::vector<float>({0, 0}));
  EXPECT_EQ(observer.chooseRange(CalibrationMethod::Mse), (Range{0, 0}));
}

TEST(RangeObserver, KeepsTheExactEnds) {
  RangeObserver observer("x");
  observe(observer, {2.5f, 0.125f, 7.75f});
  EXPECT_EQ(observer.minimum(), 0.125f);
  EXPECT_EQ(observer.maximum(), 7.75f);
  observe(observer, {-3.0625f});
  EXPECT_EQ(observer.minimum(), -3.0625f);
  EXPECT_EQ(observer.maximum(), 7.75f);
}

TEST(RangeObserver, LosesNoValueWhenTheRangeGrows) {
  RangeObserver observer("x");
  uint64_t total = 0;
  for (float spread : {1e-6f, 1.0f, 30.0f, 1e4f, 1e-3f}) {
    std::vector<float> values = makeNormal(10001, spread);
    observe(observer, values);
    total += values.size();
    ASSERT_EQ(countBinned(observer), total);
  }
}

TEST(RangeObserver, LosesNoValueAtTheEndsOfTheFormat) {
  constexpr float largest = std::numeric_limits<float>::max();
  constexpr float smallest = std::numeric_limits<float>::denorm_min();
  RangeObserver observer("x");
  observe(observer, {smallest, -smallest, 0.0f, -0.0f});
  observe(observer, {largest, -largest, 1.0f});
  EXPECT_EQ(countBinned(observer), 7u);
  EXPECT_EQ(observer.histogram().zeros, 2u);
  for (Range range : observer.chooseRanges()) {
    Grid grid = gridForRange(range);
    EXPECT_TRUE(std::isfinite(grid.scale));
    EXPECT_GT(grid.scale, 0.0f);
  }
}

// Counting in four tables and one by one, whole and in pieces.
TEST(RangeObserver, DoesNotDependOnThePieces) {
  std::vector<float> values = makeNormal(40003, 2);
  values[0] = -12;
  values[1] = 12;
  RangeObserver whole("x"), pieces("x");
  observe(whole, values);
  for (size_t i = 0; i < values.size();) {
    size_t size = std::min<size_t>(1 + i % 977, values.size() - i);
    ASSERT_FALSE(pieces.observe(values.data() + i, size));
    i += size;
  }
  EXPECT_EQ(whole.histogram().exponent, pieces.histogram().exponent);
  EXPECT_EQ(whole.histogram().firstBin, pieces.histogram().firstBin);
  EXPECT_EQ(whole.histogram().counts, pieces.histogram().counts);
}

TEST(RangeObserver, CountsEachBinExactly) {
  RangeObserver observer("x");
  // Width 2^-10 over [-0.5, 0.5]: value k/1024 opens bin k.
  std::vector<float> values = {-0.5f, 0.5f};
  for (int i = 1; i <= 5; ++i)
    values.insert(values.end(), i, float(i) / 1024);
  observe(observer, values);
  const Histogram &histogram = observer.histogram();
  ASSERT_EQ(histogram.exponent, -10);
  for (int i = 1; i <= 5; ++i)
    EXPECT_EQ(histogram.counts[i - histogram.firstBin], uint64_t(i));
}

TEST(RangeObserver, AveragesInterleavedChannels) {
  RangeObserver observer("x", 3);
  observe(observer, {1, 10, -1, 2, 20, -2});
  observe(observer, {3, 30, -6});
  EXPECT_EQ(observer.channelMeans(), std::vector<float>({2, 20, -3}));
}

TEST(RangeObserver, AveragesPlanarChannels) {
  constexpr size_t inner = 37;
  RangeObserver observer("x", 2, inner);
  std::vector<float> values;
  for (int image = 0; image < 3; ++image)
    for (int channel = 0; channel < 2; ++channel)
      for (size_t i = 0; i < inner; ++i)
        values.push_back(float(channel * 100 + image) + float(i % 2));
  observe(observer, values);
  float odd = float(inner / 2) / float(inner);
  EXPECT_FLOAT_EQ(observer.channelMeans()[0], 1 + odd);
  EXPECT_FLOAT_EQ(observer.channelMeans()[1], 101 + odd);
}

TEST(RangeObserver, NamesTheTensorThatIsNotFinite) {
  for (float bad : {std::numeric_limits<float>::infinity(),
                    -std::numeric_limits<float>::infinity(),
                    std::numeric_limits<float>::quiet_NaN()}) {
    for (size_t place : {size_t(3), size_t(100)}) {
      std::vector<float> values(101, 1.0f);
      values[place] = bad;
      RangeObserver observer("relu_7");
      std::string message =
          llvm::toString(observer.observe(values.data(), values.size()));
      EXPECT_EQ(message.find("tensor 'relu_7': expected finite activations, "
                             "but got "),
                0u)
          << message;
      EXPECT_NE(message.find("element " + std::to_string(place)),
                std::string::npos)
          << message;
    }
  }
}

TEST(RangeObserver, ParsesItsMethodNames) {
  for (size_t i = 0; i < calibrationMethodCount; ++i) {
    auto method = static_cast<CalibrationMethod>(i);
    EXPECT_EQ(parseCalibrationMethod(getName(method)), method);
  }
  EXPECT_FALSE(parseCalibrationMethod("kl"));
}
