// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What blocks of weights are made of, and how the blocks of neighbouring rows
// are interleaved to panels. Packing and emission read the same description.
//
// A panel holds `lanes` rows. One block of all of them, L = lanes:
//
//   [scale: f16 or f32 x L][minimum: the same][group scales][group minima]
//   then for each 32 columns [low bits][high bits]
//
// A register of codes has byte n * 4 + j for row n, column 4 s + j of step s,
// as the dot product reads it; there are 8 steps in 32 columns. Four bits: a
// register holds step 2q in its low and 2q + 1 in its high nibbles. Two bits:
// step 4h + i at bits 2i. One bit: step s at bit s.
// Group scales of 4 bits: L bytes for two groups, low nibble first; of 6 bits:
// those, then L bytes for four groups with bits 4 and 5; of 8: L bytes a group.
//
// Sixteen numbers of 6 bits (scales, then minima) are three words of 32 bits a
// lane, [word 0 x L][word 1 x L][word 2 x L], with number 2p in the lower and
// 2p + 1 in the upper half of a word, so that pairs are operands of a product
// of 16-bit integers:
//
//   bits of a half   0..5      6..11     12..15
//   word 0           pair 0    pair 1    pair 6, bits 0 to 3
//   word 1           pair 2    pair 3    pair 6 and 7, bits 4 and 5
//   word 2           pair 4    pair 5    pair 7, bits 0 to 3

#ifndef DIALECTS_QCC_NUMERICS_PANELFORMAT_H
#define DIALECTS_QCC_NUMERICS_PANELFORMAT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qcc {

enum class Codebook : uint8_t { None, Iq4, Fp4 };

/// The factor of all of a block. Exponent is E8M0: a power of two.
enum class BlockScale : uint8_t { None, F16, F32, Exponent };

struct PanelFormat {
  explicit PanelFormat(std::string_view name, int64_t bits)
      : name(name), bits(bits) {}

  std::string name;
  // Codes: 2, 3, 4, 5, 6 or 8 bits, or a float of 16 or 32 (bf16 too).
  int64_t bits;
  bool isFloat = false, isBrain = false;
  int64_t block = 1; // columns of a block; of floats, those side by side
  int64_t group = 1; // columns that share a scale: a part of the block
  // value = scale * groupScale * (code - offset) - minimum * groupMinimum,
  // where `codebook` replaces codes first. Codes are unsigned in the panel;
  // `flip` is what they are XORed with to be so.
  int64_t offset = 0;
  uint8_t flip = 0;
  Codebook codebook = Codebook::None;
  BlockScale scale = BlockScale::F16;
  bool hasMinimum = false; // of the block, stored like its scale
  int64_t groupBits = 0;   // of group scales; 0: there are none
  int64_t groupOffset = 0; // subtracted from them
  bool hasGroupMinimum = false;
  bool hasSignedGroups = false; // 8 bits: two's complement

  int64_t groups() const { return block / group; }
  /// Numbers of `scale` in a block: one, or one for each group.
  int64_t scales() const { return groupBits > 0 ? 1 : groups(); }
  bool hasNumberWords() const {
    return groupBits == 6 && groups() * (hasGroupMinimum ? 2 : 1) == 16;
  }
  int64_t scaleBytes() const;
  int64_t lowBits() const {
    return bits == 3 ? 2 : bits > 4 && bits < 8 ? 4 : bits;
  }
  int64_t highBits() const { return bits - lowBits(); }

  // Offsets in bytes in a block of a panel of `lanes` rows.
  int64_t minimumAt(int64_t lanes) const {
    return scaleBytes() * lanes * scales();
  }
  int64_t groupScalesAt(int64_t lanes) const {
    return minimumAt(lanes) * (hasMinimum ? 2 : 1);
  }
  int64_t groupBytes(int64_t lanes) const { // of scales or minima
    return groups() * groupBits * lanes / 8;
  }
  int64_t groupMinimaAt(int64_t lanes) const {
    return groupScalesAt(lanes) + groupBytes(lanes);
  }
  int64_t codesAt(int64_t lanes) const {
    return groupScalesAt(lanes) + groupBytes(lanes) * (hasGroupMinimum ? 2 : 1);
  }
  int64_t codeBytes(int64_t lanes) const { return block * bits * lanes / 8; }
  int64_t blockBytes(int64_t lanes) const {
    return codesAt(lanes) + codeBytes(lanes);
  }
  int64_t panelBytes(int64_t columns, int64_t lanes) const {
    return columns / block * blockBytes(lanes);
  }
};

/// The format called `name`: those of Blocks.h, and `int<bits>_g<group>` and
/// `int<bits>_row` with f32 scales, ending in `z` with zero points.
std::optional<PanelFormat> findPanelFormat(std::string_view name);

/// Bytes of a row of `columns` in blocks, before it is in a panel.
int64_t getBlockRowBytes(const PanelFormat &format, int64_t columns);

/// Values of codes 0 to 15 of a codebook, plus the format's offset, so that
/// they are unsigned.
const uint8_t *getCodebook(Codebook codebook);

/// One block of one row, taken apart.
struct BlockParts {
  uint32_t scales[2] = {}, minima[2] = {}; // bits, as stored
  uint8_t groupScales[16] = {}, groupMinima[16] = {};
  uint8_t codes[256] = {}; // as the panel holds them
};

/// Takes a block apart; formats of floats have no parts.
void readBlock(const PanelFormat &format, const uint8_t *block,
               BlockParts &parts);

/// Writes the panel of `rows` (null: zeros), `lanes` of them, each `columns`
/// in blocks.
void packPanel(const PanelFormat &format, const uint8_t *const *rows,
               int64_t columns, int64_t lanes, uint8_t *panel);

} // namespace qcc

#endif // DIALECTS_QCC_NUMERICS_PANELFORMAT_H
