// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums of a convolution, before bias, activation and rounding.

#ifndef DIALECTS_QCC_NUMERICS_CONVREFERENCE_H
#define DIALECTS_QCC_NUMERICS_CONVREFERENCE_H

#include "dialects/Qcc/Numerics/Span.h"

#include <array>

namespace qcc::numerics {

/// Sizes of a convolution: `input` [N, C, H, W], `weight` [O, C/group, KH, KW],
/// `result` [N, O, Y, X]; `pads` is top, left (bottom and right follow from
/// the sizes).
struct ConvShape {
  std::array<int64_t, 4> input;
  std::array<int64_t, 4> weight;
  std::array<int64_t, 4> result;
  std::array<int64_t, 2> strides = {1, 1};
  std::array<int64_t, 2> pads = {0, 0};
  std::array<int64_t, 2> dilations = {1, 1};
  int64_t group = 1;
};

/// Sums in f64, in the order of the weights: the oracle of float kernels.
std::vector<double> convolve(const ConvShape &shape, Span<const float> input,
                             Span<const float> weight);

/// Exact sums of `(q - z) * w` modulo 2^32. `input` is `q - z`, so that
/// elements outside it count as zero.
std::vector<int32_t> convolve(const ConvShape &shape,
                              Span<const int16_t> input,
                              Span<const int8_t> weight);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_CONVREFERENCE_H
