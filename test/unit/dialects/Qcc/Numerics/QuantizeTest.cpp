// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// docs/numerics.md line by line: ties, NaN, saturation, all-zero data, tables.

#include "dialects/Qcc/Numerics/Quantize.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>

using namespace qcc::numerics;

namespace {

const float kNaN = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();
const Grid kUnsigned = {0.5f, 128, 0, 255};
const Grid kSigned = {0.25f, -3, -128, 127};

TEST(Round, TiesGoToEven) {
  EXPECT_EQ(roundHalfEven(0.5), 0);
  EXPECT_EQ(roundHalfEven(1.5), 2);
  EXPECT_EQ(roundHalfEven(2.5), 2);
  EXPECT_EQ(roundHalfEven(-0.5), 0);
  EXPECT_EQ(roundHalfEven(-1.5), -2);
  EXPECT_EQ(roundHalfEven(-2.5), -2);
  EXPECT_EQ(roundHalfEven(0.49999999999999994), 0);
  EXPECT_EQ(roundHalfEven(-2147483648.0), -2147483648LL);
}

TEST(Quantize, RoundsBeforeTheZeroPoint) {
  // 0.25 / 0.5 is a tie: to 0, and 128 is added after.
  EXPECT_EQ(quantize(0.25f, kUnsigned), 128);
  EXPECT_EQ(quantize(0.75f, kUnsigned), 130);
  // With an odd zero point the tie still goes to the even step.
  EXPECT_EQ(quantize(0.125f, kSigned), -3);
  EXPECT_EQ(quantize(0.375f, kSigned), -1);
}

TEST(Quantize, Saturates) {
  EXPECT_EQ(quantize(1e30f, kUnsigned), 255);
  EXPECT_EQ(quantize(-1e30f, kUnsigned), 0);
  EXPECT_EQ(quantize(kInfinity, kSigned), 127);
  EXPECT_EQ(quantize(-kInfinity, kSigned), -128);
}

TEST(Quantize, NaNGivesTheLowest) {
  EXPECT_EQ(quantize(kNaN, kUnsigned), 0);
  EXPECT_EQ(quantize(kNaN, kSigned), -128);
}

TEST(Quantize, DividesByTheScale) {
  // x * (1 / 0.1f) rounds 0.35f to 3.5 and so to 4; the quotient is below.
  Grid grid = {0.1f, 0, 0, 255};
  EXPECT_EQ(quantize(0.35f, grid), roundHalfEven(0.35f / 0.1f));
}

TEST(Quantize, WideGridsStayInside) {
  // 2^31 - 1 is no f32: the bound rounds up and must not overflow.
  Grid grid = {1.0f, 0, -2147483648LL, 2147483647LL};
  EXPECT_EQ(quantize(3e9f, grid), 2147483647LL);
  EXPECT_EQ(quantize(-3e9f, grid), -2147483648LL);
}

TEST(Dequantize, EveryIntegerComesBack) {
  for (const Grid &grid : {kUnsigned, kSigned, Grid{0.0123f, 77, 0, 255}})
    for (int64_t q = grid.lowest; q <= grid.highest; ++q)
      EXPECT_EQ(quantize(dequantize(q, grid), grid), q);
}

TEST(Clamp, SecondOperandForNaN) {
  EXPECT_EQ(clamp(kNaN, {-1.0f, 2.0f}), -1.0f);
  EXPECT_EQ(clamp(5.0f, {-1.0f, 2.0f}), 2.0f);
}

TEST(Bounds, ActivationNarrowsTheGrid) {
  Bounds relu6 = getBounds(kUnsigned, 0.0f, 6.0f);
  EXPECT_EQ(relu6.lower, 0.0f);
  EXPECT_EQ(relu6.upper, 12.0f);
  Bounds open = getBounds(kUnsigned);
  EXPECT_EQ(open.lower, -128.0f);
  EXPECT_EQ(open.upper, 127.0f);
}

TEST(Bounds, ClampingIntegersEqualsClampingValues) {
  Bounds bounds = getBounds(kUnsigned, 0.3f, 1.9f);
  for (float x = -3.0f; x < 3.0f; x += 0.0625f)
    EXPECT_EQ(convert(x / kUnsigned.scale, bounds, kUnsigned),
              quantize(std::fmin(std::fmax(x, 0.3f), 1.9f), kUnsigned));
}

TEST(Multiplier, RoundsOnce) {
  float a = 0.1f, b = 0.3f, c = 0.7f;
  EXPECT_EQ(getMultiplier(a, b, c), float(double(a) * double(b) / double(c)));
  EXPECT_EQ(getMultiplier(a, b), float(double(a) / double(b)));
}

TEST(Multiplier, RoundsTwiceWhereImported) {
  EXPECT_EQ(getImportedMultiplier(0.1f, 0.3f, 0.7f), 0x1.5f15f2p-5f);
  EXPECT_EQ(getMultiplier(0.1f, 0.3f, 0.7f), 0x1.5f15f4p-5f);
}

TEST(Bias, RoundsAndSaturates) {
  EXPECT_EQ(quantizeBias(1.5f, 0.5f, 2.0f), 2);
  EXPECT_EQ(quantizeBias(2.5f, 0.5f, 2.0f), 2);
  EXPECT_EQ(quantizeBias(1e30f, 0.5f, 1.0f), 2147483647);
  EXPECT_EQ(quantizeBias(-1e30f, 0.5f, 1.0f), -2147483647 - 1);
}

TEST(Weights, SymmetricWithout128) {
  float scale = getWeightScale(2.0f);
  EXPECT_EQ(scale, float(2.0 / 127.0));
  EXPECT_EQ(quantizeWeight(2.0f, scale), 127);
  EXPECT_EQ(quantizeWeight(-5.0f, scale), -127);
}

TEST(Weights, AllZero) {
  EXPECT_EQ(getWeightScale(0.0f), 1.0f);
  EXPECT_EQ(quantizeWeight(0.0f, getWeightScale(0.0f)), 0);
}

TEST(Table, MatchesEveryEntry) {
  Grid result = {1.0f / 255, 0, 0, 255};
  auto sigmoid = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
  std::array<int16_t, 256> table = buildTable(kUnsigned, result, sigmoid);
  for (int64_t q = 0; q < 256; ++q)
    EXPECT_EQ(table[q],
              quantize(float(sigmoid((q - 128) * 0.5)), result));
}

TEST(Table, SignedStartsAtTheLowest) {
  auto same = [](double x) { return x; };
  std::array<int16_t, 256> table = buildTable(kSigned, kSigned, same);
  EXPECT_EQ(table[0], -128);
  EXPECT_EQ(table[255], 127);
}

TEST(DynamicRow, ScalesToTheLargest) {
  std::vector<float> values = {1.0f, -4.0f, 2.0f};
  DynamicRow row = quantizeRow(values);
  EXPECT_EQ(row.scale, 4.0f / 127.0f);
  EXPECT_EQ(row.values, (std::vector<int8_t>{32, -127, 64}));
}

TEST(DynamicRow, AllZero) {
  std::vector<float> values(3, 0.0f);
  DynamicRow row = quantizeRow(values);
  EXPECT_EQ(row.scale, 1.0f);
  EXPECT_EQ(row.values, std::vector<int8_t>(3, 0));
}

} // namespace
