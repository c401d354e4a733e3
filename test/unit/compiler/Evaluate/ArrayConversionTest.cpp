// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element types: what converts, and what would lose something.

#include "compiler/Evaluate/NpyFile.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>

using namespace llvm;
using namespace qcc::evaluate;

template <typename From>
static Expected<Array> convert(ArrayType from, From value, ArrayType to) {
  return convertArray(Array::make<From>(from, {1}, value), to, "a");
}

TEST(ArrayConversion, RoundsDoublesOnce) {
  Array array = cantFail(convert(ArrayType::F64, 0.1, ArrayType::F32));
  EXPECT_EQ(array.values<float>()[0], 0.1f);
}

TEST(ArrayConversion, WidensAndNarrowsHalves) {
  for (auto [bits, value] : {std::pair<uint16_t, float>{0x3c00, 1.0f},
                             {0xc000, -2.0f},
                             {0x0001, std::ldexp(1.0f, -24)},
                             {0x7bff, 65504.0f}}) {
    Array wide = cantFail(convert(ArrayType::F16, bits, ArrayType::F32));
    EXPECT_EQ(wide.values<float>()[0], value);
    Array half = cantFail(convert(ArrayType::F32, value, ArrayType::F16));
    EXPECT_EQ(half.values<uint16_t>()[0], bits);
  }
}

TEST(ArrayConversion, ConvertsWhatFits) {
  EXPECT_EQ(cantFail(convert(ArrayType::U8, uint8_t(255), ArrayType::F32))
                .values<float>()[0],
            255.0f);
  EXPECT_EQ(cantFail(convert(ArrayType::S64, int64_t(-128), ArrayType::S8))
                .values<int8_t>()[0],
            -128);
  EXPECT_EQ(
      cantFail(convert(ArrayType::F64, -9223372036854775808.0, ArrayType::S64))
          .values<int64_t>()[0],
      std::numeric_limits<int64_t>::min());
  EXPECT_EQ(cantFail(convert(ArrayType::S32, 1, ArrayType::Boolean)).bytes[0],
            1);
}

TEST(ArrayConversion, RefusesWhatDoesNotFit) {
  auto isRefused = [](Expected<Array> array) {
    return !array && (consumeError(array.takeError()), true);
  };
  EXPECT_TRUE(isRefused(convert(ArrayType::S64, int64_t(128), ArrayType::S8)));
  EXPECT_TRUE(isRefused(convert(ArrayType::S32, -1, ArrayType::U64)));
  EXPECT_TRUE(isRefused(convert(ArrayType::U64, ~uint64_t(0), ArrayType::S64)));
  EXPECT_TRUE(isRefused(convert(ArrayType::F32, 0.5f, ArrayType::S32)));
  EXPECT_TRUE(isRefused(
      convert(ArrayType::F64, 9223372036854775808.0, ArrayType::S64)));
  EXPECT_TRUE(isRefused(convert(ArrayType::F32, std::nanf(""), ArrayType::U8)));
  EXPECT_TRUE(
      isRefused(convert(ArrayType::U8, uint8_t(2), ArrayType::Boolean)));
  EXPECT_EQ(toString(convert(ArrayType::S32, 300, ArrayType::U8).takeError()),
            "a: expected values of type u8, but got 300 at element 0");
}
