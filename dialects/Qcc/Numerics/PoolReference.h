// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Windows without weights: the largest element, or sum and count.

#ifndef DIALECTS_QCC_NUMERICS_POOLREFERENCE_H
#define DIALECTS_QCC_NUMERICS_POOLREFERENCE_H

#include "dialects/Qcc/Numerics/Quantize.h"

#include <array>

namespace qcc::numerics {

/// Sizes of a pool over [N, C, H, W]; `pads` is top, left, bottom, right.
struct PoolShape {
  std::array<int64_t, 4> input;
  std::array<int64_t, 4> result;
  std::array<int64_t, 2> kernel;
  std::array<int64_t, 2> strides = {1, 1};
  std::array<int64_t, 4> pads = {0, 0, 0, 0};
  std::array<int64_t, 2> dilations = {1, 1};
};

/// The largest element of each window; `lowest` for windows that touch none.
/// A NaN inside a window is its result, as in ONNX.
std::vector<double> maxPool(const PoolShape &shape, Span<const double> input,
                            double lowest);

/// Sum of the elements of a window, and what the mean divides it by.
struct WindowSum {
  double sum;
  int64_t count;
};

/// With `countPadding`, windows count all their elements inside the padded
/// input.
std::vector<WindowSum> sumPool(const PoolShape &shape,
                               Span<const double> input, bool countPadding);

/// docs/numerics.md *average pool*: `sum` of `count` steps from the zero point.
int64_t requantizeMean(int64_t sum, int64_t count, const Grid &input,
                       const Grid &result);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_POOLREFERENCE_H
