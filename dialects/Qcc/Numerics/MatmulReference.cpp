// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each matrix of the result in turn, rows of rhs in the inner loop.

#include "dialects/Qcc/Numerics/MatmulReference.h"
#include "dialects/Qcc/Numerics/ElementwiseReference.h"

namespace qcc::numerics {

static Shape leading(Shape shape) {
  return Shape(shape.data(), shape.size() - 2);
}

std::vector<double> multiplyMatrices(Span<const float> lhs, Shape lhsShape,
                                     Span<const float> rhs, Shape rhsShape,
                                     Shape result) {
  int64_t rows = result[result.size() - 2];
  int64_t columns = result[result.size() - 1];
  int64_t depth = lhsShape[lhsShape.size() - 1];
  std::vector<double> sums(countElements(result));
  auto multiply = [&](int64_t i, int64_t a, int64_t b, int64_t) {
    const float *left = lhs.data() + a * rows * depth;
    const float *right = rhs.data() + b * depth * columns;
    double *out = sums.data() + i * rows * columns;
    for (int64_t m = 0; m < rows; ++m)
      for (int64_t k = 0; k < depth; ++k)
        for (int64_t n = 0; n < columns; ++n)
          out[m * columns + n] +=
              double(left[m * depth + k]) * right[k * columns + n];
  };
  visitBroadcast(leading(result), {leading(lhsShape), leading(rhsShape)},
                 multiply);
  return sums;
}

} // namespace qcc::numerics
