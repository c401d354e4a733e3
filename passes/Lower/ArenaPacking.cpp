// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Greedy-by-size placement (Pisarchyk and Lee, Efficient Memory Management for
// Deep Neural Net Inference, 2020).

#include "passes/Lower/ArenaPacking.h"

#include <algorithm>
#include <numeric>

namespace qcc {

int64_t packArena(std::vector<ArenaRequest> &requests, int64_t alignment) {
  std::vector<size_t> order(requests.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return requests[a].bytes > requests[b].bytes;
  });
  auto roundUp = [&](int64_t value) {
    return (value + alignment - 1) / alignment * alignment;
  };

  int64_t total = 0;
  std::vector<const ArenaRequest *> placed; // by offset
  for (size_t index : order) {
    ArenaRequest &request = requests[index];
    int64_t offset = 0;
    for (const ArenaRequest *other : placed) {
      if (other->last < request.first || request.last < other->first)
        continue;
      if (offset + request.bytes <= other->offset)
        break;
      offset = std::max(offset, roundUp(other->offset + other->bytes));
    }
    request.offset = offset;
    total = std::max(total, roundUp(offset + request.bytes));
    placed.insert(std::upper_bound(placed.begin(), placed.end(), &request,
                                   [](const auto *a, const auto *b) {
                                     return a->offset < b->offset;
                                   }),
                  &request);
  }
  return total;
}

} // namespace qcc
