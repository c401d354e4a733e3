// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of formats, and the interleaving of rows.

#include "dialects/Qcc/Numerics/PanelFormat.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstring>
#include <vector>

namespace qcc {

namespace {

PanelFormat makeFloat(const char *name, int64_t bits, bool isBrain) {
  PanelFormat format(name, bits);
  format.isFloat = true;
  format.isBrain = isBrain;
  // Pairs are the operands of a dot product.
  format.block = format.group = isBrain ? 2 : 1;
  format.scale = BlockScale::None;
  return format;
}

/// 32 columns that share an f16 scale.
PanelFormat makeSimple(const char *name, int64_t bits, int64_t offset,
                       bool hasMinimum = false) {
  PanelFormat format(name, bits);
  format.block = format.group = 32;
  format.offset = offset;
  format.hasMinimum = hasMinimum;
  return format;
}

/// 256 columns whose groups have integer scales of their own.
PanelFormat makeSuper(const char *name, int64_t bits, int64_t offset,
                      int64_t group, int64_t groupBits, bool hasMinimum) {
  PanelFormat format(name, bits);
  format.block = 256;
  format.group = group;
  format.offset = offset;
  format.groupBits = groupBits;
  format.hasMinimum = format.hasGroupMinimum = hasMinimum;
  return format;
}

std::vector<PanelFormat> makeFormats() {
  std::vector<PanelFormat> formats = {
      makeFloat("f32", 32, false),
      makeFloat("f16", 16, false),
      makeFloat("bf16", 16, true),
      makeSimple("q4_0", 4, 8),
      makeSimple("q4_1", 4, 0, true),
      makeSimple("q5_0", 5, 16),
      makeSimple("q5_1", 5, 0, true),
      makeSimple("q8_0", 8, 128),
      makeSuper("q2_k", 2, 0, 16, 4, true),
      makeSuper("q3_k", 3, 4, 16, 6, false),
      makeSuper("q4_k", 4, 0, 32, 6, true),
      makeSuper("q5_k", 5, 0, 32, 6, true),
      makeSuper("q6_k", 6, 32, 16, 8, false),
      makeSimple("iq4_nl", 4, 128),
      makeSuper("iq4_xs", 4, 128, 32, 6, false),
      makeSimple("mxfp4", 4, 12),
  };
  for (PanelFormat &format : formats) {
    if (format.name == "q8_0")
      format.flip = 0x80;
    if (format.name == "q3_k" || format.name == "iq4_xs")
      format.groupOffset = 32;
    if (format.name == "q6_k")
      format.hasSignedGroups = true;
    if (format.name == "iq4_nl" || format.name == "iq4_xs")
      format.codebook = Codebook::Iq4;
    if (format.name == "mxfp4") {
      format.codebook = Codebook::Fp4;
      format.scale = BlockScale::Exponent;
    }
  }
  return formats;
}

/// `int4_g128`, `int8_g32z`: groups with f32 scales, and zero points as minima.
std::optional<PanelFormat> parseGrouped(std::string_view name) {
  PanelFormat format(name, 0);
  if (name.substr(0, 3) != "int")
    return std::nullopt;
  const char *end = name.data() + name.size();
  auto bits = std::from_chars(name.data() + 3, end, format.bits);
  if (bits.ec != std::errc() || end - bits.ptr < 2 ||
      std::string_view(bits.ptr, 2) != "_g")
    return std::nullopt;
  auto group = std::from_chars(bits.ptr + 2, end, format.group);
  std::string_view rest(group.ptr, end - group.ptr);
  bool isKnownSize = format.group == 16 || format.group == 32 ||
                     format.group == 64 || format.group == 128 ||
                     format.group == 256;
  if (group.ec != std::errc() || !isKnownSize || (rest != "" && rest != "z") ||
      (format.bits != 2 && format.bits != 3 && format.bits != 4 &&
       format.bits != 8))
    return std::nullopt;
  format.block = std::max<int64_t>(format.group, 32);
  format.scale = BlockScale::F32;
  format.hasMinimum = rest == "z";
  format.offset = format.hasMinimum ? 0 : 1 << (format.bits - 1);
  return format;
}

} // namespace

int64_t PanelFormat::scaleBytes() const {
  switch (scale) {
  case BlockScale::None:
    return 0;
  case BlockScale::F16:
    return 2;
  case BlockScale::F32:
    return 4;
  case BlockScale::Exponent:
    return 1;
  }
  return 0;
}

std::optional<PanelFormat> findPanelFormat(std::string_view name) {
  static const std::vector<PanelFormat> formats = makeFormats();
  for (const PanelFormat &format : formats)
    if (format.name == name)
      return format;
  return parseGrouped(name);
}

int64_t getBlockRowBytes(const PanelFormat &format, int64_t columns) {
  if (format.isFloat)
    return columns * format.bits / 8;
  // A panel of one row has the bytes of its blocks.
  int64_t blocks = (columns + format.block - 1) / format.block;
  return blocks * format.blockBytes(1);
}

const uint8_t *getCodebook(Codebook codebook) {
  static const uint8_t iq4[16] = {1,   24,  45,  63,  79,  93,  106, 118,
                                  129, 141, 153, 166, 181, 197, 217, 241};
  static const uint8_t fp4[16] = {12, 13, 14, 15, 16, 18, 20, 24,
                                  12, 11, 10, 9,  8,  6,  4,  0};
  return codebook == Codebook::Iq4   ? iq4
         : codebook == Codebook::Fp4 ? fp4
                                     : nullptr;
}

namespace {

/// Writes one row's blocks into its lane of a panel.
class LaneWriter {
public:
  LaneWriter(const PanelFormat &format, int64_t lanes, int64_t lane)
      : format(format), lanes(lanes), lane(lane) {}

