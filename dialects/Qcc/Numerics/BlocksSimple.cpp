// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plain floats, and blocks of 32 codes with one scale: q * d, or q * d + m
// where the codes are unsigned. Each product and sum is rounded once.

#include "dialects/Qcc/Numerics/BlockDecoders.h"
#include "dialects/Qcc/Numerics/BlockLayouts.h"

namespace qcc::blocks {
namespace {

/// Calls `decode(block, values)` for each block of `count`, `Elements` apart.
template <typename Block, int Elements, typename Function>
void forEachBlock(const uint8_t *blocks, int64_t count, float *values,
                  Function decode) {
  // The structs are of bytes: any address will do.
  auto *block = reinterpret_cast<const Block *>(blocks);
  for (int64_t i = 0; i < count; ++i)
    decode(block[i], values + i * Elements);
}

int getLow(const uint8_t (&codes)[16], int j) { return codes[j] & 15; }
int getHigh(const uint8_t (&codes)[16], int j) { return codes[j] >> 4; }

/// 16 if element `i` has its fifth bit set.
int getFifth(const uint8_t (&highBits)[4], int i) {
  return (highBits[i / 8] >> (i % 8) & 1) << 4;
}

} // namespace

void decodeF32(const uint8_t *blocks, int64_t count, float *values) {
  std::memcpy(values, blocks, static_cast<size_t>(count) * sizeof(float));
}

void decodeF16(const uint8_t *blocks, int64_t count, float *values) {
  for (int64_t i = 0; i < count; ++i) {
    const uint8_t *bytes = blocks + 2 * i;
    values[i] = numerics::decodeF16(uint16_t(bytes[0] | bytes[1] << 8));
  }
}

void decodeBF16(const uint8_t *blocks, int64_t count, float *values) {
  for (int64_t i = 0; i < count; ++i) {
    const uint8_t *bytes = blocks + 2 * i;
    values[i] = numerics::decodeBF16(uint16_t(bytes[0] | bytes[1] << 8));
  }
}

void decodeQ4_0(const uint8_t *blocks, int64_t count, float *values) {
  auto decode = [](const BlockQ4_0 &block, float *out) {
    float d = readF16(block.scale);
    for (int j = 0; j < 16; ++j) {
      out[j] = static_cast<float>(getLow(block.codes, j) - 8) * d;
      out[j + 16] = static_cast<float>(getHigh(block.codes, j) - 8) * d;
    }
  };
  forEachBlock<BlockQ4_0, 32>(blocks, count, values, decode);
}

void decodeQ4_1(const uint8_t *blocks, int64_t count, float *values) {
  auto decode = [](const BlockQ4_1 &block, float *out) {
    float d = readF16(block.scale), m = readF16(block.minimum);
    for (int j = 0; j < 16; ++j) {
      out[j] = static_cast<float>(getLow(block.codes, j)) * d + m;
      out[j + 16] = static_cast<float>(getHigh(block.codes, j)) * d + m;
    }
  };
  forEachBlock<BlockQ4_1, 32>(blocks, count, values, decode);
}

void decodeQ5_0(const uint8_t *blocks, int64_t count, float *values) {
  auto decode = [](const BlockQ5_0 &block, float *out) {
    float d = readF16(block.scale);
    for (int j = 0; j < 16; ++j) {
      int low = getLow(block.codes, j) | getFifth(block.highBits, j);
      int high = getHigh(block.codes, j) | getFifth(block.highBits, j + 16);
      out[j] = static_cast<float>(low - 16) * d;
      out[j + 16] = static_cast<float>(high - 16) * d;
    }
  };
  forEachBlock<BlockQ5_0, 32>(blocks, count, values, decode);
}

void decodeQ5_1(const uint8_t *blocks, int64_t count, float *values) {
  auto decode = [](const BlockQ5_1 &block, float *out) {
    float d = readF16(block.scale), m = readF16(block.minimum);
    for (int j = 0; j < 16; ++j) {
      int low = getLow(block.codes, j) | getFifth(block.highBits, j);
      int high = getHigh(block.codes, j) | getFifth(block.highBits, j + 16);
      out[j] = static_cast<float>(low) * d + m;
      out[j + 16] = static_cast<float>(high) * d + m;
    }
  };
  forEachBlock<BlockQ5_1, 32>(blocks, count, values, decode);
}

void decodeQ8_0(const uint8_t *blocks, int64_t count, float *values) {
  auto decode = [](const BlockQ8_0 &block, float *out) {
    float d = readF16(block.scale);
    for (int j = 0; j < 32; ++j)
      out[j] = static_cast<float>(block.codes[j]) * d;
  };
  forEachBlock<BlockQ8_0, 32>(blocks, count, values, decode);
}

} // namespace qcc::blocks
