// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The matrices of a Resize: a row for each result index, with the weights of
// the elements that it reads.

#include "compiler/Import/Onnx/ResizeMatrices.h"

#include "dialects/Qcc/Numerics/ResizeReference.h"

#include <cmath>

using namespace mlir;

namespace qcc::onnx_import {

// A row has a column for each element of the input.
static constexpr int64_t kMaxWeights = 1 << 24;

namespace {

/// The rows of one dimension.
struct Rows {
  std::vector<float> weights; // result * size
  SmallVector<bool> isOutside;
};

} // namespace

static double coordinateOf(const ResizedDimension &d, const MatrixResize &rule,
                           int64_t i) {
  if (!rule.isCropped)
    return numerics::getCoordinate(
        numerics::Coordinates(rule.options.coordinates), d.size, d.result,
        d.scale, i);
  double last = d.size - 1;
  if (d.result == 1)
    return 0.5 * (d.start + d.end) * last;
  return d.start * last + i * (d.end - d.start) * last / (d.result - 1);
}

/// The weight of an element at a distance.
static double weigh(const ResizeOptions &options, double distance) {
  double t = std::fabs(distance), a = options.cubicCoefficient;
  if (options.mode == ResizeMode::Linear)
    return std::max(0.0, 1 - t);
  if (t >= 2)
    return 0;
  return t <= 1 ? ((a + 2) * t - (a + 3)) * t * t + 1
                : ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
}

/// Adds the weights of what is read around `x` to `row`.
static void fillRow(const ResizedDimension &d, const MatrixResize &rule,
                    double x, float *row) {
  auto inside = [&](double index) {
    return int64_t(std::clamp(index, 0.0, double(d.size - 1)));
  };
  if (rule.options.mode == ResizeMode::Nearest) {
    row[inside(numerics::roundNearest(
        numerics::NearestRounding(rule.options.rounding), x))] = 1;
    return;
  }
  // Antialiasing widens the window of a result that is smaller.
  double narrowing = rule.isAntialiased ? std::min(d.scale, 1.0) : 1;
  double reach = (rule.options.mode == ResizeMode::Linear ? 1 : 2) / narrowing;
  std::vector<std::pair<int64_t, double>> taps;
  double sum = 0;
  for (double at = std::floor(x - reach); at <= std::ceil(x + reach); ++at) {
    bool isInside = at >= 0 && at <= d.size - 1;
    if (rule.excludesOutside && !isInside)
      continue;
    taps.emplace_back(inside(at), weigh(rule.options, (at - x) * narrowing));
    sum += taps.back().second;
  }
  for (auto [index, weight] : taps)
    row[index] += sum == 0 ? 0 : weight / sum;
}

static Rows makeRows(const ResizedDimension &d, const MatrixResize &rule) {
  Rows rows;
  rows.weights.assign(d.result * d.size, 0);
  for (int64_t i = 0; i < d.result; ++i) {
    double x = coordinateOf(d, rule, i);
    rows.isOutside.push_back(rule.isCropped && (x < 0 || x > d.size - 1));
    if (!rows.isOutside.back())
      fillRow(d, rule, x, rows.weights.data() + i * d.size);
  }
  return rows;
}

/// `x` with dimension `d` replaced by its products with the rows.
static Value multiplyAlong(GraphBuilder &build, Value x,
                           const ResizedDimension &d, const Rows &rows) {
  if (!x)
    return {};
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq(rankOf(x)));
  std::swap(order[d.dimension], order.back());
  Value last = build.transpose(x, order);
  SmallVector<int64_t> shape(shapeOf(last));
  int64_t lines = typeOf(x).getNumElements() / d.size;
  Value product =
      build.linear(build.reshape(last, {lines, d.size}),
                   build.floats(rows.weights, {d.result, d.size}), Value());
  shape.back() = d.result;
  return build.transpose(build.reshape(product, shape), order);
}

Value resizeByMatrices(GraphBuilder &build, Value x,
                       ArrayRef<ResizedDimension> dimensions,
                       const MatrixResize &rule) {
  Value outside;
  int64_t rank = rankOf(x);
  for (const ResizedDimension &d : dimensions) {
    if (d.size < 1 || d.result > kMaxWeights / d.size)
      return build.fail("expected at most " + Twine(kMaxWeights) +
                        " weights, but got " + Twine(d.result) + " times " +
                        Twine(d.size));
    Rows rows = makeRows(d, rule);
    x = multiplyAlong(build, x, d, rows);
    if (!llvm::is_contained(rows.isOutside, true))
      continue;
    SmallVector<int64_t> shape(rank, 1);
    shape[d.dimension] = d.result;
    Value here = build.constant(DenseElementsAttr::get(
        RankedTensorType::get(shape, IntegerType::get(build.getContext(), 1)),
        ArrayRef<bool>(rows.isOutside)));
    outside = outside ? build.binary(BinaryKind::Or, outside, here) : here;
  }
  if (!outside || !x)
    return x;
  return build.select(outside,
                      build.scalar(rule.extrapolation, build.getFloat()), x);
}

} // namespace qcc::onnx_import