  void write(const BlockParts &parts, uint8_t *block) {
    int64_t size = format.scaleBytes();
    for (int64_t i = 0; i < format.scales(); ++i) {
      uint8_t *scale = block + (i * lanes + lane) * size;
      std::memcpy(scale, &parts.scales[i], size);
      if (format.hasMinimum)
        std::memcpy(scale + format.minimumAt(lanes), &parts.minima[i], size);
    }
    if (format.hasNumberWords()) {
      writeNumberWords(parts, block + format.groupScalesAt(lanes));
    } else {
      writeGroups(parts.groupScales, block + format.groupScalesAt(lanes));
      if (format.hasGroupMinimum)
        writeGroups(parts.groupMinima, block + format.groupMinimaAt(lanes));
    }
    int64_t chunkBytes = 32 * format.bits * lanes / 8;
    for (int64_t chunk = 0; chunk < format.block / 32; ++chunk)
      writeChunk(parts.codes + 32 * chunk,
                 block + format.codesAt(lanes) + chunk * chunkBytes);
  }

private:
  void writeNumberWords(const BlockParts &parts, uint8_t *bytes) {
    uint32_t words[3] = {};
    int64_t scales = format.groups();
    for (int64_t i = 0; i < 16; ++i) {
      uint32_t number =
          i < scales ? parts.groupScales[i] : parts.groupMinima[i - scales];
      int64_t pair = i / 2, half = i % 2 * 16;
      if (pair < 6) {
        words[pair / 2] |= number << (half + pair % 2 * 6);
        continue;
      }
      words[pair == 6 ? 0 : 2] |= (number & 15) << (half + 12);
      words[1] |= (number >> 4) << (half + (pair == 6 ? 12 : 14));
    }
    for (int64_t w = 0; w < 3; ++w)
      std::memcpy(bytes + (w * lanes + lane) * 4, &words[w], 4);
  }

  void writeGroups(const uint8_t *values, uint8_t *bytes) {
    int64_t groups = format.groups();
    int64_t low = std::min<int64_t>(format.groupBits, 4);
    for (int64_t g = 0; g < groups && format.groupBits; ++g) {
      if (format.groupBits == 8) {
        bytes[g * lanes + lane] = values[g];
        continue;
      }
      bytes[g / 2 * lanes + lane] |= (values[g] & 15) << g % 2 * 4;
      if (format.groupBits > low)
        bytes[groups / 2 * lanes + g / 4 * lanes + lane] |= (values[g] >> 4 & 3)
                                                            << g % 4 * 2;
    }
  }

  /// Puts `bits` of a code of step `step` into a plane.
  void put(uint8_t *plane, int64_t bits, int64_t step, int64_t j,
           uint8_t value) {
    int64_t perRegister = 8 / bits;
    uint8_t *place = plane + step / perRegister * lanes * 4 + lane * 4 + j;
    *place |= value << step % perRegister * bits;
  }

  void writeChunk(const uint8_t *codes, uint8_t *bytes) {
    int64_t low = format.lowBits(), high = format.highBits();
    uint8_t *highPlane = bytes + 32 * low * lanes / 8;
    for (int64_t k = 0; k < 32; ++k) {
      int64_t step = k / 4, j = k % 4;
      put(bytes, low, step, j, codes[k] & ((1 << low) - 1));
      if (high)
        put(highPlane, high, step, j, codes[k] >> low & ((1 << high) - 1));
    }
  }

  const PanelFormat &format;
  int64_t lanes, lane;
};

} // namespace

void packPanel(const PanelFormat &format, const uint8_t *const *rows,
               int64_t columns, int64_t lanes, uint8_t *panel) {
  int64_t blocks = (columns + format.block - 1) / format.block;
  int64_t blockBytes = format.blockBytes(lanes);
  int64_t rowBlockBytes = format.blockBytes(1);
  std::memset(panel, 0, blocks * blockBytes);
  for (int64_t lane = 0; lane < lanes; ++lane) {
    if (!rows[lane])
      continue;
    if (format.isFloat) {
      int64_t size = format.bits / 8, side = format.block;
      for (int64_t k = 0; k < columns; ++k)
        std::memcpy(panel + ((k - k % side) * lanes + lane * side + k % side) *
                                size,
                    rows[lane] + k * size, size);
      continue;
    }
    LaneWriter writer(format, lanes, lane);
    for (int64_t b = 0; b < blocks; ++b) {
      BlockParts parts;
      readBlock(format, rows[lane] + b * rowBlockBytes, parts);
      writer.write(parts, panel + b * blockBytes);
    }
  }
}

} // namespace qcc
