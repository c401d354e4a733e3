// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks of 256 made by hand: which bits are which element's and which
// group's.

#include "test/unit/dialects/Qcc/Numerics/HandMadeBlock.h"

#include "gtest/gtest.h"

using namespace qcc;

TEST(BlocksK, Q2KScalesSixteen) {
  HandMadeBlock block(BlockFormat::Q2_K);
  block.setHalf(80, kF16Two);
  block.setHalf(82, kF16Half);
  block.bytes[8 + 3] = 0x53;            // elements 176 to 191: 3, minimum 5
  block.bytes[16 + 32 + 17] = 2 << 2;   // elements 145, 177, 209, 241
  EXPECT_EQ(block.decode()[177], 9.5f); // 2 * 3 * 2 - 0.5 * 5
  EXPECT_EQ(block.decode()[178], -2.5f);
  EXPECT_EQ(block.decode()[145], 0.0f);
}

TEST(BlocksK, Q3KHasAThirdBit) {
  HandMadeBlock block(BlockFormat::Q3_K);
  block.setHalf(108, kF16One);
  block.bytes[96 + 1] = 0x60; // group 9: 6, and 2 * 16 below
  block.bytes[96 + 8 + 1] = 2 << 4;
  block.bytes[32 + 32 + 16] = 3;         // element 144
  EXPECT_EQ(block.decode()[144], -6.0f); // (38 - 32) * (3 - 4)
  block.bytes[16] = 1 << 4;              // its third bit
  EXPECT_EQ(block.decode()[144], 18.0f);
  EXPECT_EQ(block.decode()[0], 128.0f); // (0 - 32) * (0 - 4)
}

TEST(BlocksK, Q4KCompletesScalesByUpperBits) {
  HandMadeBlock block(BlockFormat::Q4_K);
  block.setHalf(0, kF16One);
  block.setHalf(2, kF16Half);
  block.bytes[4 + 1] = 0xc7;              // scale 1: 7; scale 5: 3 * 16
  block.bytes[4 + 5] = 0x42;              // minimum 1: 2; minimum 5: 1 * 16
  block.bytes[4 + 9] = 0x3a;              // scale 5: + 10; minimum 5: + 3
  block.bytes[16 + 0] = 0xb0;             // element 32: 11
  block.bytes[16 + 64 + 2] = 0xf0;        // element 162: 15
  EXPECT_EQ(block.decode()[32], 76.0f);   // 7 * 11 - 0.5 * 2
  EXPECT_EQ(block.decode()[162], 860.5f); // 58 * 15 - 0.5 * 19
}

TEST(BlocksK, Q5KHasAFifthBit) {
  HandMadeBlock block(BlockFormat::Q5_K);
  block.setHalf(0, kF16One);
  block.setHalf(2, kF16One);
  block.bytes[4 + 3] = 1;       // scale 3
  block.bytes[4 + 7] = 2;       // minimum 3
  block.bytes[16 + 5] = 1 << 3; // element 96 + 5
  block.bytes[48 + 32 + 5] = 0x90;
  EXPECT_EQ(block.decode()[101], 23.0f); // 25 - 2
  EXPECT_EQ(block.decode()[100], -2.0f);
}

TEST(BlocksK, Q6KIsSplitInFourAndTwo) {
  HandMadeBlock block(BlockFormat::Q6_K);
  block.setHalf(208, kF16Half);
  block.bytes[192 + 15] = 0xfe;           // group 15: -2
  block.bytes[64 + 63] = 0x50;            // element 255: 5
  block.bytes[128 + 32 + 31] = 3 << 6;    // and 3 * 16
  EXPECT_EQ(block.decode()[255], -21.0f); // 0.5 * -2 * (53 - 32)
  EXPECT_EQ(block.decode()[254], 32.0f);  // 0.5 * -2 * (0 - 32)
  EXPECT_EQ(block.decode()[0], 0.0f);
}
