// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the output of a convolution is cut into tiles and tasks. Plain numbers.

#ifndef PASSES_LOWERCPU_CONVTILING_H
#define PASSES_LOWERCPU_CONVTILING_H

#include "dialects/Qcc/Target/Target.h"

#include <cstdint>

namespace qcc {

/// A row of output pixels as `large` tiles of `rows` pixels and then `small`
/// tiles of `rows - 1`.
struct RowTiles {
  int64_t rows, large, small;
};

/// Cuts `width` pixels into the fewest tiles of at most `most`, evenly, so that
/// no tile is left with few accumulators.
RowTiles tileRow(int64_t width, int64_t most);

/// Cuts `whole` things into about `parts` blocks for tasks, of a size that 2, 4
/// and 8 threads share evenly. Sizes are multiples of `unit`.
int64_t chooseBlockSize(int64_t whole, int64_t parts, int64_t unit = 1);

/// Work of one launch: output rows and channel panels.
struct ConvWork {
  int64_t rows;        // over all images
  int64_t panels;      // over all groups
  int64_t panelUnit;   // panels whose results share a cache line
  int64_t macs;        // multiply-accumulates in all
  int64_t weightBytes;
  int64_t imageBytes; // of the input or the result, whichever is larger
};

/// Tasks as a grid: `rowBlocks` x `panelBlocks`, each of at most
/// `rowsPerBlock` rows and `panelsPerBlock` panels.
struct TaskGrid {
  int64_t rowsPerBlock, rowBlocks, panelsPerBlock, panelBlocks;
  int64_t count() const { return rowBlocks * panelBlocks; }
};

/// Tasks of a few microseconds each, cut along the side whose data is larger,
/// so that the other side stays in the core's cache. Neighbours of one kind
/// are cut alike, so that a thread mostly reads what it wrote: lines that
/// another core has changed arrive at a fraction of the speed.
TaskGrid chooseTasks(const ConvWork &work);

/// The row length to cut `pixels` contiguous pixels into, so that tiles of at
/// most `most` are large.
int64_t chooseRowLength(int64_t pixels, int64_t most);

} // namespace qcc

#endif // PASSES_LOWERCPU_CONVTILING_H
