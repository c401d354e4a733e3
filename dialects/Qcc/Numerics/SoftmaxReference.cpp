// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One line along the axis at a time.

#include "dialects/Qcc/Numerics/SoftmaxReference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qcc::numerics {

std::vector<double> softmax(Span<const double> input, Shape shape,
                            int64_t axis, bool log) {
  std::vector<double> result(input.size());
  int64_t size = shape[axis], step = rowMajorStrides(shape)[axis];
  for (size_t line = 0; line < input.size() / std::max<int64_t>(size, 1);
       ++line) {
    int64_t first = line / step * step * size + line % step;
    double largest = -std::numeric_limits<double>::infinity();
    for (int64_t i = 0; i < size; ++i)
      largest = std::max(largest, input[first + i * step]);
    double sum = 0;
    for (int64_t i = 0; i < size; ++i)
      sum += std::exp(input[first + i * step] - largest);
    for (int64_t i = 0; i < size; ++i) {
      double x = input[first + i * step] - largest;
      result[first + i * step] = log ? x - std::log(sum) : std::exp(x) / sum;
    }
  }
  return result;
}

} // namespace qcc::numerics
