// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scalar definitions of docs/numerics.md. The library is built without
// contraction of products and sums (see CMakeLists.txt): each f32 operation
// below rounds once, as written.

#include "dialects/Qcc/Numerics/Quantize.h"

#include <algorithm>
#include <cmath>

namespace qcc::numerics {

// The comparisons are false for NaN, which selects the second operand, as
// maxss and minss do.
static float maxSecond(float a, float b) { return a > b ? a : b; }
static float minSecond(float a, float b) { return a < b ? a : b; }

float clamp(float t, Bounds bounds) {
  return minSecond(maxSecond(t, bounds.lower), bounds.upper);
}

int64_t roundHalfEven(double value) {
  // nearbyint in the default mode, without depending on the current mode.
  double floor = std::floor(value);
  double rest = value - floor;
  int64_t below = static_cast<int64_t>(floor);
  if (rest > 0.5 || (rest == 0.5 && (below & 1)))
    return below + 1;
  return below;
}

Bounds getBounds(const Grid &grid, std::optional<float> lower,
                 std::optional<float> upper) {
  int64_t low = lower ? quantize(*lower, grid) : grid.lowest;
  int64_t high = upper ? quantize(*upper, grid) : grid.highest;
  return {static_cast<float>(low - grid.zeroPoint),
          static_cast<float>(high - grid.zeroPoint)};
}

int64_t convert(float t, Bounds bounds, const Grid &grid) {
  int64_t q = roundHalfEven(clamp(t, bounds)) + grid.zeroPoint;
  // Only 32-bit grids have bounds that f32 rounds away from the integers.
  return std::clamp(q, grid.lowest, grid.highest);
}

int64_t quantize(float x, const Grid &grid) {
  Bounds bounds = {static_cast<float>(grid.lowest - grid.zeroPoint),
                   static_cast<float>(grid.highest - grid.zeroPoint)};
  return convert(x / grid.scale, bounds, grid);
}

float dequantize(int64_t q, const Grid &grid) {
  return static_cast<float>(q - grid.zeroPoint) * grid.scale;
}

float getMultiplier(float numerator, float denominator) {
  return static_cast<float>(static_cast<double>(numerator) / denominator);
}

float getMultiplier(float input, float weight, float result) {
  return static_cast<float>(static_cast<double>(input) * weight / result);
}

float getImportedMultiplier(float input, float weight, float result) {
  float product = input * weight;
  return product / result;
}

int32_t quantizeBias(float bias, float inputScale, float weightScale) {
  double steps = bias / (static_cast<double>(inputScale) * weightScale);
  if (std::isnan(steps))
    return 0;
  steps = std::clamp(steps, -2147483648.0, 2147483647.0);
  return static_cast<int32_t>(roundHalfEven(steps));
}

float getWeightScale(float largestMagnitude) {
  float scale = static_cast<float>(largestMagnitude / 127.0);
  return scale > 0.0f ? scale : 1.0f;
}

int8_t quantizeWeight(float weight, float scale) {
  return static_cast<int8_t>(quantize(weight, Grid{scale, 0, -127, 127}));
}

std::array<int16_t, 256>
buildTable(const Grid &input, const Grid &result,
           const std::function<double(double)> &function) {
  std::array<int16_t, 256> table{};
  for (int64_t q = input.lowest; q <= input.highest; ++q) {
    double value = function(dequantize(q, input));
    table[q - input.lowest] = static_cast<int16_t>(
        quantize(static_cast<float>(value), result));
  }
  return table;
}

DynamicRow quantizeRow(Span<const float> row) {
  float largest = 0.0f;
  for (float x : row)
    largest = maxSecond(std::fabs(x), largest);
  DynamicRow result;
  result.scale = largest > 0.0f ? largest / 127.0f : 1.0f;
  float steps = largest > 0.0f ? 127.0f / largest : 1.0f;
  Grid grid{1.0f, 0, -127, 127};
  for (float x : row)
    result.values.push_back(
        static_cast<int8_t>(convert(x * steps, {-127.0f, 127.0f}, grid)));
  return result;
}

} // namespace qcc::numerics
