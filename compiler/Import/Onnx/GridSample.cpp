// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GridSample of images: each result pixel is a weighted sum of the pixels
// around a computed place. Columns and rows give their taps separately; a pixel
// is a row of channels that a gather takes.

#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/OnnxReader.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::onnx_import {

namespace {

enum class Sampling { Nearest, Linear, Cubic };
enum class Border { Zeros, Clamped, Reflected };

/// A pixel that takes part along one dimension: its index, a whole number
/// inside the image, and its weight, all f32 in the shape of the result.
struct Tap {
  Value place, weight;
};

/// Float expressions without the ceremony.
struct Arithmetic {
  GraphBuilder &build;

  Value add(Value a, double b) { return build.binary(BinaryKind::Add, a, b); }
  Value mul(Value a, double b) { return build.binary(BinaryKind::Mul, a, b); }
  Value sub(Value a, Value b) { return build.binary(BinaryKind::Sub, a, b); }
  Value floor(Value a) { return build.unary(UnaryKind::Floor, a); }
  /// b - a
  Value from(double b, Value a) { return add(mul(a, -1), b); }
};

class GridSampler {
public:
  GridSampler(Node &node, Sampling sampling, Border border)
      : build(node.build), math{node.build}, sampling(sampling), border(border),
        isAligned(node.getInteger("align_corners", 0)) {}

  Value sample(Value image, Value grid);

private:
  SmallVector<Tap> makeTaps(Value grid, int64_t entry, int64_t size);
  SmallVector<Value> makeWeights(Value fraction);
  Tap placeTap(Value place, Value weight, int64_t size);
  Value reflect(Value place, int64_t size);

  GraphBuilder &build;
  Arithmetic math;
  Sampling sampling;
  Border border;
  bool isAligned;
};

} // namespace

/// Weights of the pixels around a place, from its distance to the one before:
/// of two, or for cubic (Keys, a = -3/4) of four from the one before that.
SmallVector<Value> GridSampler::makeWeights(Value t) {
  if (sampling == Sampling::Linear)
    return {math.from(1, t), t};
  constexpr double a = -0.75;
  // |d| <= 1: ((a + 2) d - (a + 3)) d^2 + 1, else a (((d - 5) d + 8) d - 4)
  auto near = [&](Value d) {
    Value line = math.add(math.mul(d, a + 2), -(a + 3));
    Value square = build.binary(BinaryKind::Mul, d, d);
    return math.add(build.binary(BinaryKind::Mul, line, square), 1);
  };
  auto far = [&](Value d) {
    Value inner = build.binary(BinaryKind::Mul, math.add(d, -5), d);
    inner = build.binary(BinaryKind::Mul, math.add(inner, 8), d);
    return math.mul(math.add(inner, -4), a);
  };
  return {far(math.add(t, 1)), near(t), near(math.from(1, t)),
          far(math.from(2, t))};
}

/// A triangle wave between the centres (or outer edges) of the first and the
/// last pixel.
Value GridSampler::reflect(Value place, int64_t size) {
  double shift = isAligned ? 0 : 0.5;
  double span = isAligned ? size - 1 : size;
  if (span < 1)
    return math.mul(place, 0);
  Value distance = build.unary(UnaryKind::Abs, math.add(place, shift));
  Value periods = math.floor(build.binary(BinaryKind::Div, distance, 2 * span));
  Value rest = math.sub(distance, math.mul(periods, 2 * span));
  Value mirrored =
      build.binary(BinaryKind::Min, rest, math.from(2 * span, rest));
  return math.add(mirrored, -shift);
}

Tap GridSampler::placeTap(Value place, Value weight, int64_t size) {
  if (border == Border::Reflected)
    place = reflect(place, size);
  Value inside = build.clamp(place, 0.0f, float(size - 1));
  if (border == Border::Zeros && place && weight) {
    Value isInside = build.binary(BinaryKind::Equal, place, inside);
    weight = build.select(isInside, weight, build.scalar(0, elementOf(weight)));
  }
  return {inside, weight};
}

