// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All 65536 patterns of both 16-bit floats.

#include "dialects/Qcc/Numerics/Halves.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace qcc::numerics;

TEST(Halves, ComeBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    auto stored = static_cast<uint16_t>(bits);
    float f16 = decodeF16(stored), bf16 = decodeBF16(stored);
    if (!std::isnan(f16)) {
      ASSERT_EQ(encodeF16(f16), stored);
    }
    if (!std::isnan(bf16)) {
      ASSERT_EQ(encodeBF16(bf16), stored);
    }
  }
}

// A signalling NaN becomes quiet and keeps its payload.
TEST(Halves, NanKeepsItsPayload) {
  float value = decodeF16(0xfc01);
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  EXPECT_EQ(bits, 0xffc02000u);
}
