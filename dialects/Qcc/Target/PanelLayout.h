// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Orders of output channels inside packed weights, shared by the pass that
// packs (passes/Pack) and the emitter that reads (passes/LowerCpu). No MLIR.
//
// Accumulators of one row are `vectors` registers of `lanes` i32. Requantized,
// they are narrowed by two rounds of saturating packs, which work inside
// 128-bit lanes of 4 i32:
//
//   words = packssdw(v0, v1)      lane L: v0[4L..4L+3] v1[4L..4L+3]
//   bytes = packuswb(words, ...)  lane L: v0[4L..] v1[4L..] v2[4L..] v3[4L..]
//
// If register v holds in lane element 4L+j the channel
//
//   4 * vectors * L + 4 * v + j                                (interleaved)
//
// the bytes come out in channel order and one dword permutation finishes the
// store. With one vector this is the natural order.

#ifndef DIALECTS_QCC_TARGET_PANELLAYOUT_H
#define DIALECTS_QCC_TARGET_PANELLAYOUT_H

#include <cstdint>
#include <vector>

namespace qcc {

/// Channel, within its panel, that element `lane` of register `vector` holds.
int64_t interleavedChannel(int64_t vectors, int64_t vector, int64_t lane);

/// A run of channels that the depthwise kernel computes at once with registers
/// of `bytes` bytes; the last may reach beyond the channels there are.
struct ChannelBlock {
  int64_t offset;
  int64_t bytes; // 64, 32 or 16
};

/// Blocks that cover `channels`, each as wide as pays on a machine whose
/// registers have `vectorBytes`.
std::vector<ChannelBlock> channelBlocks(int64_t channels, int64_t vectorBytes);

/// One use of four neighbouring input columns by one output column of a tile.
/// Columns are counted in steps of the dilation from the tile's first input
/// column.
struct ColumnGroupUse {
  int64_t output;    // output column in the tile
  int64_t firstTap;  // kernel column that meets the group's first column; may
                     // be negative, taps outside the kernel weigh zero
};

/// Four neighbouring input columns, loaded and byte-interleaved once, and the
/// outputs of the tile that need them.
struct ColumnGroup {
  int64_t firstColumn;
  std::vector<ColumnGroupUse> uses;
};

/// How the depthwise kernel covers a row of the kernel window for `tile`
/// neighbouring outputs. With dilation above 1 a tile holds one output.
std::vector<ColumnGroup> columnGroups(int64_t kernelWidth, int64_t stride,
                                      int64_t tile);

/// Outputs in a tile of the depthwise kernel: as many as share loads without
/// running out of accumulators, and no more than a row has.
int64_t depthwiseTile(int64_t kernelWidth, int64_t stride, int64_t dilation,
                      int64_t outputWidth, int64_t registers);

} // namespace qcc

#endif // DIALECTS_QCC_TARGET_PANELLAYOUT_H
