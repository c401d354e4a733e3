// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Offline placement of buffers with known sizes and lives. No MLIR.

#ifndef PASSES_LOWER_ARENAPACKING_H
#define PASSES_LOWER_ARENAPACKING_H

#include <cstdint>
#include <vector>

namespace qcc {

/// A buffer that is live from operation `first` to operation `last`, both
/// included.
struct ArenaRequest {
  int64_t bytes;
  int64_t first;
  int64_t last;
  int64_t offset = 0; // result
};

/// Gives each request an offset, aligned to `alignment`, such that requests
/// alive at the same time do not overlap; returns the bytes needed. Greedy by
/// size, lowest gap first: within a few percent of optimal on networks, and
/// low addresses stay hot in cache.
int64_t packArena(std::vector<ArenaRequest> &requests, int64_t alignment);

} // namespace qcc

#endif // PASSES_LOWER_ARENAPACKING_H
