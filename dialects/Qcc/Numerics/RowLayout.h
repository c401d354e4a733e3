// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a row of activations quantized to s8 lies in memory:
//
//   [codes: s8][scales: f32][sums of 16][sums of 32][sums of 128: i32]
//   [sums of 32: s16]
//
// each part padded to 64 bytes. Sums are minus the sum of so many codes: what
// an offset of the weights takes away (docs/blocks.md *activations*).

#ifndef DIALECTS_QCC_NUMERICS_ROWLAYOUT_H
#define DIALECTS_QCC_NUMERICS_ROWLAYOUT_H

#include <array>
#include <cstddef>
#include <cstdint>

namespace qcc {

struct RowLayout {
  static constexpr int64_t kAlignment = 64;
  static constexpr std::array<int64_t, 3> kSumSizes = {16, 32, 128};

  int64_t columns; // elements
  int64_t group;   // of them share a scale
  int64_t groups;
  int64_t scalesAt;              // offsets in bytes
  std::array<int64_t, 3> sumsAt; // of the sums of each size
  int64_t shortSumsAt;           // of those of 32, once more in 16 bits
  int64_t bytes;                 // of a row

  static int64_t align(int64_t value, int64_t unit) {
    return (value + unit - 1) / unit * unit;
  }

  /// A row of `columns` elements, padded with zeros to whole sums.
  static RowLayout of(int64_t columns, int64_t group) {
    RowLayout row;
    row.columns = columns;
    row.group = group;
    row.groups = align(columns, group) / group;
    row.scalesAt = align(columns, 128);
    int64_t at = row.scalesAt + align(row.groups * 4, kAlignment);
    for (size_t i = 0; i < kSumSizes.size(); ++i) {
      row.sumsAt[i] = at;
      at += align((columns + kSumSizes[i] - 1) / kSumSizes[i] * 4, kAlignment);
    }
    row.shortSumsAt = at;
    row.bytes = at + align((columns + 31) / 32 * 2, kAlignment);
    return row;
  }

  /// Offset of the sums of `size` elements.
  int64_t getSumsAt(int64_t size) const {
    for (size_t i = 0; i + 1 < kSumSizes.size(); ++i)
      if (kSumSizes[i] == size)
        return sumsAt[i];
    return sumsAt.back();
  }
};

} // namespace qcc

#endif // DIALECTS_QCC_NUMERICS_ROWLAYOUT_H
