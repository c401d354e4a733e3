// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bytes of each block, in order, for decoders and packers. Fields are bytes
// so that a block may lie at any address of a mapped file; multi-byte fields
// are little-endian. docs/blocks.md draws which bits are which element's.

#ifndef DIALECTS_QCC_NUMERICS_BLOCKLAYOUTS_H
#define DIALECTS_QCC_NUMERICS_BLOCKLAYOUTS_H

#include "dialects/Qcc/Numerics/Halves.h"

namespace qcc {

using LittleHalf = uint8_t[2];

/// Two nibbles a byte: byte j holds element j (low) and j + 16 (high).
struct BlockQ4_0 {
  LittleHalf scale;
  uint8_t codes[16];
};
static_assert(sizeof(BlockQ4_0) == 18);

struct BlockQ4_1 {
  LittleHalf scale, minimum;
  uint8_t codes[16];
};
static_assert(sizeof(BlockQ4_1) == 20);

/// Bit j of the 32-bit `highBits` is the fifth bit of element j.
struct BlockQ5_0 {
  LittleHalf scale;
  uint8_t highBits[4];
  uint8_t codes[16];
};
static_assert(sizeof(BlockQ5_0) == 22);

struct BlockQ5_1 {
  LittleHalf scale, minimum;
  uint8_t highBits[4];
  uint8_t codes[16];
};
static_assert(sizeof(BlockQ5_1) == 24);

struct BlockQ8_0 {
  LittleHalf scale;
  int8_t codes[32];
};
static_assert(sizeof(BlockQ8_0) == 34);

/// 16 groups of 16: low nibble the scale's code, high nibble the minimum's.
struct BlockQ2_K {
  uint8_t scales[16];
  uint8_t codes[64];
  LittleHalf scale, minimum;
};
static_assert(sizeof(BlockQ2_K) == 84);

/// 16 groups of 16; `scales` packs 6 bits each, see getScaleQ3K.
struct BlockQ3_K {
  uint8_t highBits[32];
  uint8_t codes[64];
  uint8_t scales[12];
  LittleHalf scale;
};
static_assert(sizeof(BlockQ3_K) == 110);

/// 8 groups of 32; `scales` packs 6 + 6 bits each, see getScaleQ4K.
struct BlockQ4_K {
  LittleHalf scale, minimum;
  uint8_t scales[12];
  uint8_t codes[128];
};
static_assert(sizeof(BlockQ4_K) == 144);

struct BlockQ5_K {
  LittleHalf scale, minimum;
  uint8_t scales[12];
  uint8_t highBits[32];
  uint8_t codes[128];
};
static_assert(sizeof(BlockQ5_K) == 176);

struct BlockQ6_K {
  uint8_t lowBits[128];
  uint8_t highBits[64];
  int8_t scales[16];
  LittleHalf scale;
};
static_assert(sizeof(BlockQ6_K) == 210);

struct BlockIQ4_NL {
  LittleHalf scale;
  uint8_t codes[16];
};
static_assert(sizeof(BlockIQ4_NL) == 18);

/// 8 groups of 32; scales are split, see getScaleIQ4XS.
struct BlockIQ4_XS {
  LittleHalf scale;
  LittleHalf highScales;
  uint8_t lowScales[4];
  uint8_t codes[128];
};
static_assert(sizeof(BlockIQ4_XS) == 136);

struct BlockMXFP4 {
  uint8_t exponent;
  uint8_t codes[16];
};
static_assert(sizeof(BlockMXFP4) == 17);

inline uint16_t readHalfBits(const LittleHalf &bytes) {
  return static_cast<uint16_t>(bytes[0] | bytes[1] << 8);
}

inline float readF16(const LittleHalf &bytes) {
  return numerics::decodeF16(readHalfBits(bytes));
}

/// Codes of the scale and of the minimum of a group of Q4_K and Q5_K.
struct ScaleAndMinimum {
  uint8_t scale, minimum;
};

/// The first four groups have bytes of their own, whose upper two bits complete
/// the nibbles of the last four:
///
///   byte     0..3          4..7           8..11
///   bits 0-5 scale 0..3    minimum 0..3   0-3 scale 4..7, 4-7 minimum 4..7
///   bits 6-7 of scale 4..7 of minimum 4..7
inline ScaleAndMinimum getScaleQ4K(const uint8_t (&scales)[12], int group) {
  if (group < 4)
    return {static_cast<uint8_t>(scales[group] & 63),
            static_cast<uint8_t>(scales[group + 4] & 63)};
  uint8_t nibbles = scales[group + 4];
  return {static_cast<uint8_t>((nibbles & 15) | scales[group - 4] >> 6 << 4),
          static_cast<uint8_t>(nibbles >> 4 | scales[group] >> 6 << 4)};
}

/// Scale of a group of Q3_K, -32 to 31. Nibbles of bytes 0 to 7, low ones
/// first, and above them two bits each of bytes 8 to 11.
inline int getScaleQ3K(const uint8_t (&scales)[12], int group) {
  int low = scales[group % 8] >> (group / 8 * 4) & 15;
  int high = scales[8 + group % 4] >> (group / 4 * 2) & 3;
  return (low | high << 4) - 32;
}

/// Scale of a group of IQ4_XS, -32 to 31.
inline int getScaleIQ4XS(const BlockIQ4_XS &block, int group) {
  int low = block.lowScales[group / 2] >> (group % 2 * 4) & 15;
  int high = readHalfBits(block.highScales) >> (2 * group) & 3;
  return (low | high << 4) - 32;
}

/// 2^(exponent - 128): half of the E8M0 scale, since the table below has twice
/// the values of E2M1. The two smallest are subnormal; 255 is a number here.
inline float getScaleMXFP4(uint8_t exponent) {
  return numerics::makeFloat(exponent < 2 ? 0x200000u << exponent
                                          : uint32_t(exponent - 1) << 23);
}

/// Values of the codes of IQ4_NL and IQ4_XS: finer about zero.
inline constexpr int8_t kValuesIQ4[16] = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

/// Twice the values of E2M1; the sign of zero is dropped.
inline constexpr int8_t kValuesMXFP4[16] = {0, 1,  2,  3,  4,  6,  8,  12,
                                            0, -1, -2, -3, -4, -6, -8, -12};

} // namespace qcc

#endif // DIALECTS_QCC_NUMERICS_BLOCKLAYOUTS_H
