// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that move elements. They see bytes: what an element means does not
// matter to them. All tensors are row-major.

#ifndef DIALECTS_QCC_NUMERICS_MOVEREFERENCE_H
#define DIALECTS_QCC_NUMERICS_MOVEREFERENCE_H

#include "dialects/Qcc/Numerics/Span.h"

namespace qcc::numerics {

/// A tensor to read from.
struct Source {
  Span<const char> bytes;
  Shape shape;
  int64_t elementBytes;
};

enum class PadMode { Constant, Reflect, Edge, Wrap };

/// Dimension `i` of the result is dimension `permutation[i]` of `source`.
std::vector<char> transpose(Source source, Shape permutation);

/// `result[i...] = source[start + i * step ...]`, every element inside.
std::vector<char> slice(Source source, Shape starts, Shape steps,
                        Shape result);

/// NumPy broadcasting of `source` to `result`.
std::vector<char> expand(Source source, Shape result);

/// Adds `low[i]` and `high[i]` elements around dimension `i`; negative numbers
/// crop. `filler` is the element of the constant mode.
std::vector<char> pad(Source source, Shape low, Shape high, PadMode mode,
                      Span<const char> filler);

/// `result[a..., i..., b...] = source[a..., indices[i...], b...]`; negative
/// indices count from the end. Empty where an index lies outside.
std::vector<char> gather(Source source, Span<const int64_t> indices,
                         int64_t axis);

/// The sources one after the other along `axis`.
std::vector<char> concat(Span<const Source> sources, int64_t axis);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_MOVEREFERENCE_H
