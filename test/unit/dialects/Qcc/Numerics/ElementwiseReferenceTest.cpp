// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of one and two elements, and quantized sums and products.

#include "dialects/Qcc/Numerics/ElementwiseReference.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qcc::numerics;

namespace {

double at(UnaryKind kind, double x, double alpha = 0, double beta = 0) {
  return evaluate(kind, x, alpha, beta);
}

TEST(Unary, PointsOfEachActivation) {
  EXPECT_EQ(at(UnaryKind::Relu, -2), 0);
  EXPECT_EQ(at(UnaryKind::LeakyRelu, -2, 0.25), -0.5);
  EXPECT_EQ(at(UnaryKind::Sigmoid, 0), 0.5);
  EXPECT_EQ(at(UnaryKind::HardSigmoid, 1, 0.25, 0.5), 0.75);
  EXPECT_EQ(at(UnaryKind::HardSwish, 3), 3);
  EXPECT_EQ(at(UnaryKind::HardSwish, -3), 0);
  EXPECT_NEAR(at(UnaryKind::Silu, 1), 0.7310585786, 1e-9);
  EXPECT_NEAR(at(UnaryKind::Elu, -1, 2), -1.2642411177, 1e-9);
  EXPECT_NEAR(at(UnaryKind::Celu, -2, 2), -1.2642411177, 1e-9);
  EXPECT_NEAR(at(UnaryKind::Selu, -1, 2, 3), -3.7927233530, 1e-9);
  EXPECT_NEAR(at(UnaryKind::Gelu, 1), 0.8413447461, 1e-9);
  EXPECT_NEAR(at(UnaryKind::GeluTanh, 1), 0.8411919906, 1e-9);
  EXPECT_NEAR(at(UnaryKind::Mish, 1), 0.8650983883, 1e-9);
  EXPECT_NEAR(at(UnaryKind::Softplus, 1), 1.3132616875, 1e-9);
  EXPECT_EQ(at(UnaryKind::Softsign, -3), -0.75);
  EXPECT_EQ(at(UnaryKind::ThresholdedRelu, 1, 1), 0);
}

TEST(Unary, LargeOperandsDoNotOverflow) {
  EXPECT_EQ(at(UnaryKind::Sigmoid, 1000), 1);
  EXPECT_EQ(at(UnaryKind::Sigmoid, -1000), 0);
  EXPECT_EQ(at(UnaryKind::Softplus, 1000), 1000);
  EXPECT_EQ(at(UnaryKind::Mish, 1000), 1000);
}

TEST(Unary, NaNStays) {
  for (UnaryKind kind : {UnaryKind::Relu, UnaryKind::LeakyRelu,
                         UnaryKind::Sigmoid, UnaryKind::Sign, UnaryKind::Abs})
    EXPECT_TRUE(std::isnan(at(kind, std::nan(""))));
}

TEST(Unary, RoundTiesToEven) {
  EXPECT_EQ(at(UnaryKind::Round, 0.5), 0);
  EXPECT_EQ(at(UnaryKind::Round, 1.5), 2);
  EXPECT_EQ(at(UnaryKind::Round, -2.5), -2);
}

TEST(Binary, ModuloSigns) {
  EXPECT_EQ(evaluate(BinaryKind::Mod, -7, 3, false), 2);
  EXPECT_EQ(evaluate(BinaryKind::Mod, -7, 3, true), -1);
  EXPECT_EQ(evaluateInteger(BinaryKind::Mod, 7, -3, false), -2);
  EXPECT_EQ(evaluateInteger(BinaryKind::Mod, 7, -3, true), 1);
}

TEST(Binary, IntegersNeverTrap) {
  int64_t lowest = std::numeric_limits<int64_t>::lowest();
  EXPECT_EQ(evaluateInteger(BinaryKind::Div, lowest, -1, false), lowest);
  EXPECT_EQ(evaluateInteger(BinaryKind::Mod, lowest, -1, false), 0);
  EXPECT_EQ(evaluateInteger(BinaryKind::Div, 5, 0, false), 0);
  EXPECT_EQ(evaluateInteger(BinaryKind::Pow, 3, 4, false), 81);
}

TEST(Binary, QuantizedAdd) {
  // 0.5 * (140 - 128) + 0.25 * (10 - 0) = 8.5, in steps of 1: 8.
  QuantizedBinary add = {BinaryKind::Add,
                         {0.5f, 128, 0, 255},
                         {0.25f, 0, 0, 255},
                         {1.0f, 3, 0, 255},
                         {-3.0f, 252.0f}};
  EXPECT_EQ(add(140, 10), 11);
  EXPECT_EQ(add(0, 0), 0); // -64 saturates
}

TEST(Binary, QuantizedSubtract) {
  Grid grid = {1.0f, 0, -128, 127};
  QuantizedBinary subtract = {BinaryKind::Sub, grid, grid, grid,
                              getBounds(grid)};
  EXPECT_EQ(subtract(5, 9), -4);
  EXPECT_EQ(subtract(-100, 100), -128);
}

TEST(Binary, QuantizedMultiply) {
  Grid half = {0.5f, 0, 0, 255}, one = {1.0f, 0, 0, 255};
  QuantizedBinary multiply = {BinaryKind::Mul, half, half, one,
                              getBounds(one)};
  EXPECT_EQ(multiply(3, 6), 4);     // 4.5 is a tie
  EXPECT_EQ(multiply(255, 255), 255);
}

TEST(Broadcast, VisitsRowMajor) {
  std::vector<int64_t> result = {2, 3}, column = {2, 1}, row = {3};
  std::vector<int64_t> pairs;
  visitBroadcast(result, {column, row},
                 [&](int64_t, int64_t a, int64_t b, int64_t) {
                   pairs.push_back(10 * a + b);
                 });
  EXPECT_EQ(pairs, (std::vector<int64_t>{0, 1, 2, 10, 11, 12}));
}

} // namespace
