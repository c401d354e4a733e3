// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Panels taken apart again: with what PanelFormat.h says about places and
// values, every row of a panel stands for the numbers that its blocks decode
// to. The reader here is the drawing in that header, one element at a time.

#include "test/unit/dialects/Qcc/Numerics/PanelElements.h"

#include "dialects/Qcc/Numerics/Blocks.h"
#include "dialects/Qcc/Numerics/GroupQuantizer.h"
#include "dialects/Qcc/Numerics/PanelFormat.h"

#include "gtest/gtest.h"

#include <random>

using namespace qcc;

namespace {

using Rows = std::vector<std::vector<uint8_t>>;

struct Blocks {
  PanelFormat format;
  Rows rows;
  std::vector<std::vector<float>> values;
};

/// Random bytes, but finite scales: an exponent of all ones would make numbers
/// of which no two ways of rounding agree.
std::vector<uint8_t> drawRow(const PanelFormat &format, int64_t columns,
                             std::mt19937 &random) {
  std::vector<uint8_t> row(getBlockRowBytes(format, columns));
  for (uint8_t &byte : row)
    byte = static_cast<uint8_t>(random());
  int64_t bytes = format.blockBytes(1);
  for (size_t at = 0; at < row.size(); at += bytes)
    for (int64_t place : findHalves(format)) {
      uint8_t &high = row[at + place + 1];
      high = static_cast<uint8_t>((high & 0x83) | 0x30);
    }
  return row;
}

/// `count` rows in the format called `name`, and what they decode to.
Blocks draw(std::string_view name, int64_t count, int64_t columns) {
  Blocks blocks{*findPanelFormat(name), {}, {}};
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  for (int64_t r = 0; r < count; ++r) {
    std::vector<float> values(columns);
    if (auto known = findBlockFormat(name)) {
      blocks.rows.push_back(drawRow(blocks.format, columns, random));
      decodeBlocks(*known, blocks.rows.back().data(), columns, values.data());
    } else {
      std::vector<uint8_t> row(getBlockRowBytes(blocks.format, columns));
      for (float &value : values)
        value = normal(random);
      quantizeRow(blocks.format, values.data(), columns, row.data());
      decodeGroups(blocks.format, row.data(), values);
      blocks.rows.push_back(row);
    }
    blocks.values.push_back(values);
  }
  return blocks;
}

/// Packs the rows and compares each element, the rows that are missing too.
void expectSameElements(const Blocks &blocks, int64_t lanes) {
  const PanelFormat &format = blocks.format;
  int64_t columns = static_cast<int64_t>(blocks.values[0].size());
  int64_t padded = (columns + format.block - 1) / format.block * format.block;
  std::vector<uint8_t> panel(format.panelBytes(padded, lanes), 0xee);
  std::vector<const uint8_t *> rows(lanes, nullptr);
  for (size_t r = 0; r < blocks.rows.size(); ++r)
    rows[r] = blocks.rows[r].data();
  packPanel(format, rows.data(), columns, lanes, panel.data());
  PanelElements elements(format, panel.data(), lanes);
  for (size_t r = 0; r < blocks.rows.size(); ++r)
    for (int64_t k = 0; k < columns; ++k) {
      float expected = blocks.values[r][k];
      ASSERT_EQ(elements.get(static_cast<int64_t>(r), k), expected)
          << format.name << ", " << lanes << " lanes, row " << r << ", column "
          << k;
    }
  for (int64_t r = static_cast<int64_t>(blocks.rows.size()); r < lanes; ++r)
    for (int64_t k = 0; k < columns; ++k)
      ASSERT_EQ(elements.get(r, k), 0.0f) << format.name << ", row " << r;
}

class Panels : public testing::TestWithParam<const char *> {};

TEST_P(Panels, StandForTheirBlocks) {
  for (int64_t lanes : {8, 16})
    for (int64_t rows : {int64_t(1), lanes - 3, lanes})
      expectSameElements(draw(GetParam(), rows, 512), lanes);
}

TEST_P(Panels, OfOneRowHaveTheBytesOfTheBlocks) {
  PanelFormat format = *findPanelFormat(GetParam());
  EXPECT_EQ(format.panelBytes(512, 16), 16 * getBlockRowBytes(format, 512));
  if (auto known = findBlockFormat(GetParam())) {
    EXPECT_EQ(getBlockRowBytes(format, 512), getRowBytes(*known, 512));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Formats, Panels,
    testing::Values("f32", "f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1",
                    "q8_0", "q2_k", "q3_k", "q4_k", "q5_k", "q6_k", "iq4_nl",
                    "iq4_xs", "mxfp4", "int2_g32", "int3_g64", "int4_g32",
                    "int4_g128", "int4_g256", "int8_g128", "int2_g64z",
                    "int3_g32z", "int4_g128z", "int8_g256z", "int4_g16",
                    "int3_g16z"),
    [](const auto &info) { return std::string(info.param); });

// A row of 40 columns fills its second group with codes of zero.
TEST(PanelFormat, FillsTheLastGroup) {
  for (const char *name : {"int4_g32", "int4_g32z", "int8_g32", "int4_g16z"})
    for (int64_t lanes : {8, 16})
      expectSameElements(draw(name, 5, 40), lanes);
}

TEST(PanelFormat, RefusesOtherNames) {
  for (const char *name :
       {"", "q9_9", "Q4_0", "int", "int4", "int4_g", "int4_g48", "int5_g32",
        "int4_g32x", "int4_g32zz", "int-4_g32", "int4_g99999999999999999999",
        "int4_g128 "})
    EXPECT_FALSE(findPanelFormat(name)) << name;
}

} // namespace
