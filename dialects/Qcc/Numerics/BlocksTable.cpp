// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Four-bit codes that are looked up: d * table[q], or (d * scale) * table[q]
// where groups have scales.

#include "dialects/Qcc/Numerics/BlockDecoders.h"
#include "dialects/Qcc/Numerics/BlockLayouts.h"

namespace qcc::blocks {

/// 32 elements: byte j holds element j (low) and j + 16 (high).
static void decodeGroup(const uint8_t *codes, const int8_t (&table)[16],
                        float scale, float *values) {
  for (int j = 0; j < 16; ++j) {
    values[j] = scale * static_cast<float>(table[codes[j] & 15]);
    values[j + 16] = scale * static_cast<float>(table[codes[j] >> 4]);
  }
}

void decodeIQ4_NL(const uint8_t *blocks, int64_t count, float *values) {
  auto *block = reinterpret_cast<const BlockIQ4_NL *>(blocks);
  for (; count > 0; --count, ++block, values += 32)
    decodeGroup(block->codes, kValuesIQ4, readF16(block->scale), values);
}

void decodeIQ4_XS(const uint8_t *blocks, int64_t count, float *values) {
  auto *block = reinterpret_cast<const BlockIQ4_XS *>(blocks);
  for (; count > 0; --count, ++block)
    for (int group = 0; group < 8; ++group, values += 32) {
      float scale = readF16(block->scale) *
                    static_cast<float>(getScaleIQ4XS(*block, group));
      decodeGroup(block->codes + 16 * group, kValuesIQ4, scale, values);
    }
}

void decodeMXFP4(const uint8_t *blocks, int64_t count, float *values) {
  auto *block = reinterpret_cast<const BlockMXFP4 *>(blocks);
  for (; count > 0; --count, ++block, values += 32)
    decodeGroup(block->codes, kValuesMXFP4, getScaleMXFP4(block->exponent),
                values);
}

} // namespace qcc::blocks
