// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From floats to integers and back: docs/numerics.md in code. Everything that
// rounds or saturates in qcc calls these, or gives the same integers.

#ifndef DIALECTS_QCC_NUMERICS_QUANTIZE_H
#define DIALECTS_QCC_NUMERICS_QUANTIZE_H

#include "dialects/Qcc/Numerics/Span.h"

#include <array>
#include <functional>
#include <optional>

namespace qcc::numerics {

/// A uniform grid: value = (q - zeroPoint) * scale, q from lowest to highest.
struct Grid {
  float scale = 1.0f;
  int64_t zeroPoint = 0;
  int64_t lowest = 0;
  int64_t highest = 255;

  bool operator==(const Grid &other) const {
    return scale == other.scale && zeroPoint == other.zeroPoint &&
           lowest == other.lowest && highest == other.highest;
  }
};

/// Bounds of a value before its conversion, in steps from the zero point.
struct Bounds {
  float lower;
  float upper;
};

/// `min(max(t, lower), upper)`; NaN gives `lower`.
float clamp(float t, Bounds bounds);

/// The nearest integer, ties to even.
int64_t roundHalfEven(double value);

/// The bounds of `grid`, narrowed to the integers of an activation's bounds:
/// clamping there equals clamping the value, since rounding is monotonic.
Bounds getBounds(const Grid &grid, std::optional<float> lower = {},
                 std::optional<float> upper = {});

/// `cvt_rne(clamp(t)) + z`: the last step of every quantized op.
int64_t convert(float t, Bounds bounds, const Grid &grid);

/// `cvt_rne(clamp(x / s)) + z`; NaN gives the lowest integer.
int64_t quantize(float x, const Grid &grid);

/// `f32(q - z) * s`.
float dequantize(int64_t q, const Grid &grid);

/// `f32(f64(numerator) / denominator)`: of one grid in steps of another.
float getMultiplier(float numerator, float denominator);

/// `f32(f64(input) * weight / result)`: of a product in steps of the result.
float getMultiplier(float input, float weight, float result);

/// `f32(f32(input * weight) / result)`: the same as ops of integers have it
/// (docs/numerics.md *requantize of imported ops*).
float getImportedMultiplier(float input, float weight, float result);

/// `saturate_i32(rne(b / (input * weight)))` in f64.
int32_t quantizeBias(float bias, float inputScale, float weightScale);

/// The scale of symmetric s8 weights in [-127, 127]: largest magnitude / 127 in
/// f64, rounded once; 1 where all are zero.
float getWeightScale(float largestMagnitude);

/// The symmetric s8 code of `weight`.
int8_t quantizeWeight(float weight, float scale);

/// Entry `q - input.lowest` is `quantize(function(dequantize(q)))` of an 8-bit
/// grid; `function` works in f64 and its value is rounded to f32 once.
std::array<int16_t, 256>
buildTable(const Grid &input, const Grid &result,
           const std::function<double(double)> &function);

/// One row of activations quantized with its own scale.
struct DynamicRow {
  float scale;
  std::vector<int8_t> values;
};

/// docs/numerics.md *dynamic per token*: scale `max|x| / 127`, no zero point.
DynamicRow quantizeRow(Span<const float> row);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_QUANTIZE_H
