// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stored elements: exact bytes of the 16-bit floats, saturation, wrapping.

#include "dialects/Qcc/Numerics/Elements.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace qcc::numerics;

namespace {

uint16_t encode(double value, ElementKind kind) {
  std::vector<double> values = {value};
  std::vector<char> bytes = writeReals(values, kind);
  uint16_t bits;
  std::memcpy(&bits, bytes.data(), 2);
  return bits;
}

TEST(Elements, F16Bits) {
  EXPECT_EQ(encode(1.0, ElementKind::F16), 0x3c00);
  EXPECT_EQ(encode(-2.0, ElementKind::F16), 0xc000);
  EXPECT_EQ(encode(65504.0, ElementKind::F16), 0x7bff);
  EXPECT_EQ(encode(65520.0, ElementKind::F16), 0x7c00); // rounds to infinity
  EXPECT_EQ(encode(std::ldexp(1.0, -24), ElementKind::F16), 0x0001);
  EXPECT_EQ(encode(std::ldexp(1.0, -25), ElementKind::F16), 0x0000); // tie
  EXPECT_EQ(encode(std::ldexp(3.0, -25), ElementKind::F16), 0x0002); // tie
  EXPECT_EQ(encode(-0.0, ElementKind::F16), 0x8000);
}

TEST(Elements, BF16Bits) {
  EXPECT_EQ(encode(1.0, ElementKind::BF16), 0x3f80);
  EXPECT_EQ(encode(1.00390625, ElementKind::BF16), 0x3f80); // tie to even
  EXPECT_EQ(encode(1.01171875, ElementKind::BF16), 0x3f82); // tie to even
  EXPECT_EQ(encode(INFINITY, ElementKind::BF16), 0x7f80);
  EXPECT_EQ(encode(-INFINITY, ElementKind::BF16), 0xff80);
}

TEST(Elements, HalvesComeBack) {
  for (ElementKind kind : {ElementKind::F16, ElementKind::BF16})
    for (int bits = 0; bits < 0x10000; ++bits) {
      auto stored = static_cast<uint16_t>(bits);
      std::vector<char> bytes(2);
      std::memcpy(bytes.data(), &stored, 2);
      double value = readReals(bytes, kind)[0];
      if (std::isnan(value))
        continue;
      ASSERT_EQ(encode(value, kind), stored);
    }
}

TEST(Elements, FloatToIntegerTruncatesAndSaturates) {
  std::vector<double> values = {-1.9, 1.9, 300, -300, std::nan("")};
  std::vector<char> bytes = writeReals(values, ElementKind::I8);
  EXPECT_EQ(readIntegers(bytes, ElementKind::I8),
            (std::vector<int64_t>{-1, 1, 127, -128, 0}));
  bytes = writeReals(values, ElementKind::U8);
  EXPECT_EQ(readIntegers(bytes, ElementKind::U8),
            (std::vector<int64_t>{0, 1, 255, 0, 0}));
  std::vector<double> large = {1e30, -1e30};
  bytes = writeReals(large, ElementKind::I64);
  EXPECT_EQ(readIntegers(bytes, ElementKind::I64),
            (std::vector<int64_t>{std::numeric_limits<int64_t>::max(),
                                  std::numeric_limits<int64_t>::lowest()}));
}

TEST(Elements, IntegersWrap) {
  std::vector<int64_t> values = {257, -1};
  std::vector<char> bytes = writeIntegers(values, ElementKind::U8);
  EXPECT_EQ(readIntegers(bytes, ElementKind::U8),
            (std::vector<int64_t>{1, 255}));
}

TEST(Elements, TruthIsNotZero) {
  std::vector<double> values = {0.0, 0.5, std::nan("")};
  EXPECT_EQ(writeReals(values, ElementKind::Bool),
            (std::vector<char>{0, 1, 1}));
}

TEST(Elements, NoElements) {
  EXPECT_TRUE(readReals({}, ElementKind::F32).empty());
  EXPECT_TRUE(writeIntegers({}, ElementKind::I32).empty());
}

} // namespace
