// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moves of bytes, and the loops that combine neighbours.

#include "dialects/Qcc/Numerics/MoveReference.h"
#include "dialects/Qcc/Numerics/PoolReference.h"
#include "dialects/Qcc/Numerics/ReduceReference.h"
#include "dialects/Qcc/Numerics/SoftmaxReference.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>

using namespace qcc::numerics;

namespace {

using Bytes = std::vector<char>;
using Sizes = std::vector<int64_t>;

const Bytes kSix = {1, 2, 3, 4, 5, 6};
const Sizes kTwoByThree = {2, 3};

Source six() { return {kSix, kTwoByThree, 1}; }

TEST(Move, TransposeOfWideElements) {
  // Three elements of two bytes a row.
  Bytes bytes = {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6};
  EXPECT_EQ(transpose({bytes, kTwoByThree, 2}, Sizes{1, 0}),
            (Bytes{1, 1, 4, 4, 2, 2, 5, 5, 3, 3, 6, 6}));
}

TEST(Move, SliceBackwards) {
  EXPECT_EQ(slice(six(), Sizes{1, 2}, Sizes{-1, -2}, Sizes{2, 2}),
            (Bytes{6, 4, 3, 1}));
  EXPECT_TRUE(slice(six(), Sizes{0, 0}, Sizes{1, 1}, Sizes{0, 3}).empty());
}

TEST(Move, ExpandRows) {
  Bytes row = {7, 8};
  Sizes shape = {2};
  EXPECT_EQ(expand({row, shape, 1}, Sizes{2, 2}), (Bytes{7, 8, 7, 8}));
}

TEST(Move, PadModes) {
  Bytes line = {1, 2, 3}, filler = {9};
  Sizes shape = {3}, low = {2}, high = {4};
  Source source = {line, shape, 1};
  EXPECT_EQ(pad(source, low, high, PadMode::Constant, filler),
            (Bytes{9, 9, 1, 2, 3, 9, 9, 9, 9}));
  EXPECT_EQ(pad(source, low, high, PadMode::Edge, filler),
            (Bytes{1, 1, 1, 2, 3, 3, 3, 3, 3}));
  EXPECT_EQ(pad(source, low, high, PadMode::Reflect, filler),
            (Bytes{3, 2, 1, 2, 3, 2, 1, 2, 3}));
  EXPECT_EQ(pad(source, low, high, PadMode::Wrap, filler),
            (Bytes{2, 3, 1, 2, 3, 1, 2, 3, 1}));
}

TEST(Move, PadCrops) {
  Bytes line = {1, 2, 3}, filler = {9};
  Sizes shape = {3};
  EXPECT_EQ(pad({line, shape, 1}, Sizes{-1}, Sizes{1}, PadMode::Constant,
                filler),
            (Bytes{2, 3, 9}));
}

TEST(Move, GatherCountsFromTheEnd) {
  EXPECT_EQ(gather(six(), Sizes{-1, 0}, 1), (Bytes{3, 1, 6, 4}));
  EXPECT_TRUE(gather(six(), Sizes{3}, 1).empty());
  EXPECT_TRUE(gather(six(), Sizes{-4}, 1).empty());
}

TEST(Move, ConcatAlongColumns) {
  Bytes column = {8, 9};
  Sizes shape = {2, 1};
  std::vector<Source> sources = {six(), {column, shape, 1}};
  EXPECT_EQ(concat(sources, 1), (Bytes{1, 2, 3, 8, 4, 5, 6, 9}));
}

TEST(Pool, CeilModeWindowIsCutOff) {
  PoolShape shape = {{1, 1, 1, 3}, {1, 1, 1, 2}, {1, 2}, {1, 2}};
  std::vector<double> input = {1, 5, 3};
  EXPECT_EQ(maxPool(shape, input, -1), (std::vector<double>{5, 3}));
  std::vector<WindowSum> sums = sumPool(shape, input, true);
  EXPECT_EQ(sums[1].sum, 3);
  EXPECT_EQ(sums[1].count, 1); // the second element lies outside the padding
}

TEST(Pool, PaddingCountsOnDemand) {
  PoolShape shape = {{1, 1, 1, 2}, {1, 1, 1, 1}, {1, 4}, {1, 1},
                     {0, 1, 0, 1}};
  std::vector<double> input = {2, 4};
  EXPECT_EQ(sumPool(shape, input, false)[0].count, 2);
  EXPECT_EQ(sumPool(shape, input, true)[0].count, 4);
}

TEST(Pool, NaNWins) {
  PoolShape shape = {{1, 1, 1, 3}, {1, 1, 1, 1}, {1, 3}};
  std::vector<double> input = {1, std::nan(""), 3};
  EXPECT_TRUE(std::isnan(maxPool(shape, input, -1)[0]));
}

TEST(Pool, MeanRoundsToEven) {
  Grid grid = {1.0f, 10, 0, 255};
  EXPECT_EQ(requantizeMean(10, 4, grid, grid), 12); // 2.5 steps
  EXPECT_EQ(requantizeMean(14, 4, grid, grid), 14); // 3.5 steps
  EXPECT_EQ(requantizeMean(0, 0, grid, grid), 10);  // touches nothing
}

TEST(Reduce, EachKind) {
  std::vector<double> input = {1, 2, 3, 4, 5, 6};
  Sizes axes = {1};
  auto along = [&](ReduceKind kind) {
    return reduce(kind, input, kTwoByThree, axes);
  };
  EXPECT_EQ(along(ReduceKind::Sum), (std::vector<double>{6, 15}));
  EXPECT_EQ(along(ReduceKind::Mean), (std::vector<double>{2, 5}));
  EXPECT_EQ(along(ReduceKind::Max), (std::vector<double>{3, 6}));
  EXPECT_EQ(along(ReduceKind::Min), (std::vector<double>{1, 4}));
  EXPECT_EQ(along(ReduceKind::Prod), (std::vector<double>{6, 120}));
  EXPECT_EQ(along(ReduceKind::SumSquare), (std::vector<double>{14, 77}));
}

TEST(Reduce, IntegersAlongTheFirst) {
  std::vector<int64_t> input = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(reduce(ReduceKind::Prod, input, kTwoByThree, Sizes{0}),
            (std::vector<int64_t>{4, 10, 18}));
}

TEST(Softmax, LargeValuesDoNotOverflow) {
  std::vector<double> input = {1000, 1000, 0, 0};
  Sizes shape = {2, 2};
  std::vector<double> rows = softmax(input, shape, 1, false);
  EXPECT_EQ(rows, (std::vector<double>{0.5, 0.5, 0.5, 0.5}));
  std::vector<double> columns = softmax(input, shape, 0, true);
  EXPECT_EQ(columns[0], 0);
  EXPECT_EQ(columns[2], -1000);
}

} // namespace
