// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows times a constant matrix, and the last step that convolutions and
// matrices have in common: bias, residual, activation, rounding.

#ifndef DIALECTS_QCC_NUMERICS_LINEARREFERENCE_H
#define DIALECTS_QCC_NUMERICS_LINEARREFERENCE_H

#include "dialects/Qcc/Numerics/Quantize.h"

namespace qcc::numerics {

/// `sums[m, n] = sum over k of input[m, k] * weight[n, k]` in f64.
std::vector<double> multiplyRows(Span<const float> input,
                                 Span<const float> weight, int64_t depth);

/// The same, exact modulo 2^32; `input` is `q - z`.
std::vector<int32_t> multiplyRows(Span<const int16_t> input,
                                  Span<const int8_t> weight, int64_t depth);

/// Activation bounds of a float result.
struct Activation {
  std::optional<float> lower;
  std::optional<float> upper;

  /// `min(max(value, lower), upper)` with the bounds that are there.
  float apply(float value) const;
};

/// Accumulator and bias, modulo 2^32.
int32_t addBias(int32_t sum, int32_t bias);

/// docs/numerics.md *requantize*: `cvt_rne(clamp(f32(acc) * m)) + z`.
int64_t requantize(int32_t accumulator, float multiplier, Bounds bounds,
                   const Grid &result);

/// docs/numerics.md *fused residual*: `steps` is `r - z_r`, `residual` its
/// `f32(f64(s_r) / s_y)`.
int64_t requantize(int32_t accumulator, float multiplier, int64_t steps,
                   float residual, Bounds bounds, const Grid &result);

/// docs/numerics.md *concat of unequal parameters*; equal grids move `q`.
int64_t requantize(int64_t q, const Grid &input, const Grid &result);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_LINEARREFERENCE_H
