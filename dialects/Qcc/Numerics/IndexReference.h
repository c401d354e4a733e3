// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops about the places of elements. The enumerators are those of QccEnums.td,
// in its order.

#ifndef DIALECTS_QCC_NUMERICS_INDEXREFERENCE_H
#define DIALECTS_QCC_NUMERICS_INDEXREFERENCE_H

#include "dialects/Qcc/Numerics/Span.h"

#include <optional>

namespace qcc::numerics {

/// What top_k looks for.
struct Choice {
  int64_t count, axis;
  bool isLargest;
};

/// The places of the best elements along the axis, best first; of equal ones
/// the first comes first, NaN last.
std::vector<int64_t> topK(Span<const double> input, Shape shape, Choice choice);
std::vector<int64_t> topK(Span<const int64_t> input, Shape shape,
                          Choice choice);

enum class ScatterKind { Set, Add, Mul, Max, Min };

/// `input` of `rows` slices, with slice `indices[i]` combined with slice `i` of
/// `updates`, one after the other; floats in f64.
std::vector<double> scatter(ScatterKind kind, Span<const double> input,
                            int64_t rows, Span<const int64_t> indices,
                            Span<const double> updates);
std::vector<int64_t> scatter(ScatterKind kind, Span<const int64_t> input,
                             int64_t rows, Span<const int64_t> indices,
                             Span<const int64_t> updates);

/// What suppressBoxes keeps.
struct BoxRule {
  int64_t boxesPerClass = 0;
  float overlap = 0;          // intersection by union, at most
  std::optional<float> score; // above
  bool isCentered = false;    // x, y, width, height; else y1, x1, y2, x2
};

/// Rows (image, class, box) of the boxes that are kept, then rows of -1.
/// `scoreShape` is [images, classes, boxes].
std::vector<int64_t> suppressBoxes(const BoxRule &rule, Span<const float> boxes,
                                   Span<const float> scores, Shape scoreShape);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_INDEXREFERENCE_H
