// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One walk over the input; the result's index has stride 0 along the axes.

#include "dialects/Qcc/Numerics/ReduceReference.h"
#include "dialects/Qcc/Numerics/ElementwiseReference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qcc::numerics {

int64_t countReduced(Shape input, Shape axes) {
  int64_t count = 1;
  for (int64_t axis : axes)
    count *= input[axis];
  return count;
}

static std::vector<int64_t> reducedShape(Shape input, Shape axes) {
  std::vector<int64_t> result(input.begin(), input.end());
  for (int64_t axis : axes)
    result[axis] = 1;
  return result;
}

static double combine(ReduceKind kind, double sum, double x) {
  switch (kind) {
  case ReduceKind::Max:
    return std::isnan(x) || x > sum ? x : sum;
  case ReduceKind::Min:
    return std::isnan(x) || x < sum ? x : sum;
  case ReduceKind::Prod:
    return sum * x;
  case ReduceKind::SumSquare:
    return sum + x * x;
  default:
    return sum + x;
  }
}

static int64_t combine(ReduceKind kind, int64_t sum, int64_t x) {
  // Unsigned, so that overflow wraps.
  auto a = static_cast<uint64_t>(sum), b = static_cast<uint64_t>(x);
  switch (kind) {
  case ReduceKind::Max:
    return std::max(sum, x);
  case ReduceKind::Min:
    return std::min(sum, x);
  case ReduceKind::Prod:
    return static_cast<int64_t>(a * b);
  case ReduceKind::SumSquare:
    return static_cast<int64_t>(a + b * b);
  default:
    return static_cast<int64_t>(a + b);
  }
}

template <typename T> static T startOf(ReduceKind kind) {
  using Limits = std::numeric_limits<T>;
  T highest = Limits::has_infinity ? Limits::infinity() : Limits::max();
  T lowest = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
  switch (kind) {
  case ReduceKind::Max:
    return lowest;
  case ReduceKind::Min:
    return highest;
  case ReduceKind::Prod:
    return 1;
  default:
    return 0;
  }
}

template <typename T>
static std::vector<T> reduceAny(ReduceKind kind, Span<const T> input,
                                Shape shape, Shape axes) {
  std::vector<int64_t> result = reducedShape(shape, axes);
  std::vector<T> values(countElements(result), startOf<T>(kind));
  visitBroadcast(shape, {result},
                 [&](int64_t i, int64_t out, int64_t, int64_t) {
                   values[out] = combine(kind, values[out], input[i]);
                 });
  if (kind == ReduceKind::Mean) {
    int64_t count = std::max<int64_t>(countReduced(shape, axes), 1);
    for (T &value : values)
      value /= static_cast<T>(count);
  }
  return values;
}

std::vector<double> reduce(ReduceKind kind, Span<const double> input,
                           Shape shape, Shape axes) {
  return reduceAny(kind, input, shape, axes);
}

std::vector<int64_t> reduce(ReduceKind kind, Span<const int64_t> input,
                            Shape shape, Shape axes) {
  return reduceAny(kind, input, shape, axes);
}

} // namespace qcc::numerics
