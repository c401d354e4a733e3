// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads single elements of a panel where dialects/Qcc/Numerics/PanelFormat.h
// says they are, and of groups in a row.

#ifndef TEST_UNIT_DIALECTS_QCC_NUMERICS_PANELELEMENTS_H
#define TEST_UNIT_DIALECTS_QCC_NUMERICS_PANELELEMENTS_H

#include "dialects/Qcc/Numerics/Blocks.h"
#include "dialects/Qcc/Numerics/PanelFormat.h"

#include <cmath>
#include <cstring>
#include <vector>

namespace qcc {

/// A 16-bit float, through the decoder of plain floats.
inline float widen(const uint8_t *bytes, bool isBrain) {
  float value;
  decodeBlocks(isBrain ? BlockFormat::BF16 : BlockFormat::F16, bytes, 1,
               &value);
  return value;
}

inline float readFloat(const uint8_t *bytes) {
  float value;
  std::memcpy(&value, bytes, 4);
  return value;
}

/// Where the f16 numbers of a block in a file begin.
inline std::vector<int64_t> findHalves(const PanelFormat &format) {
  if (format.isBrain)
    return {0, 2};
  if (format.isFloat)
    return format.bits == 16 ? std::vector<int64_t>{0}
                             : std::vector<int64_t>{2};
  if (format.scale == BlockScale::Exponent)
    return {};
  int64_t last = format.blockBytes(1);
  if (format.name == "q2_k")
    return {last - 4, last - 2};
  if (format.name == "q3_k" || format.name == "q6_k")
    return {last - 2};
  return format.hasMinimum ? std::vector<int64_t>{0, 2}
                           : std::vector<int64_t>{0};
}

/// The values of a row of groups with f32 scales (docs/blocks.md).
inline void decodeGroups(const PanelFormat &format, const uint8_t *row,
                         std::vector<float> &values) {
  for (size_t k = 0; k < values.size(); ++k) {
    const uint8_t *block =
        row + static_cast<int64_t>(k) / format.block * format.blockBytes(1);
    // Scales, then minima, of each group.
    int64_t group = static_cast<int64_t>(k) % format.block / format.group;
    int64_t groups = format.block / format.group;
    const uint8_t *scale = block + 4 * group;
    const uint8_t *codes = block + (format.hasMinimum ? 8 : 4) * groups;
    int64_t code = 0;
    for (int64_t i = 0; i < format.bits; ++i) {
      int64_t bit = static_cast<int64_t>(k) % format.block * format.bits + i;
      code |= int64_t(codes[bit / 8] >> bit % 8 & 1) << i;
    }
    float minimum = format.hasMinimum ? readFloat(scale + 4 * groups) : 0;
    values[k] =
        readFloat(scale) * static_cast<float>(code - format.offset) - minimum;
  }
}

class PanelElements {
public:
  PanelElements(const PanelFormat &format, const uint8_t *panel, int64_t lanes)
      : format(format), panel(panel), lanes(lanes) {}

  float get(int64_t lane, int64_t column) const {
    const uint8_t *block =
        panel + column / format.block * format.blockBytes(lanes);
    if (format.isBrain)
      return widen(block + 4 * lane + 2 * (column % 2), true);
    if (format.isFloat)
      return format.bits == 32 ? readFloat(block + 4 * lane)
                               : widen(block + 2 * lane, false);
    int64_t k = column % format.block, group = k / format.group;
    // Groups of 16 have scales of their own.
    int64_t number = format.groupBits ? lane : group * lanes + lane;
    float scale = getNumber(block, number);
    float minimum = format.hasMinimum
                        ? getNumber(block + format.minimumAt(lanes), number)
                        : 0;
    if (format.groupBits) {
      scale *= static_cast<float>(getGroupScale(block, lane, group));
      if (format.hasGroupMinimum)
        minimum *= static_cast<float>(getGroupMinimum(block, lane, group));
    }
    int64_t code = getCode(block + format.codesAt(lanes), lane, k);
    if (const uint8_t *codebook = getCodebook(format.codebook))
      code = codebook[code];
    return scale * static_cast<float>(code - format.offset) - minimum;
  }

private:
  float getNumber(const uint8_t *bytes, int64_t lane) const {
    if (format.scale == BlockScale::F32)
      return readFloat(bytes + 4 * lane);
    if (format.scale == BlockScale::F16)
      return widen(bytes + 2 * lane, false);
    return std::ldexp(1.0f, bytes[lane] - 128);
  }

