// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tiles and tasks of convolutions.

#include "passes/LowerCpu/ConvTiling.h"

#include <algorithm>
#include <tuple>

namespace qcc {

RowTiles tileRow(int64_t width, int64_t most) {
  int64_t tiles = (width + most - 1) / most;
  int64_t rows = (width + tiles - 1) / tiles;
  int64_t small = rows * tiles - width;
  return {rows, tiles - small, small};
}

// A task of 1.5 M multiply-accumulates takes 3 us at the peak of one core of
// Zen 5 (2026-11): ten times what handing it out costs.
static constexpr int64_t kMacsPerTask = 1500000;
static constexpr int64_t kMostTasks = 64;

TaskGrid chooseTasks(const ConvWork &work) {
  int64_t tasks =
      std::clamp<int64_t>(work.macs / kMacsPerTask, 1, kMostTasks);
  if (tasks == 1 && work.macs > kMacsPerTask / 4)
    tasks = 2;
  auto cut = [](int64_t whole, int64_t parts) {
    int64_t size = (whole + parts - 1) / parts;
    return std::pair<int64_t, int64_t>(size, (whole + size - 1) / size);
  };
  TaskGrid grid;
  if (work.weightBytes >= work.inputBytes) {
    std::tie(grid.panelsPerBlock, grid.panelBlocks) =
        cut(work.panels, std::min(tasks, work.panels));
    int64_t left = (tasks + grid.panelBlocks - 1) / grid.panelBlocks;
    std::tie(grid.rowsPerBlock, grid.rowBlocks) =
        cut(work.rows, std::min(left, work.rows));
  } else {
    std::tie(grid.rowsPerBlock, grid.rowBlocks) =
        cut(work.rows, std::min(tasks, work.rows));
    int64_t left = (tasks + grid.rowBlocks - 1) / grid.rowBlocks;
    std::tie(grid.panelsPerBlock, grid.panelBlocks) =
        cut(work.panels, std::min(left, work.panels));
  }
  return grid;
}

int64_t chooseRowLength(int64_t pixels, int64_t most) {
  // Rows of up to four tiles, the longest tiles first.
  for (int64_t tiles = 1; tiles <= 4; ++tiles)
    for (int64_t rows = most; rows >= (most + 1) / 2; --rows)
      if (pixels % (rows * tiles) == 0)
        return rows * tiles;
  for (int64_t length = std::min(pixels, 4 * most); length >= most; --length)
    if (pixels % length == 0)
      return length;
  return pixels;
}

} // namespace qcc
