// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Resize against numbers of the evaluator that the ONNX package ships, for
// [1, 2, 4, 8], to seven digits.

#include "dialects/Qcc/Numerics/ResizeReference.h"

#include "gtest/gtest.h"

using namespace qcc::numerics;

namespace {

const std::vector<double> kInput = {1, 2, 4, 8};

void expectResized(const ResizeRule &rule, double scale,
                   const std::vector<double> &expected) {
  std::vector<int64_t> from = {4}, to = {int64_t(expected.size())};
  std::vector<double> scales = {scale};
  std::vector<double> result = resize(rule, kInput, from, to, scales);
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(result[i], expected[i], 2e-6) << "element " << i;
}

TEST(Resize, Nearest) {
  auto expect = [](Coordinates coordinates, std::vector<double> up,
                   std::vector<double> down) {
    ResizeRule rule = {ResizeMode::Nearest, coordinates};
    expectResized(rule, 1.75, up);
    expectResized(rule, 0.5, down);
  };
  expect(Coordinates::HalfPixel, {1, 1, 2, 2, 4, 8, 8}, {1, 4});
  expect(Coordinates::PytorchHalfPixel, {1, 1, 2, 2, 4, 8, 8}, {1, 4});
  expect(Coordinates::AlignCorners, {1, 1, 2, 2, 4, 4, 8}, {1, 8});
  expect(Coordinates::Asymmetric, {1, 2, 2, 4, 4, 8, 8}, {1, 4});
  expect(Coordinates::HalfPixelSymmetric, {1, 1, 2, 2, 4, 8, 8}, {1, 4});
}

TEST(Resize, NearestRoundings) {
  auto expect = [](NearestRounding rounding, std::vector<double> up) {
    expectResized({ResizeMode::Nearest, Coordinates::Asymmetric, rounding},
                  2.5, up);
  };
  expect(NearestRounding::RoundPreferFloor, {1, 1, 2, 2, 4, 4, 4, 8, 8, 8});
  expect(NearestRounding::RoundPreferCeil, {1, 1, 2, 2, 4, 4, 4, 8, 8, 8});
  expect(NearestRounding::Floor, {1, 1, 1, 2, 2, 4, 4, 4, 8, 8});
  expect(NearestRounding::Ceil, {1, 2, 2, 4, 4, 4, 8, 8, 8, 8});
}

TEST(Resize, NearestTies) {
  // Scale 2, asymmetric: position 1 is at 0.5.
  ResizeRule rule = {ResizeMode::Nearest, Coordinates::Asymmetric,
                     NearestRounding::RoundPreferFloor};
  expectResized(rule, 2.0, {1, 1, 2, 2, 4, 4, 8, 8});
  rule.rounding = NearestRounding::RoundPreferCeil;
  expectResized(rule, 2.0, {1, 2, 2, 4, 4, 8, 8, 8});
}

TEST(Resize, Linear) {
  ResizeRule rule = {ResizeMode::Linear, Coordinates::HalfPixel};
  expectResized(rule, 1.75,
                {1.0, 1.357143, 1.928571, 3.0, 4.285714, 6.571429, 8.0});
  expectResized(rule, 0.5, {1.5, 6.0});
  rule.coordinates = Coordinates::AlignCorners;
  expectResized(rule, 1.75, {1, 1.5, 2, 3, 4, 6, 8});
  rule.coordinates = Coordinates::Asymmetric;
  expectResized(rule, 1.75,
                {1.0, 1.571429, 2.285714, 3.428571, 5.142857, 7.428571, 8.0});
}

TEST(Resize, Cubic) {
  ResizeRule rule = {ResizeMode::Cubic, Coordinates::HalfPixel};
  expectResized(rule, 1.75,
                {0.9007837, 1.217746, 1.8504, 2.71875, 4.321246, 6.760021,
                 8.396864});
  expectResized(rule, 0.5, {1.3125, 6.1875});
  rule.coordinates = Coordinates::AlignCorners;
  expectResized(rule, 1.75, {1.0, 1.3125, 2.0, 2.71875, 4.0, 6.1875, 8.0});
}

TEST(Resize, TwoDimensions) {
  std::vector<int64_t> from = {2, 2}, to = {4, 4};
  std::vector<double> scales = {2, 2};
  std::vector<double> result =
      resize({ResizeMode::Linear}, kInput, from, to, scales);
  EXPECT_EQ(result, (std::vector<double>{1, 1.25, 1.75, 2,          //
                                         1.75, 2.1875, 3.0625, 3.5, //
                                         3.25, 4.0625, 5.6875, 6.5, //
                                         4, 5, 7, 8}));
}

TEST(Resize, PytorchSingleElementIsTheFirst) {
  std::vector<Tap> taps = getTaps(
      {ResizeMode::Nearest, Coordinates::PytorchHalfPixel}, 4, 1, 0.25)[0];
  EXPECT_EQ(taps.size(), 1u);
  EXPECT_EQ(taps[0].index, 0);
}

TEST(Resize, QuantizedLinearRoundsStepsToEven) {
  // Halves between 1 and 2, 2 and 4, 4 and 8 steps: 1.5 is 2, 3, 6.
  std::vector<int64_t> steps = {11, 12, 14, 18}, from = {4}, to = {7};
  std::vector<double> scales = {1.75};
  Grid grid = {0.125f, 10, 0, 255};
  EXPECT_EQ(resize({ResizeMode::Linear, Coordinates::AlignCorners}, steps,
                   from, to, scales, grid),
            (std::vector<int64_t>{11, 12, 12, 13, 14, 16, 18}));
}

} // namespace
