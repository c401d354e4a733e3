// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of rows, and the epilogue in exact steps.

#include "dialects/Qcc/Numerics/LinearReference.h"

#include <cmath>

namespace qcc::numerics {

std::vector<double> multiplyRows(Span<const float> input,
                                 Span<const float> weight, int64_t depth) {
  int64_t rows = depth ? input.size() / depth : 0;
  int64_t columns = depth ? weight.size() / depth : 0;
  std::vector<double> sums(rows * columns);
  for (int64_t m = 0; m < rows; ++m)
    for (int64_t n = 0; n < columns; ++n) {
      double sum = 0;
      for (int64_t k = 0; k < depth; ++k)
        sum += double(input[m * depth + k]) * weight[n * depth + k];
      sums[m * columns + n] = sum;
    }
  return sums;
}

std::vector<int32_t> multiplyRows(Span<const int16_t> input,
                                  Span<const int8_t> weight, int64_t depth) {
  int64_t rows = depth ? input.size() / depth : 0;
  int64_t columns = depth ? weight.size() / depth : 0;
  std::vector<int32_t> sums(rows * columns);
  for (int64_t m = 0; m < rows; ++m)
    for (int64_t n = 0; n < columns; ++n) {
      uint32_t sum = 0;
      for (int64_t k = 0; k < depth; ++k)
        sum += static_cast<uint32_t>(int32_t(input[m * depth + k]) *
                                     int32_t(weight[n * depth + k]));
      sums[m * columns + n] = static_cast<int32_t>(sum);
    }
  return sums;
}

float Activation::apply(float value) const {
  // False for NaN, which selects the bound.
  if (lower)
    value = value > *lower ? value : *lower;
  if (upper)
    value = value < *upper ? value : *upper;
  return value;
}

int32_t addBias(int32_t sum, int32_t bias) {
  return static_cast<int32_t>(static_cast<uint32_t>(sum) +
                              static_cast<uint32_t>(bias));
}

int64_t requantize(int32_t accumulator, float multiplier, Bounds bounds,
                   const Grid &result) {
  return convert(static_cast<float>(accumulator) * multiplier, bounds, result);
}

int64_t requantize(int32_t accumulator, float multiplier, int64_t steps,
                   float residual, Bounds bounds, const Grid &result) {
  float t = std::fmaf(static_cast<float>(steps), residual,
                      static_cast<float>(accumulator) * multiplier);
  return convert(t, bounds, result);
}

int64_t requantize(int64_t q, const Grid &input, const Grid &result) {
  if (input == result)
    return q;
  float t = static_cast<float>(q - input.zeroPoint) *
            getMultiplier(input.scale, result.scale);
  return convert(t, getBounds(result), result);
}

} // namespace qcc::numerics
