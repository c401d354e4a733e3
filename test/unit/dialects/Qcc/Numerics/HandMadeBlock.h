// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A block of weights whose bytes a test fills in one by one.

#ifndef TEST_UNIT_DIALECTS_QCC_NUMERICS_HANDMADEBLOCK_H
#define TEST_UNIT_DIALECTS_QCC_NUMERICS_HANDMADEBLOCK_H

#include "dialects/Qcc/Numerics/Blocks.h"

#include <vector>

namespace qcc {

inline constexpr uint16_t kF16One = 0x3c00, kF16Two = 0x4000;
inline constexpr uint16_t kF16Half = 0x3800, kF16Infinity = 0x7c00;
inline constexpr uint16_t kF16Nan = 0x7e01;

/// One zero block of `format`, to be filled in, and its values.
struct HandMadeBlock {
  explicit HandMadeBlock(BlockFormat format)
      : format(format), bytes(getBlockShape(format).bytes) {}

  void setHalf(size_t at, uint16_t bits) {
    bytes[at] = static_cast<uint8_t>(bits);
    bytes[at + 1] = static_cast<uint8_t>(bits >> 8);
  }
  std::vector<float> decode() const {
    std::vector<float> values(getBlockShape(format).elements, -99.0f);
    decodeBlocks(format, bytes.data(), static_cast<int64_t>(values.size()),
                 values.data());
    return values;
  }

  BlockFormat format;
  std::vector<uint8_t> bytes;
};

} // namespace qcc

#endif // TEST_UNIT_DIALECTS_QCC_NUMERICS_HANDMADEBLOCK_H