/// The taps along a dimension of `size` pixels, from numbers -1 to 1 at
/// `entry` of the grid's last dimension.
SmallVector<Tap> GridSampler::makeTaps(Value grid, int64_t entry,
                                       int64_t size) {
  SmallVector<int64_t> shape(shapeOf(grid));
  shape.back() = 1;
  Value number = build.slice(grid, {0, 0, 0, entry}, shape, {1, 1, 1, 1});
  shape.pop_back();
  number = math.add(build.reshape(number, shape), 1);
  Value place = isAligned ? math.mul(number, (size - 1) / 2.0)
                          : math.add(math.mul(number, size / 2.0), -0.5);
  if (!place)
    return {};
  if (sampling == Sampling::Nearest) {
    Value one = build.expand(build.floats(1.0f, {1, 1, 1}), shape);
    return {placeTap(build.unary(UnaryKind::Round, place), one, size)};
  }
  Value before = math.floor(place);
  SmallVector<Value> weights = makeWeights(math.sub(place, before));
  SmallVector<Tap> taps;
  int64_t first = sampling == Sampling::Cubic ? -1 : 0;
  for (auto [i, weight] : llvm::enumerate(weights))
    taps.push_back(
        placeTap(math.add(before, double(first + int64_t(i))), weight, size));
  return taps;
}

Value GridSampler::sample(Value image, Value grid) {
  Shape shape = shapeOf(image);
  int64_t images = shape[0], height = shape[2], width = shape[3];
  Value pixels = build.reshape(build.transpose(image, {0, 2, 3, 1}),
                               {images * height * width, shape[1]});
  SmallVector<int64_t> starts;
  for (int64_t i = 0; i < images; ++i)
    starts.push_back(i * height * width);
  Value start = build.reshape(build.integers(starts), {images, 1, 1});
  SmallVector<Tap> columns = makeTaps(grid, 0, width);
  SmallVector<int64_t> spread(shapeOf(grid).drop_back());
  spread.push_back(1);
  Type i64 = IntegerType::get(build.getContext(), 64);
  Value sum;
  for (Tap row : makeTaps(grid, 1, height))
    for (Tap column : columns) {
      // Indices are integers, since f32 numbers no large image.
      Value y = build.convert(row.place, i64);
      Value x = build.convert(column.place, i64);
      Value place = build.binary(
          BinaryKind::Add, start,
          build.binary(BinaryKind::Add,
                       y ? build.binary(BinaryKind::Mul, y, double(width))
                         : Value(),
                       x));
      Value weight = build.reshape(
          build.binary(BinaryKind::Mul, row.weight, column.weight), spread);
      Value part =
          build.binary(BinaryKind::Mul, build.gather(pixels, place, 0), weight);
      sum = sum ? build.binary(BinaryKind::Add, sum, part) : part;
      if (!sum)
        return {};
    }
  return build.transpose(sum, {0, 3, 1, 2});
}

void importGridSample(Node &node) {
  StringRef mode = node.getString("mode", "linear");
  StringRef padding = node.getString("padding_mode", "zeros");
  auto sampling = llvm::StringSwitch<std::optional<Sampling>>(mode)
                      .Case("nearest", Sampling::Nearest)
                      .Cases({"linear", "bilinear"}, Sampling::Linear)
                      .Cases({"cubic", "bicubic"}, Sampling::Cubic)
                      .Default(std::nullopt);
  auto border = llvm::StringSwitch<std::optional<Border>>(padding)
                    .Case("zeros", Border::Zeros)
                    .Case("border", Border::Clamped)
                    .Case("reflection", Border::Reflected)
                    .Default(std::nullopt);
  if (!sampling || !border) {
    node.fail("expected a known mode and padding_mode, but got " + quote(mode) +
              " and " + quote(padding));
    return;
  }
  Shape image = shapeOf(node.input(0)), grid = shapeOf(node.input(1));
  if (image.size() != 4 || grid.size() != 4 || grid[0] != image[0] ||
      grid[3] != 2 || image[2] < 1 || image[3] < 1) {
    node.fail("expected an image [N, C, H, W] and a grid [N, ..., ..., 2], "
              "but got " +
              describe(image) + " and " + describe(grid));
    return;
  }
  GridSampler sampler(node, *sampling, *border);
  node.setOutput(0, sampler.sample(node.input(0), node.input(1)));
}

} // namespace qcc::onnx_import
