// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks of MXFP4 whose codes and scales a checkpoint keeps in tensors of their
// own: 16 bytes of codes for a block, in the order of elements, and a byte.

#ifndef DIALECTS_QCC_NUMERICS_SPLITBLOCKS_H
#define DIALECTS_QCC_NUMERICS_SPLITBLOCKS_H

#include <cstdint>

namespace qcc::numerics {

/// Writes `count` blocks as docs/blocks.md draws mxfp4. Byte j of the codes has
/// element 2 j in its low nibble and 2 j + 1 in its high one; there, it has j
/// and j + 16.
inline void joinSplitBlocks(const uint8_t *codes, const uint8_t *scales,
                            int64_t count, uint8_t *blocks) {
  for (int64_t i = 0; i < count; ++i, codes += 16, blocks += 17) {
    auto code = [&](int element) {
      return (codes[element / 2] >> (element % 2 * 4)) & 15;
    };
    blocks[0] = scales[i];
    for (int j = 0; j < 16; ++j)
      blocks[1 + j] = uint8_t(code(j) | code(j + 16) << 4);
  }
}

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_SPLITBLOCKS_H
