// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Channel orders and column groups of packed weights.

#include "dialects/Qcc/Target/PanelLayout.h"

#include <algorithm>

namespace qcc {

int64_t interleavedChannel(int64_t vectors, int64_t vector, int64_t lane) {
  return 4 * vectors * (lane / 4) + 4 * vector + lane % 4;
}

std::vector<ChannelBlock> channelBlocks(int64_t channels,
                                        int64_t vectorBytes) {
  std::vector<ChannelBlock> blocks;
  int64_t offset = 0;
  while (offset < channels) {
    int64_t left = channels - offset;
    int64_t bytes = vectorBytes;
    // A narrower register costs as many instructions, so it is taken only
    // where it covers all that is left.
    while (bytes > 16 && left <= bytes / 2)
      bytes /= 2;
    blocks.push_back({offset, bytes});
    offset += bytes;
  }
  return blocks;
}

std::vector<ColumnGroup> columnGroups(int64_t kernelWidth, int64_t stride,
                                      int64_t tile) {
  std::vector<ColumnGroup> groups;
  int64_t columns = (tile - 1) * stride + kernelWidth;
  for (int64_t first = 0; first < columns; first += 4) {
    ColumnGroup group{first, {}};
    for (int64_t output = 0; output < tile; ++output) {
      int64_t tap = first - output * stride;
      if (tap < kernelWidth && tap + 4 > 0)
        group.uses.push_back({output, tap});
    }
    if (!group.uses.empty())
      groups.push_back(group);
  }
  return groups;
}

int64_t depthwiseTile(int64_t kernelWidth, int64_t stride, int64_t dilation,
                      int64_t outputWidth, int64_t registers) {
  if (dilation != 1 || registers < 32)
    return 1;
  // Cost of a tile per output: a group costs 4 loads and 8 shuffles, a use 4
  // dot products. Four outputs take 16 accumulators, which leaves room for the
  // interleaved columns.
  int64_t best = 1;
  double bestCost = 1e9;
  for (int64_t tile = 1; tile <= 4 && tile <= outputWidth; ++tile) {
    double cost = 0;
    for (const ColumnGroup &group : columnGroups(kernelWidth, stride, tile))
      cost += 12 + 4 * double(group.uses.size());
    if (cost / tile < bestCost - 1e-9) {
      bestCost = cost / tile;
      best = tile;
    }
  }
  return best;
}

} // namespace qcc
