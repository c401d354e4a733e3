// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How wide the keys and values of a token are in the cache of a layer
// (docs/decoder.md *the cache*), in the cache's own numbers: floats as they
// are, or bytes where they are quantized.

#ifndef DIALECTS_QCC_NUMERICS_CACHEFORMAT_H
#define DIALECTS_QCC_NUMERICS_CACHEFORMAT_H

#include <cstdint>

namespace qcc {

struct CacheFormat {
  /// Places whose keys are side by side.
  static constexpr int64_t kPlaces = 16;
  /// Elements of a head that share a scale, and the scale's bytes (bf16).
  static constexpr int64_t kGroup = 32, kScaleBytes = 2;

  static constexpr int64_t countGroups(int64_t headSize) {
    return (headSize + kGroup - 1) / kGroup;
  }

  /// Numbers that one place of one head takes.
  static constexpr int64_t countNumbers(int64_t headSize, bool isQuantized) {
    return headSize + (isQuantized ? countGroups(headSize) * kScaleBytes : 0);
  }
};

} // namespace qcc

#endif // DIALECTS_QCC_NUMERICS_CACHEFORMAT_H
