// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Coordinates, taps and the walk over one dimension.

#include "dialects/Qcc/Numerics/ResizeReference.h"

#include <algorithm>
#include <cmath>

namespace qcc::numerics {
namespace {

struct Dimension {
  int64_t inputSize;
  int64_t resultSize;
  double scale;
};

/// In f32, as ONNX Runtime computes it: nearest picks another element where a
/// scale like 0.6 makes a tie in exact arithmetic and none in f32.
double coordinateOf(Coordinates rule, const Dimension &d, int64_t i) {
  auto position = static_cast<float>(i), scale = static_cast<float>(d.scale);
  auto input = static_cast<float>(d.inputSize);
  auto result = static_cast<float>(d.resultSize);
  float center = (position + 0.5f) / scale - 0.5f;
  switch (rule) {
  case Coordinates::HalfPixel:
    return center;
  case Coordinates::PytorchHalfPixel:
    return d.resultSize > 1 ? center : 0.0f;
  case Coordinates::AlignCorners:
    return d.resultSize > 1 ? position * (input - 1) / (result - 1) : 0.0f;
  case Coordinates::Asymmetric:
    return position / scale;
  case Coordinates::HalfPixelSymmetric: {
    // Centres the result where its size is not exactly scale times the input.
    float offset = input / 2 * (1 - result / (scale * input));
    return offset + (position + 0.5f) / scale - 0.5f;
  }
  }
  return center;
}

std::vector<Tap> getLinearTaps(double x, int64_t size) {
  x = std::clamp(x, 0.0, double(size - 1));
  auto low = static_cast<int64_t>(x);
  // Both taps are the last element, as ONNX Runtime halves and adds it.
  if (low == size - 1)
    return {{low, 0.5}, {low, 0.5}};
  double rest = x - double(low);
  return {{low, 1.0 - rest}, {low + 1, rest}};
}

std::vector<Tap> getCubicTaps(double x, int64_t size, double a) {
  double floor = std::floor(x), rest = x - floor;
  std::vector<Tap> taps;
  for (int64_t k = -1; k <= 2; ++k) {
    double t = std::fabs(rest - double(k));
    double weight = t <= 1 ? ((a + 2) * t - (a + 3)) * t * t + 1
                           : ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
    int64_t index = static_cast<int64_t>(floor) + k;
    taps.push_back({std::clamp<int64_t>(index, 0, size - 1), weight});
  }
  return taps;
}

/// Applies `blend(out, value, tap number, weight)` along one dimension of
/// `values`, whose shape changes from `shape` to the returned size.
template <typename T, typename Blend>
std::vector<T> walk(const std::vector<T> &values, std::vector<int64_t> &shape,
                    size_t dimension, const std::vector<std::vector<Tap>> &taps,
                    Blend blend) {
  int64_t inner = rowMajorStrides(shape)[dimension];
  int64_t size = shape[dimension];
  int64_t outer = values.size() / (size * inner);
  std::vector<T> result(outer * taps.size() * inner);
  T *out = result.data();
  for (int64_t o = 0; o < outer; ++o)
    for (const std::vector<Tap> &position : taps)
      for (int64_t i = 0; i < inner; ++i)
        *out++ = blend(position, [&](size_t tap) {
          return values[(o * size + position[tap].index) * inner + i];
        });
  shape[dimension] = taps.size();
  return result;
}

/// Walks every dimension that changes, the last one first.
template <typename T, typename Blend>
std::vector<T> walkAll(const ResizeRule &rule, std::vector<T> values,
                       Shape inputShape, Shape resultShape,
                       Span<const double> scales, Blend blend) {
  std::vector<int64_t> shape(inputShape.begin(), inputShape.end());
  if (values.empty())
    return std::vector<T>(countElements(resultShape));
  for (size_t d = shape.size(); d-- > 0;) {
    if (scales[d] == 1.0 && shape[d] == resultShape[d])
      continue;
    values = walk(values, shape, d,
                  getTaps(rule, shape[d], resultShape[d], scales[d]), blend);
  }
  return values;
}

} // namespace

double roundNearest(NearestRounding rounding, double x) {
  switch (rounding) {
  case NearestRounding::RoundPreferFloor:
    return std::ceil(x - 0.5);
  case NearestRounding::RoundPreferCeil:
    return std::floor(x + 0.5);
  case NearestRounding::Floor:
    return std::floor(x);
  case NearestRounding::Ceil:
    return std::ceil(x);
  }
  return x;
}

double getCoordinate(Coordinates rule, int64_t inputSize, int64_t resultSize,
                     double scale, int64_t i) {
  return coordinateOf(rule, {inputSize, resultSize, scale}, i);
}

std::vector<std::vector<Tap>> getTaps(const ResizeRule &rule, int64_t inputSize,
                                      int64_t resultSize, double scale) {
  std::vector<std::vector<Tap>> taps;
  Dimension dimension = {inputSize, resultSize, scale};
  for (int64_t i = 0; i < resultSize; ++i) {
    if (scale == 1.0 && inputSize == resultSize) {
      taps.push_back({{i, 1.0}});
      continue;
    }
    double x = coordinateOf(rule.coordinates, dimension, i);
    if (rule.mode == ResizeMode::Linear)
      taps.push_back(getLinearTaps(x, inputSize));
    else if (rule.mode == ResizeMode::Cubic)
      taps.push_back(getCubicTaps(x, inputSize, rule.cubicCoefficient));
    else
      taps.push_back(
          {{static_cast<int64_t>(std::clamp(roundNearest(rule.rounding, x), 0.0,
                                            double(inputSize - 1))),
            1.0}});
  }
  return taps;
}

std::vector<double> resize(const ResizeRule &rule, Span<const double> input,
                           Shape inputShape, Shape resultShape,
                           Span<const double> scales) {
  auto blend = [](const std::vector<Tap> &taps, auto read) {
    // A single tap moves its element, infinities too.
    double sum = taps.size() == 1 ? read(0) : 0.0;
    for (size_t tap = 0; taps.size() > 1 && tap < taps.size(); ++tap)
      sum += taps[tap].weight * read(tap);
    return sum;
  };
  return walkAll(rule, std::vector<double>(input.begin(), input.end()),
                 inputShape, resultShape, scales, blend);
}

/// Calls `visit(index, weight)` for all taps of one result element, the last
/// dimension fastest; `weight` is the f32 product of those of the dimensions.
template <typename Visit>
static void visitTaps(const std::vector<const std::vector<Tap> *> &taps,
                      const std::vector<int64_t> &strides, size_t dimension,
                      int64_t index, float weight, Visit visit) {
  if (dimension == taps.size())
    return visit(index, weight);
  for (const Tap &tap : *taps[dimension]) {
    auto own = static_cast<float>(tap.weight);
    visitTaps(taps, strides, dimension + 1,
              index + tap.index * strides[dimension],
              taps[dimension]->size() == 1 ? weight : weight * own, visit);
  }
}

std::vector<int64_t> resize(const ResizeRule &rule, Span<const int64_t> input,
                            Shape inputShape, Shape resultShape,
                            Span<const double> scales, const Grid &grid) {
  size_t rank = inputShape.size();
  std::vector<std::vector<std::vector<Tap>>> all;
  for (size_t d = 0; d < rank; ++d)
    all.push_back(getTaps(rule, inputShape[d], resultShape[d], scales[d]));
  std::vector<int64_t> strides = rowMajorStrides(inputShape), result;
  std::vector<int64_t> position(rank, 0);
  for (int64_t count = countElements(resultShape); count-- > 0;) {
    std::vector<const std::vector<Tap> *> taps;
    for (size_t d = 0; d < rank; ++d)
      taps.push_back(&all[d][position[d]]);
    int64_t moved = 0;
    bool isFirst = true;
    float sum = 0;
    visitTaps(taps, strides, 0, 0, 1.0f, [&](int64_t index, float weight) {
      float product = dequantize(input[index], grid) * weight;
      sum = isFirst ? product : sum + product;
      isFirst = false;
      moved = input[index];
    });
    result.push_back(rule.mode == ResizeMode::Nearest ? moved
                                                      : quantize(sum, grid));
    for (size_t d = rank; d-- > 0 && ++position[d] == resultShape[d];)
      position[d] = 0;
  }
  return result;
}

} // namespace qcc::numerics