  int64_t getGroupScale(const uint8_t *block, int64_t lane,
                        int64_t group) const {
    int64_t number =
        format.hasNumberWords()
            ? getWordNumber(block, lane, group)
            : getGroupNumber(block + format.groupScalesAt(lanes), lane, group);
    if (format.hasSignedGroups)
      number = static_cast<int8_t>(number);
    return number - format.groupOffset;
  }

  int64_t getGroupMinimum(const uint8_t *block, int64_t lane,
                          int64_t group) const {
    return format.hasNumberWords()
               ? getWordNumber(block, lane, format.groups() + group)
               : getGroupNumber(block + format.groupMinimaAt(lanes), lane,
                                group);
  }

  int64_t getGroupNumber(const uint8_t *bytes, int64_t lane,
                         int64_t group) const {
    if (format.groupBits == 8)
      return bytes[group * lanes + lane];
    int64_t number = bytes[group / 2 * lanes + lane] >> group % 2 * 4 & 15;
    if (format.groupBits == 4)
      return number;
    const uint8_t *high = bytes + format.groups() / 2 * lanes;
    return number | (high[group / 4 * lanes + lane] >> group % 4 * 2 & 3) << 4;
  }

  /// The table of three words in PanelFormat.h.
  int64_t getWordNumber(const uint8_t *block, int64_t lane,
                        int64_t number) const {
    struct Part {
      int word, from, bits;
    };
    static const Part low[8] = {{0, 0, 6}, {0, 6, 6}, {1, 0, 6},  {1, 6, 6},
                                {2, 0, 6}, {2, 6, 6}, {0, 12, 4}, {2, 12, 4}};
    static const Part high[8] = {{}, {}, {},         {},
                                 {}, {}, {1, 12, 2}, {1, 14, 2}};
    auto read = [&](const Part &part) -> int64_t {
      uint32_t word;
      std::memcpy(&word,
                  block + format.groupScalesAt(lanes) +
                      (part.word * lanes + lane) * 4,
                  4);
      return word >> (part.from + number % 2 * 16) & ((1u << part.bits) - 1);
    };
    int64_t pair = number / 2;
    return read(low[pair]) | (pair < 6 ? 0 : read(high[pair]) << 4);
  }

  int64_t getCode(const uint8_t *codes, int64_t lane, int64_t k) const {
    int64_t chunkBytes = 32 * format.bits * lanes / 8;
    const uint8_t *low = codes + k / 32 * chunkBytes;
    int64_t bits = format.lowBits();
    int64_t code = getPlane(low, bits, lane, k % 32);
    if (format.highBits())
      code |=
          getPlane(low + 32 * bits * lanes / 8, format.highBits(), lane, k % 32)
          << bits;
    return code;
  }

  int64_t getPlane(const uint8_t *plane, int64_t bits, int64_t lane,
                   int64_t k) const {
    int64_t step = k / 4, each = 8 / bits;
    uint8_t byte = plane[step / each * lanes * 4 + lane * 4 + k % 4];
    return byte >> step % each * bits & ((1 << bits) - 1);
  }

  const PanelFormat &format;
  const uint8_t *panel;
  int64_t lanes;
};

} // namespace qcc

#endif // TEST_UNIT_DIALECTS_QCC_NUMERICS_PANELELEMENTS_H
