// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hand-made words of each layout of integer weights: codes are read in their
// order, with the scale and the zero point of their group.

#include "dialects/Qcc/Numerics/GroupedCodes.h"

#include "gtest/gtest.h"

#include <cstring>

using namespace qcc;
using namespace qcc::numerics;

namespace {

using Codes = std::vector<uint8_t>;

/// The bytes of elements of any type.
template <typename T> std::vector<char> bytesOf(const std::vector<T> &values) {
  std::vector<char> bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// A matrix that keeps the bytes of its spans.
struct Matrix {
  GroupedCodes codes;
  std::vector<char> words, scales, zeros, indices;

  Matrix(CodeLayout layout, int64_t rows, int64_t columns, int64_t bits,
         std::vector<uint32_t> values) {
    codes.layout = layout;
    codes.rows = codes.allRows = rows;
    codes.columns = codes.group = columns;
    codes.bits = bits;
    codes.scaleFormat = BlockFormat::F32;
    words = bytesOf(values);
    codes.codes = words;
  }
  Matrix &scale(std::vector<float> values) {
    scales = bytesOf(values);
    codes.scales = scales;
    return *this;
  }
  Matrix &zero(std::vector<uint32_t> values) {
    zeros = bytesOf(values);
    codes.zeros = zeros;
    return *this;
  }
  Matrix &groups(int64_t size, std::vector<int32_t> values = {}) {
    codes.group = size;
    indices = bytesOf(values);
    codes.groupIndices = indices;
    return *this;
  }
  Codes row(int64_t row) const {
    Codes result(codes.columns);
    readCodes(codes, row, sortColumns(codes), result);
    return result;
  }
  std::vector<int32_t> zeroRow(int64_t row) const {
    std::vector<int32_t> result(codes.countGroups());
    readZeros(codes, row, result);
    return result;
  }
  std::vector<float> values(int64_t row) const {
    std::vector<float> result(codes.columns);
    decodeRow(codes, row, result);
    return result;
  }
};

} // namespace

TEST(GroupedCodes, StreamsStandBesideEachOther) {
  // Eight columns of two rows.
  Matrix matrix(CodeLayout::Streams, 2, 8, 4, {0x76543210, 0xfedcba98});
  EXPECT_EQ(matrix.row(0), Codes({0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(matrix.row(1), Codes({8, 9, 10, 11, 12, 13, 14, 15}));
  matrix.codes.firstRow = 1;
  EXPECT_EQ(matrix.row(0), Codes({8, 9, 10, 11, 12, 13, 14, 15}));
}

/// 32 codes in three words, as GPTQ's packing spells them out.
static std::vector<uint32_t> packThreeBits(const Codes &v) {
  std::vector<uint32_t> words(3);
  for (int j = 0; j < 10; ++j) {
    words[0] |= uint32_t(v[j]) << (3 * j);
    words[1] |= uint32_t(v[11 + j]) << (3 * j + 1);
    words[2] |= uint32_t(v[22 + j]) << (3 * j + 2);
  }
  words[0] |= uint32_t(v[10]) << 30;
  words[1] |= v[10] >> 2 | uint32_t(v[21]) << 31;
  words[2] |= v[21] >> 1;
  return words;
}

TEST(GroupedCodes, ThreeBitsCrossWords) {
  Codes codes;
  for (int i = 0; i < 32; ++i)
    codes.push_back((5 * i + 3) % 8);
  std::vector<uint32_t> words = packThreeBits(codes);
  Matrix streams(CodeLayout::Streams, 1, 32, 3, words);
  EXPECT_EQ(streams.row(0), codes);
  Matrix dense(CodeLayout::DenseWords, 1, 32, 3, words);
  EXPECT_EQ(dense.row(0), codes);
}

TEST(GroupedCodes, ZeroPointsOfStreamsLieAlongRows) {
  // Two groups of four columns; eight rows, so a word for each group.
  Matrix matrix(CodeLayout::Streams, 8, 8, 4,
                std::vector<uint32_t>(8, 0x76543210));
  matrix.groups(4).zero({0x76543210, 0xfedcba98});
  matrix.scale({1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 0.5, 1, 1, 1, 1});
  EXPECT_EQ(matrix.zeroRow(3), std::vector<int32_t>({3, 11}));
  EXPECT_EQ(matrix.values(3),
            std::vector<float>({-6, -4, -2, 0, -3.5, -3, -2.5, -2}));
  // Version 1 stores one less, and 15 for 0.
  matrix.codes.zeroOffset = 1;
  EXPECT_EQ(matrix.zeroRow(3), std::vector<int32_t>({4, 12}));
  EXPECT_EQ(matrix.zeroRow(7), std::vector<int32_t>({8, 0}));
}

TEST(GroupedCodes, SortsColumnsByGroup) {
  Matrix matrix(CodeLayout::Streams, 1, 8, 4, {0x76543210});
  matrix.groups(4, {1, 0, 1, 0, 0, 1, 0, 1}).scale({1, 10});
  EXPECT_EQ(sortColumns(matrix.codes),
            std::vector<int32_t>({1, 3, 4, 6, 0, 2, 5, 7}));
  EXPECT_EQ(matrix.row(0), Codes({1, 3, 4, 6, 0, 2, 5, 7}));
  // Without zero points they are 8. Values are in the columns' own order.
  EXPECT_EQ(matrix.values(0),
            std::vector<float>({-80, -7, -60, -5, -4, -30, -2, -10}));
  matrix.groups(4, {0, 0, 0, 0, 1, 1, 1, 1});
  EXPECT_TRUE(sortColumns(matrix.codes).empty());
}

TEST(GroupedCodes, FillsGroupsUpToAWidth) {
  Matrix matrix(CodeLayout::Streams, 1, 8, 4, {0x76543210});
  matrix.groups(3, {1, 0, 1, 0, 0, 1, 2, 2});
  EXPECT_EQ(arrangeColumns(matrix.codes, 4),
            std::vector<int32_t>({1, 3, 4, -1, 0, 2, 5, -1, 6, 7, -1, -1}));
  EXPECT_EQ(arrangeColumns(matrix.codes, 3),
            std::vector<int32_t>({1, 3, 4, 0, 2, 5, 6, 7}));
  // In order: only gaps move what follows.
  matrix.groups(3);
  EXPECT_EQ(arrangeColumns(matrix.codes, 2),
            std::vector<int32_t>({0, 1, 2, -1, 3, 4, 5, -1, 6, 7}));
  EXPECT_TRUE(arrangeColumns(matrix.codes, 3).empty());
  // The end of a row is nobody's beginning.
  matrix.groups(8);
  EXPECT_TRUE(arrangeColumns(matrix.codes, 16).empty());
}

TEST(GroupedCodes, NibblesAreShuffled) {
  // From the lowest: rows 0, 2, 4, 6, 1, 3, 5, 7. Two columns.
  Matrix matrix(CodeLayout::ShuffledNibbles, 8, 2, 4, {0x75316420, 0x00000001});
  matrix.zero({0x75316420}).scale({1, 1, 1, 1, 1, 3, 1, 1});
  for (uint8_t row = 0; row < 8; ++row)
    EXPECT_EQ(matrix.row(row), Codes({row, uint8_t(row == 0)}));
  EXPECT_EQ(matrix.zeroRow(5), std::vector<int32_t>({5}));
  EXPECT_EQ(matrix.values(5), std::vector<float>({0, -15}));
}

TEST(GroupedCodes, WordsHoldWholeCodes) {
  // Ten codes of three bits, and the eleventh in the next word.
  uint32_t first = 0;
  for (uint32_t i = 0; i < 10; ++i)
    first |= (i % 8) << (3 * i);
  Matrix matrix(CodeLayout::Words, 2, 11, 3, {first, 6, ~0u, ~0u});
  EXPECT_EQ(matrix.row(0), Codes({0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 6}));
  EXPECT_EQ(matrix.row(1), Codes(11, 7));
  // Zero points are packed down the rows, for each of two groups.
  matrix.groups(8).zero({4 | 5 << 3, 1 | 2 << 3}).scale({1, 2, 3, 4});
  EXPECT_EQ(matrix.zeroRow(0), std::vector<int32_t>({4, 1}));
  EXPECT_EQ(matrix.zeroRow(1), std::vector<int32_t>({5, 2}));
  EXPECT_EQ(matrix.values(1),
            std::vector<float>({6, 6, 6, 6, 6, 6, 6, 6, 20, 20, 20}));
}

TEST(GroupedCodes, BytesAreSigned) {
  Matrix matrix(CodeLayout::Bytes, 2, 4, 8, {0x7f80ff01, 0x00000002});
  EXPECT_EQ(matrix.row(0), Codes({129, 127, 0, 255}));
  matrix.scale({0.5}); // for all rows
  EXPECT_EQ(matrix.values(0), std::vector<float>({0.5, -0.5, -64, 63.5}));
  EXPECT_EQ(matrix.values(1), std::vector<float>({1, 0, 0, 0}));
  std::vector<char> zeros = {-1, 2};
  matrix.codes.zeros = zeros;
  EXPECT_EQ(matrix.zeroRow(0), std::vector<int32_t>({127}));
  EXPECT_EQ(matrix.values(1), std::vector<float>({0, -1, -1, -1}));
}
