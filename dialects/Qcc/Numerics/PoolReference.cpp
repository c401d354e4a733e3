// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools. Integers go through f64 here, which holds them exactly.

#include "dialects/Qcc/Numerics/PoolReference.h"

#include <cmath>

namespace qcc::numerics {
namespace {

/// Calls `visit(window, index)` for each input element inside each window.
template <typename Visitor>
void visitWindows(const PoolShape &s, Visitor visit) {
  int64_t height = s.input[2], width = s.input[3], window = 0;
  for (int64_t plane = 0; plane < s.input[0] * s.input[1]; ++plane)
    for (int64_t y = 0; y < s.result[2]; ++y)
      for (int64_t x = 0; x < s.result[3]; ++x, ++window)
        for (int64_t i = 0; i < s.kernel[0]; ++i)
          for (int64_t j = 0; j < s.kernel[1]; ++j) {
            int64_t row = y * s.strides[0] + i * s.dilations[0] - s.pads[0];
            int64_t column = x * s.strides[1] + j * s.dilations[1] - s.pads[1];
            if (row >= 0 && row < height && column >= 0 && column < width)
              visit(window, (plane * height + row) * width + column);
          }
}

/// Elements of window `position` of one dimension inside the padded input.
int64_t countPadded(const PoolShape &s, int dimension, int64_t position) {
  int64_t size =
      s.input[2 + dimension] + s.pads[dimension] + s.pads[2 + dimension];
  int64_t count = 0;
  for (int64_t i = 0; i < s.kernel[dimension]; ++i)
    count += position * s.strides[dimension] + i * s.dilations[dimension] <
             size;
  return count;
}

} // namespace

std::vector<double> maxPool(const PoolShape &shape, Span<const double> input,
                            double lowest) {
  std::vector<double> result(countElements(shape.result), lowest);
  visitWindows(shape, [&](int64_t window, int64_t index) {
    double value = input[index];
    if (value > result[window] || std::isnan(value))
      result[window] = value;
  });
  return result;
}

std::vector<WindowSum> sumPool(const PoolShape &shape,
                               Span<const double> input, bool countPadding) {
  std::vector<WindowSum> result(countElements(shape.result), {0, 0});
  visitWindows(shape, [&](int64_t window, int64_t index) {
    result[window].sum += input[index];
    result[window].count += 1;
  });
  if (!countPadding)
    return result;
  int64_t columns = shape.result[3], rows = shape.result[2];
  for (size_t i = 0; i < result.size(); ++i)
    result[i].count = countPadded(shape, 0, i / columns % rows) *
                      countPadded(shape, 1, i % columns);
  return result;
}

int64_t requantizeMean(int64_t sum, int64_t count, const Grid &input,
                       const Grid &result) {
  // A window that touches nothing has the mean zero.
  double divisor = static_cast<double>(count ? count : 1) * result.scale;
  float multiplier = static_cast<float>(input.scale / divisor);
  return convert(static_cast<float>(sum) * multiplier, getBounds(result),
                 result);
}

} // namespace qcc::numerics
