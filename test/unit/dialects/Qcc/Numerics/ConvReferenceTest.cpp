// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The convolution loops, which copy windows, against the sum as docs write it;
// matrices; the epilogue.

#include "dialects/Qcc/Numerics/ConvReference.h"
#include "dialects/Qcc/Numerics/LinearReference.h"
#include "dialects/Qcc/Numerics/MatmulReference.h"

#include "gtest/gtest.h"

#include <random>

using namespace qcc::numerics;

namespace {

/// `sum over c, i, j of input[...] * weight[...]`, index by index.
template <typename Sum, typename Input, typename Weight>
Sum sumAt(const ConvShape &s, const std::vector<Input> &input,
          const std::vector<Weight> &weight,
          const std::array<int64_t, 4> &at) {
  auto [n, o, y, x] = at;
  Sum sum = 0;
  int64_t channels = s.weight[1], g = o / (s.weight[0] / s.group);
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i < s.weight[2]; ++i)
      for (int64_t j = 0; j < s.weight[3]; ++j) {
        int64_t row = y * s.strides[0] + i * s.dilations[0] - s.pads[0];
        int64_t column = x * s.strides[1] + j * s.dilations[1] - s.pads[1];
        if (row < 0 || row >= s.input[2] || column < 0 || column >= s.input[3])
          continue;
        int64_t plane = n * s.input[1] + g * channels + c;
        sum += Sum(input[(plane * s.input[2] + row) * s.input[3] + column]) *
               Sum(weight[((o * channels + c) * s.weight[2] + i) *
                              s.weight[3] + j]);
      }
  return sum;
}

template <typename Sum, typename Input, typename Weight>
void expectEqualSums(const ConvShape &s) {
  std::mt19937 random(7);
  std::vector<Input> input(countElements(s.input));
  std::vector<Weight> weight(countElements(s.weight));
  for (Input &value : input)
    value = Input(int(random() % 511) - 255);
  for (Weight &value : weight)
    value = Weight(int(random() % 255) - 127);
  auto sums = convolve(s, input, weight);
  size_t at = 0;
  for (int64_t n = 0; n < s.result[0]; ++n)
    for (int64_t o = 0; o < s.result[1]; ++o)
      for (int64_t y = 0; y < s.result[2]; ++y)
        for (int64_t x = 0; x < s.result[3]; ++x, ++at)
          ASSERT_EQ(sums[at], (sumAt<Sum>(s, input, weight, {n, o, y, x})));
}

const ConvShape kShapes[] = {
    // More pixels than one block, and a rest.
    {{1, 3, 9, 17}, {4, 3, 3, 3}, {1, 4, 9, 17}, {1, 1}, {1, 1}, {1, 1}, 1},
    // Groups, strides, dilation, two images, uneven pads.
    {{2, 4, 8, 9}, {6, 2, 3, 2}, {2, 6, 4, 8}, {2, 1}, {1, 0}, {1, 1}, 2},
    {{1, 4, 9, 9}, {4, 1, 3, 3}, {1, 4, 5, 7}, {1, 1}, {0, 1}, {2, 2}, 4},
    // A single pixel.
    {{1, 5, 1, 1}, {3, 5, 1, 1}, {1, 3, 1, 1}, {1, 1}, {0, 0}, {1, 1}, 1},
};

TEST(Conv, FloatSums) {
  for (const ConvShape &shape : kShapes)
    expectEqualSums<double, float, float>(shape);
}

TEST(Conv, IntegerSums) {
  for (const ConvShape &shape : kShapes)
    expectEqualSums<int32_t, int16_t, int8_t>(shape);
}

TEST(Conv, LongestIntegerSumFits) {
  ConvShape s = {{1, 65536, 1, 1}, {1, 65536, 1, 1}, {1, 1, 1, 1}};
  std::vector<int16_t> input(65536, 255);
  std::vector<int8_t> weight(65536, -128);
  EXPECT_EQ(convolve(s, input, weight)[0], -2139095040);
}

TEST(Linear, Rows) {
  std::vector<float> input = {1, 2, 3, 4}, weight = {1, 0, 1, 1, -1, 1};
  EXPECT_EQ(multiplyRows(input, weight, 2),
            (std::vector<double>{1, 3, 1, 3, 7, 1}));
  std::vector<int16_t> steps = {1, 2, 3, 4};
  std::vector<int8_t> codes = {1, 0, 1, 1, -1, 1};
  EXPECT_EQ(multiplyRows(steps, codes, 2),
            (std::vector<int32_t>{1, 3, 1, 3, 7, 1}));
}

TEST(Matmul, BroadcastsStacks) {
  std::vector<float> lhs = {1, 2, 3, 4}, rhs = {1, 1};
  std::vector<int64_t> a = {2, 1, 2}, b = {2, 1}, result = {2, 1, 1};
  EXPECT_EQ(multiplyMatrices(lhs, a, rhs, b, result),
            (std::vector<double>{3, 7}));
}

TEST(Epilogue, Requantizes) {
  Grid grid = {1.0f, 100, 0, 255};
  Bounds bounds = getBounds(grid);
  EXPECT_EQ(requantize(5, 0.5f, bounds, grid), 102); // 2.5 is a tie
  EXPECT_EQ(requantize(7, 0.5f, bounds, grid), 104); // 3.5 is a tie
  EXPECT_EQ(requantize(1 << 30, 1.0f, bounds, grid), 255);
  EXPECT_EQ(requantize(-8, 0.5f, getBounds(grid, 0.0f), grid), 100); // relu
}

TEST(Epilogue, ResidualIsNotRoundedInBetween) {
  // 0.4 and 0.4 round to 0 each; their sum rounds to 1.
  Grid grid = {1.0f, 0, 0, 255};
  EXPECT_EQ(requantize(1, 0.4f, 1, 0.4f, getBounds(grid), grid), 1);
}

TEST(Epilogue, EqualGridsMoveIntegers) {
  Grid grid = {0.1f, 3, 0, 255};
  for (int64_t q = 0; q < 256; ++q)
    EXPECT_EQ(requantize(q, grid, grid), q);
}

TEST(Epilogue, BiasWraps) {
  EXPECT_EQ(addBias(2147483647, 1), -2147483647 - 1);
}

TEST(Epilogue, BoundsThatAreLeftOutDoNotLimit) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ((Activation{0.0f, {}}.apply(nan)), 0.0f);
  EXPECT_EQ((Activation{{}, 6.0f}.apply(nan)), 6.0f);
  EXPECT_EQ((Activation{{}, 6.0f}.apply(-1e30f)), -1e30f);
}

} // namespace
