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

int64_t chooseBlockSize(int64_t whole, int64_t parts, int64_t unit) {
  int64_t units = (whole + unit - 1) / unit;
  int64_t wanted = std::max<int64_t>(1, units / std::max<int64_t>(1, parts));
  // The time of the thread with the most blocks, relative to an even share.
  auto slowness = [&](int64_t size) {
    int64_t blocks = (units + size - 1) / size;
    double sum = 0;
    for (int64_t threads : {2, 4, 8}) {
      int64_t most = std::min((blocks + threads - 1) / threads * size, units);
      sum += double(most * threads) / units;
    }
    return sum;
  };
  int64_t best = wanted;
  int64_t largest = std::min(2 * wanted, units);
  for (int64_t size = (wanted + 1) / 2; size <= largest; ++size)
    if (slowness(size) < slowness(best) - 1e-9)
      best = size;
  return best * unit;
}

// A task of 0.5 M multiply-accumulates takes 1 us at the peak of one core of
// Zen 5 (2026-11): ten times what handing it out costs.
static constexpr int64_t kMacsPerTask = 500000;
static constexpr int64_t kMostTasks = 64;

TaskGrid chooseTasks(const ConvWork &work) {
  int64_t tasks = std::clamp<int64_t>(work.macs / kMacsPerTask, 1, kMostTasks);
  if (tasks == 1 && work.macs > kMacsPerTask / 2)
    tasks = 2;
  auto cut = [](int64_t whole, int64_t parts, int64_t unit) {
    int64_t size = chooseBlockSize(whole, parts, unit);
    return std::pair<int64_t, int64_t>(size, (whole + size - 1) / size);
  };
  TaskGrid grid;
  auto cutPanels = [&](int64_t parts) {
    std::tie(grid.panelsPerBlock, grid.panelBlocks) =
        cut(work.panels, std::min(parts, work.panels), work.panelUnit);
  };
  auto cutRows = [&](int64_t parts) {
    std::tie(grid.rowsPerBlock, grid.rowBlocks) =
        cut(work.rows, std::min(parts, work.rows), 1);
  };
  if (work.weightBytes >= work.imageBytes) {
    cutPanels(tasks);
    cutRows((tasks + grid.panelBlocks - 1) / grid.panelBlocks);
  } else {
    cutRows(tasks);
    cutPanels((tasks + grid.rowBlocks - 1) / grid.rowBlocks);
  }
  return grid;
}

int64_t chooseRowLength(int64_t pixels, int64_t most) {
  // In sixteenths of a pixel.
  auto meanTile = [&](int64_t length) {
    return 16 * length / ((length + most - 1) / most);
  };
  int64_t longest = std::min(pixels, 16 * most), best = 0;
  for (int64_t length = 1; length <= longest; ++length)
    if (pixels % length == 0)
      best = std::max(best, meanTile(length));
  if (best < 8 * most)
    return pixels;
  // The shortest that is about as good makes the most tasks.
  int64_t length = 1;
  while (pixels % length != 0 || 20 * meanTile(length) < 19 * best)
    ++length;
  return length;
}

} // namespace qcc
