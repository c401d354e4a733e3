// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks of 256 whose groups have small integer scales: (d * scale) * q, less
// (dmin * minimum) where codes are unsigned. The products in parentheses are
// rounded first, once a group.

#include "dialects/Qcc/Numerics/BlockDecoders.h"
#include "dialects/Qcc/Numerics/BlockLayouts.h"

namespace qcc::blocks {

/// The 2 low bits of element `i` of Q2_K and Q3_K: in each half of 128, byte l
/// holds elements l, l + 32, l + 64 and l + 96, lowest bits first.
static int getTwoBits(const uint8_t (&codes)[64], int i) {
  return codes[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
}

/// The 4 low bits of element `i` of Q4_K and Q5_K: each 64 elements take 32
/// bytes, the first 32 the low nibbles.
static int getNibble(const uint8_t (&codes)[128], int i) {
  return codes[i / 64 * 32 + i % 32] >> (i % 64 / 32 * 4) & 15;
}

/// Bit b of byte l is element 32 b + l's.
static int getHighBit(const uint8_t (&highBits)[32], int i) {
  return highBits[i % 32] >> (i / 32) & 1;
}

/// The 6 bits of element `i` of Q6_K. In each half of 128: 64 bytes of nibbles,
/// elements 0 to 63 low and 64 to 127 high, and 32 bytes of four 2-bit fields.
static int getSixBits(const BlockQ6_K &block, int i) {
  int half = i / 128, within = i % 128;
  int low = block.lowBits[half * 64 + within % 64] >> (within / 64 * 4) & 15;
  int high = block.highBits[half * 32 + within % 32] >> (within / 32 * 2) & 3;
  return low | high << 4;
}

void decodeQ2_K(const uint8_t *blocks, int64_t count, float *values) {
  auto *block = reinterpret_cast<const BlockQ2_K *>(blocks);
  for (; count > 0; --count, ++block, values += 256) {
    float d = readF16(block->scale), dmin = readF16(block->minimum);
    for (int i = 0; i < 256; ++i) {
      uint8_t codes = block->scales[i / 16];
      float scale = d * static_cast<float>(codes & 15);
      float minimum = dmin * static_cast<float>(codes >> 4);
      values[i] =
          scale * static_cast<float>(getTwoBits(block->codes, i)) - minimum;
    }
  }
}

void decodeQ3_K(const uint8_t *blocks, int64_t count, float *values) {
  auto *block = reinterpret_cast<const BlockQ3_K *>(blocks);
  for (; count > 0; --count, ++block, values += 256) {
    float d = readF16(block->scale);
    for (int i = 0; i < 256; ++i) {
      float scale = d * static_cast<float>(getScaleQ3K(block->scales, i / 16));
      int code = getTwoBits(block->codes, i) | getHighBit(block->highBits, i)
                                                   << 2;
      values[i] = scale * static_cast<float>(code - 4);
    }
  }
}

void decodeQ4_K(const uint8_t *blocks, int64_t count, float *values) {
  auto *block = reinterpret_cast<const BlockQ4_K *>(blocks);
  for (; count > 0; --count, ++block, values += 256) {
    float d = readF16(block->scale), dmin = readF16(block->minimum);
    for (int i = 0; i < 256; ++i) {
      ScaleAndMinimum codes = getScaleQ4K(block->scales, i / 32);
      float scale = d * static_cast<float>(codes.scale);
      float minimum = dmin * static_cast<float>(codes.minimum);
      values[i] =
          scale * static_cast<float>(getNibble(block->codes, i)) - minimum;
    }
  }
}

void decodeQ5_K(const uint8_t *blocks, int64_t count, float *values) {
  auto *block = reinterpret_cast<const BlockQ5_K *>(blocks);
  for (; count > 0; --count, ++block, values += 256) {
    float d = readF16(block->scale), dmin = readF16(block->minimum);
    for (int i = 0; i < 256; ++i) {
      ScaleAndMinimum codes = getScaleQ4K(block->scales, i / 32);
      float scale = d * static_cast<float>(codes.scale);
      float minimum = dmin * static_cast<float>(codes.minimum);
      int code = getNibble(block->codes, i) | getHighBit(block->highBits, i)
                                                  << 4;
      values[i] = scale * static_cast<float>(code) - minimum;
    }
  }
}

void decodeQ6_K(const uint8_t *blocks, int64_t count, float *values) {
  auto *block = reinterpret_cast<const BlockQ6_K *>(blocks);
  for (; count > 0; --count, ++block, values += 256) {
    float d = readF16(block->scale);
    for (int i = 0; i < 256; ++i) {
      float scale = d * static_cast<float>(block->scales[i / 16]);
      values[i] = scale * static_cast<float>(getSixBits(*block, i) - 32);
    }
  }
}

} // namespace qcc::blocks
