// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks made by hand: which bits are which element's, one rounding for each
// product and sum, and scales that are zero, infinite or no number.

#include "test/unit/dialects/Qcc/Numerics/HandMadeBlock.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>

using namespace qcc;

namespace {

uint32_t getBits(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

TEST(Blocks, NamesAreFound) {
  for (int i = 0; i <= static_cast<int>(BlockFormat::MXFP4); ++i) {
    auto format = static_cast<BlockFormat>(i);
    EXPECT_EQ(findBlockFormat(getBlockShape(format).name), format);
  }
  EXPECT_EQ(findBlockFormat("Q4_K"), std::nullopt);
  EXPECT_EQ(getRowBytes(BlockFormat::Q4_K, 512), 288);
}

TEST(Blocks, PlainFloats) {
  std::vector<uint8_t> bytes = {0x00, 0x3c, 0x01, 0x00, 0x00, 0x80};
  std::vector<float> values(3);
  decodeBlocks(BlockFormat::F16, bytes.data(), 3, values.data());
  EXPECT_EQ(values, (std::vector<float>{1.0f, 0x1p-24f, -0.0f}));
  EXPECT_TRUE(std::signbit(values[2]));
  decodeBlocks(BlockFormat::BF16, bytes.data(), 1, values.data());
  EXPECT_EQ(getBits(values[0]), 0x3c000000u);
  bytes = {0x01, 0x00, 0xa0, 0x7f}; // a signalling NaN passes as it is
  decodeBlocks(BlockFormat::F32, bytes.data(), 1, values.data());
  EXPECT_EQ(getBits(values[0]), 0x7fa00001u);
}

TEST(Blocks, Q4SplitsNibbles) {
  HandMadeBlock plain(BlockFormat::Q4_0);
  plain.setHalf(0, kF16Two);
  plain.bytes[2] = 0x9f;
  EXPECT_EQ(plain.decode()[0], 14.0f);  // (15 - 8) * 2
  EXPECT_EQ(plain.decode()[16], 2.0f);  // (9 - 8) * 2
  EXPECT_EQ(plain.decode()[1], -16.0f); // (0 - 8) * 2

  HandMadeBlock offset(BlockFormat::Q4_1);
  offset.setHalf(0, 0x2e66); // 0.0999756
  offset.setHalf(2, 0xbc01); // -1.0009766
  offset.bytes[4 + 15] = 0x3c;
  EXPECT_EQ(getBits(offset.decode()[15]), 0x3e4b8000u); // 12 d + m
  EXPECT_EQ(getBits(offset.decode()[31]), 0xbf337800u); // 3 d + m
}

TEST(Blocks, Q5HasAFifthBit) {
  HandMadeBlock plain(BlockFormat::Q5_0);
  plain.setHalf(0, kF16One);
  plain.bytes[2] = 0x02; // element 1
  plain.bytes[4] = 0x02; // element 17
  plain.bytes[6 + 1] = 0x43;
  EXPECT_EQ(plain.decode()[1], 3.0f);   // 16 + 3 - 16
  EXPECT_EQ(plain.decode()[17], 4.0f);  // 16 + 4 - 16
  EXPECT_EQ(plain.decode()[2], -16.0f); // 0 - 16
  HandMadeBlock offset(BlockFormat::Q5_1);
  offset.setHalf(0, kF16Half);
  offset.setHalf(2, kF16One);
  offset.bytes[7] = 0x80; // element 31
  offset.bytes[8 + 15] = 0x10;
  EXPECT_EQ(offset.decode()[31], 9.5f); // 17 / 2 + 1
  EXPECT_EQ(offset.decode()[0], 1.0f);
}

TEST(Blocks, Q8IsSigned) {
  HandMadeBlock block(BlockFormat::Q8_0);
  block.setHalf(0, kF16Half);
  block.bytes[2] = 0x80;
  block.bytes[2 + 31] = 0x7f;
  EXPECT_EQ(block.decode()[0], -64.0f);
  EXPECT_EQ(block.decode()[31], 63.5f);
}

TEST(Blocks, TablesAreLookedUp) {
  HandMadeBlock plain(BlockFormat::IQ4_NL);
  plain.setHalf(0, kF16Two);
  plain.bytes[2] = 0x8f;
  EXPECT_EQ(plain.decode()[0], 226.0f);
  EXPECT_EQ(plain.decode()[16], 2.0f);
  EXPECT_EQ(plain.decode()[1], -254.0f);

  HandMadeBlock scaled(BlockFormat::IQ4_XS);
  scaled.setHalf(0, kF16One);
  scaled.setHalf(2, 2 << 14);               // group 7: 2 * 16
  scaled.bytes[4 + 3] = 0x30;               // and 3
  scaled.bytes[8 + 112] = 0x70;             // elements 224 and 240
  EXPECT_EQ(scaled.decode()[224], -381.0f); // (35 - 32) * -127
  EXPECT_EQ(scaled.decode()[240], -30.0f);  // (35 - 32) * -10
}

TEST(Blocks, Mxfp4ScalesArePowers) {
  HandMadeBlock block(BlockFormat::MXFP4);
  block.bytes[0] = 127;
  block.bytes[1] = 0xf7;
  EXPECT_EQ(block.decode()[0], 6.0f);
  EXPECT_EQ(block.decode()[16], -6.0f);
  block.bytes[1] = 0x81; // the code of minus zero gives zero
  EXPECT_EQ(getBits(block.decode()[16]), 0u);
  block.bytes[0] = 0; // 2^-127 / 2
  EXPECT_EQ(block.decode()[0], 0x1p-128f);
  block.bytes[0] = 255; // no NaN
  EXPECT_EQ(block.decode()[0], 0x1p127f);
}

TEST(Blocks, ZeroBlocksAreZero) {
  for (int i = 0; i < static_cast<int>(BlockFormat::MXFP4); ++i)
    for (float value : HandMadeBlock(static_cast<BlockFormat>(i)).decode())
      EXPECT_EQ(value, 0.0f);
}

// 0 * infinity and infinity - infinity are NaN; the rest stays infinite.
TEST(Blocks, ScalesMayBeNoNumbers) {
  HandMadeBlock block(BlockFormat::Q4_0);
  block.setHalf(0, kF16Infinity);
  block.bytes[2] = 0x8f;
  EXPECT_EQ(block.decode()[0], INFINITY);
  EXPECT_TRUE(std::isnan(block.decode()[16]));
  EXPECT_EQ(block.decode()[1], -INFINITY);
  for (BlockFormat format : {BlockFormat::Q8_0, BlockFormat::Q5_1,
                             BlockFormat::Q4_K, BlockFormat::IQ4_XS}) {
    HandMadeBlock bad(format);
    bad.setHalf(0, kF16Nan);
    for (float value : bad.decode())
      EXPECT_TRUE(std::isnan(value));
  }
}

} // namespace
