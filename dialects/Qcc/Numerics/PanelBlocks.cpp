// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes blocks of each format apart: docs/blocks.md draws them.

#include "dialects/Qcc/Numerics/PanelFormat.h"

#include <cstring>

namespace qcc {

namespace {

uint32_t readBytes(const uint8_t *bytes, int64_t count) {
  uint32_t value = 0;
  std::memcpy(&value, bytes, count);
  return value;
}

/// Byte j holds element j in the low and element j + 16 in the high nibble.
void splitNibbles(const uint8_t *bytes, uint8_t *codes) {
  for (int j = 0; j < 16; ++j) {
    codes[j] = bytes[j] & 15;
    codes[j + 16] = bytes[j] >> 4;
  }
}

/// q4_0, q4_1, q5_0, q5_1, q8_0, iq4_nl, mxfp4.
void readSimple(const PanelFormat &format, const uint8_t *block,
                BlockParts &parts) {
  int64_t size = format.scaleBytes();
  parts.scales[0] = readBytes(block, size);
  block += size;
  if (format.hasMinimum) {
    // These formats add their minimum; the panel's is subtracted.
    parts.minima[0] = readBytes(block, size) ^ 0x8000;
    block += size;
  }
  if (format.bits == 8) {
    for (int j = 0; j < 32; ++j)
      parts.codes[j] = block[j] ^ format.flip;
    return;
  }
  uint32_t high = 0;
  if (format.bits == 5) {
    high = readBytes(block, 4);
    block += 4;
  }
  splitNibbles(block, parts.codes);
  for (int j = 0; j < 32 && format.bits == 5; ++j)
    parts.codes[j] |= (high >> j & 1) << 4;
}

/// 8 scales and 8 minima of 6 bits in 12 bytes, of q4_k and q5_k.
void readSixBitPairs(const uint8_t *bytes, BlockParts &parts) {
  for (int j = 0; j < 4; ++j) {
    parts.groupScales[j] = bytes[j] & 63;
    parts.groupMinima[j] = bytes[j + 4] & 63;
    parts.groupScales[j + 4] = (bytes[j + 8] & 15) | bytes[j] >> 6 << 4;
    parts.groupMinima[j + 4] = bytes[j + 8] >> 4 | bytes[j + 4] >> 6 << 4;
  }
}

void readQ45K(const PanelFormat &format, const uint8_t *block,
              BlockParts &parts) {
  parts.scales[0] = readBytes(block, 2);
  parts.minima[0] = readBytes(block + 2, 2);
  readSixBitPairs(block + 4, parts);
  const uint8_t *high = block + 16;
  const uint8_t *low = format.bits == 5 ? high + 32 : high;
  for (int chunk = 0; chunk < 4; ++chunk)
    for (int l = 0; l < 32; ++l) {
      uint8_t *codes = parts.codes + 64 * chunk;
      codes[l] = low[32 * chunk + l] & 15;
      codes[l + 32] = low[32 * chunk + l] >> 4;
      if (format.bits == 5) {
        codes[l] |= (high[l] >> 2 * chunk & 1) << 4;
        codes[l + 32] |= (high[l] >> (2 * chunk + 1) & 1) << 4;
      }
    }
}

/// Two bits of each element: byte l of a half holds l, l + 32, l + 64, l + 96.
void readTwoBits(const uint8_t *bytes, uint8_t *codes) {
  for (int half = 0; half < 2; ++half)
    for (int l = 0; l < 32; ++l)
      for (int i = 0; i < 4; ++i)
        codes[128 * half + 32 * i + l] = bytes[32 * half + l] >> 2 * i & 3;
}

void readQ2K(const uint8_t *block, BlockParts &parts) {
  for (int g = 0; g < 16; ++g) {
    parts.groupScales[g] = block[g] & 15;
    parts.groupMinima[g] = block[g] >> 4;
  }
  readTwoBits(block + 16, parts.codes);
  parts.scales[0] = readBytes(block + 80, 2);
  parts.minima[0] = readBytes(block + 82, 2);
}

void readQ3K(const uint8_t *block, BlockParts &parts) {
  readTwoBits(block + 32, parts.codes);
  for (int b = 0; b < 8; ++b)
    for (int l = 0; l < 32; ++l)
      parts.codes[32 * b + l] |= (block[l] >> b & 1) << 2;
  const uint8_t *scales = block + 96;
  for (int j = 0; j < 16; ++j) {
    int low = j < 8 ? scales[j] & 15 : scales[j - 8] >> 4;
    parts.groupScales[j] = low | (scales[8 + j % 4] >> 2 * (j / 4) & 3) << 4;
  }
  parts.scales[0] = readBytes(block + 108, 2);
}

void readQ6K(const uint8_t *block, BlockParts &parts) {
  for (int half = 0; half < 2; ++half) {
    const uint8_t *low = block + 64 * half, *high = block + 128 + 32 * half;
    uint8_t *codes = parts.codes + 128 * half;
    for (int l = 0; l < 32; ++l)
      for (int i = 0; i < 4; ++i) {
        uint8_t nibble = low[l + 32 * (i % 2)] >> 4 * (i / 2) & 15;
        codes[32 * i + l] = nibble | (high[l] >> 2 * i & 3) << 4;
      }
  }
  std::memcpy(parts.groupScales, block + 192, 16);
  parts.scales[0] = readBytes(block + 208, 2);
}

void readIq4Xs(const uint8_t *block, BlockParts &parts) {
  parts.scales[0] = readBytes(block, 2);
  uint32_t high = readBytes(block + 2, 2);
  for (int g = 0; g < 8; ++g) {
    uint8_t low = block[4 + g / 2] >> 4 * (g % 2) & 15;
    parts.groupScales[g] = low | (high >> 2 * g & 3) << 4;
    splitNibbles(block + 8 + 16 * g, parts.codes + 32 * g);
  }
}

/// f32 scales, perhaps f32 minima, codes from the lowest bit on.
void readGrouped(const PanelFormat &format, const uint8_t *block,
                 BlockParts &parts) {
  for (int64_t i = 0; i < format.scales(); ++i) {
    parts.scales[i] = readBytes(block + 4 * i, 4);
    if (format.hasMinimum)
      parts.minima[i] = readBytes(block + format.minimumAt(1) + 4 * i, 4);
  }
  block += format.codesAt(1);
  for (int64_t k = 0; k < format.block; ++k) {
    int64_t bit = k * format.bits;
    uint32_t word = block[bit / 8];
    if (bit % 8 + format.bits > 8)
      word |= block[bit / 8 + 1] << 8;
    parts.codes[k] = word >> bit % 8 & ((1 << format.bits) - 1);
  }
}

} // namespace

void readBlock(const PanelFormat &format, const uint8_t *block,
               BlockParts &parts) {
  if (format.scale == BlockScale::F32)
    return readGrouped(format, block, parts);
  if (format.block == 32)
    return readSimple(format, block, parts);
  if (format.name == "q2_k")
    return readQ2K(block, parts);
  if (format.name == "q3_k")
    return readQ3K(block, parts);
  if (format.name == "q6_k")
    return readQ6K(block, parts);
  if (format.name == "iq4_xs")
    return readIq4Xs(block, parts);
  return readQ45K(format, block, parts);
}

} // namespace qcc
