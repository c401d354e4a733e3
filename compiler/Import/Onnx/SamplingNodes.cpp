// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// AffineGrid, and RoiAlign with a fixed number of samples a bin.

#include "compiler/Import/Onnx/Indices.h"
#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/OnnxReader.h"

using namespace mlir;

namespace qcc::onnx_import {

// Places that a short file can ask for.
static constexpr int64_t kMaxPlaces = 1 << 24;

/// Coordinate `i` of `size`, from -1 to 1.
static float gridCoordinate(int64_t i, int64_t size, bool alignsCorners) {
  if (alignsCorners)
    return size > 1 ? 2.0 * i / (size - 1) - 1 : 0.0;
  return (2.0 * i + 1) / size - 1;
}

// AffineGrid -> constant places [..., x, y, z, 1] times theta transposed
void importAffineGrid(Node &node) {
  GraphBuilder &build = node.build;
  Value theta = node.input(0);
  auto sizes = node.constantIntegers(1, "size");
  if (!sizes)
    return;
  int64_t rank = int64_t(sizes->size()) - 2, count = 1;
  bool isFit = (rank == 2 || rank == 3) && rankOf(theta) == 3 &&
               shapeOf(theta) == Shape({(*sizes)[0], rank, rank + 1});
  for (int64_t i = 0; isFit && i < rank; ++i) {
    isFit = (*sizes)[i + 2] >= 1 && (*sizes)[i + 2] <= kMaxPlaces / count;
    count *= isFit ? (*sizes)[i + 2] : 1;
  }
  if (!isFit) {
    node.fail("expected theta [N, 2, 3] or [N, 3, 4] and sizes as long, but "
              "got " +
              describe(shapeOf(theta)) + " and " + describe(*sizes));
    return;
  }
  bool alignsCorners = node.getInteger("align_corners", 0);
  Shape spatial = Shape(*sizes).drop_front(2);
  std::vector<float> places;
  for (int64_t number = 0; number < count; ++number) {
    // The last dimension is x and comes first.
    int64_t rest = number;
    for (int64_t i = rank; i-- > 0; rest /= spatial[i])
      places.push_back(
          gridCoordinate(rest % spatial[i], spatial[i], alignsCorners));
    places.push_back(1);
  }
  Value grid = build.matmul(build.floats(places, {count, rank + 1}),
                            build.transpose(theta, {0, 2, 1}));
  SmallVector<int64_t> shape{(*sizes)[0]};
  llvm::append_range(shape, spatial);
  shape.push_back(rank);
  node.setOutput(0, build.reshape(grid, shape));
}

namespace {

/// The two pixels around each sample along one dimension, [R, samples].
struct Neighbours {
  Value low, high, lowWeight, highWeight;
};

class RoiSampler {
public:
  explicit RoiSampler(Node &node) : node(node), build(node.build) {}

  void import();

private:
  Value op(BinaryKind kind, Value a, Value b) {
    return build.binary(kind, a, b);
  }
  Value op(BinaryKind kind, Value a, double b) {
    return build.binary(kind, a, b);
  }
  Value column(int64_t i);
  Neighbours place(Value start, Value end, int64_t bins, int64_t size);
  Value gatherPixels(Value rows, Value columns);
  Value read(const Neighbours &y, const Neighbours &x);

  Node &node;
  GraphBuilder &build;
  Value pixels, images; // [N * H * W, C], and the image of each box
  int64_t boxes = 0, samples = 0;
  bool isHalfPixel = false, isMax = false;
  SmallVector<int64_t> shape;
};

} // namespace

/// Number `i` of each box, in pixels: [R, 1].
Value RoiSampler::column(int64_t i) {
  Value value = build.slice(node.input(1), {0, i}, {boxes, 1}, {1, 1});
  value = op(BinaryKind::Mul, value, node.getFloat("spatial_scale", 1));
  return isHalfPixel ? op(BinaryKind::Sub, value, 0.5) : value;
}

/// Samples in the middle of equal parts from `start` to `end`. Those that lie
/// more than a pixel outside weigh nothing.
Neighbours RoiSampler::place(Value start, Value end, int64_t bins,
                             int64_t size) {
  Value extent = op(BinaryKind::Sub, end, start);
  if (!isHalfPixel)
    extent = op(BinaryKind::Max, extent, 1.0);
  std::vector<float> parts;
  for (int64_t i = 0; i < bins * samples; ++i)
    parts.push_back((i + 0.5) / (bins * samples));
  Value at =
      op(BinaryKind::Add, start,
         op(BinaryKind::Mul, extent, build.floats(parts, {1, bins * samples})));
  if (!at)
    return {};
  Value isInside = op(BinaryKind::And, op(BinaryKind::GreaterOrEqual, at, -1.0),
                      op(BinaryKind::LessOrEqual, at, double(size)));
  Value zero = build.scalar(0, build.getFloat());
  at = build.clamp(at, 0.0f, float(size - 1));
  Neighbours result;
  result.low = build.unary(UnaryKind::Floor, at);
  result.high =
      build.clamp(op(BinaryKind::Add, result.low, 1.0), 0.0f, float(size - 1));
  Value rest = op(BinaryKind::Sub, at, result.low);
  Value other = op(BinaryKind::Add, build.unary(UnaryKind::Neg, rest), 1.0);
  result.highWeight = build.select(isInside, rest, zero);
  result.lowWeight = build.select(isInside, other, zero);
  return result;
}

/// Pixels [R, rows, columns, C] of indices [R, rows] and [R, columns].
Value RoiSampler::gatherPixels(Value rows, Value columns) {
  if (!rows || !columns)
    return {};
  int64_t height = shapeOf(rows)[1], width = shapeOf(columns)[1];
  Type i64 = IntegerType::get(build.getContext(), 64);
  Value row = build.reshape(build.convert(rows, i64), {boxes, height, 1});
  Value column = build.reshape(build.convert(columns, i64), {boxes, 1, width});
  Value image = build.reshape(images, {boxes, 1, 1});
  Value line =
      op(BinaryKind::Add, op(BinaryKind::Mul, image, double(shape[2])), row);
  return build.gather(
      pixels,
      op(BinaryKind::Add, op(BinaryKind::Mul, line, double(shape[3])), column),
      0);
}

/// Each sample from the four pixels around it: [R, rows, columns, C]. The
/// largest of the four products instead of their sum for mode max.
Value RoiSampler::read(const Neighbours &y, const Neighbours &x) {
  Value total;
  for (auto [row, rowWeight] :
       {std::pair(y.low, y.lowWeight), std::pair(y.high, y.highWeight)})
    for (auto [column, columnWeight] :
         {std::pair(x.low, x.lowWeight), std::pair(x.high, x.highWeight)}) {
      if (!rowWeight || !columnWeight)
        return {};
      Value weight = op(
          BinaryKind::Mul,
          build.reshape(rowWeight, {boxes, shapeOf(rowWeight)[1], 1, 1}),
          build.reshape(columnWeight, {boxes, 1, shapeOf(columnWeight)[1], 1}));
      Value part = op(BinaryKind::Mul, gatherPixels(row, column), weight);
      total = !total  ? part
              : isMax ? op(BinaryKind::Max, total, part)
                      : op(BinaryKind::Add, total, part);
    }
  return total;
}

void RoiSampler::import() {
  Value x = node.input(0);
  shape.assign(shapeOf(x).begin(), shapeOf(x).end());
  int64_t height = node.getInteger("output_height", 1);
  int64_t width = node.getInteger("output_width", 1);
  samples = node.getInteger("sampling_ratio", 0);
  StringRef mode = node.getString("mode", "avg");
  isMax = mode == "max";
  isHalfPixel =
      node.opset >= 16 && node.getString("coordinate_transformation_mode",
                                         "half_pixel") == "half_pixel";
  bool isFit = shape.size() == 4 && rankOf(node.input(1)) == 2 &&
               shapeOf(node.input(1))[1] == 4 && height >= 1 && width >= 1 &&
               std::max({height, width, samples}) <= 1 << 10;
  boxes = isFit ? shapeOf(node.input(1))[0] : 0;
  isFit = isFit && shapeOf(node.input(2)) == Shape(boxes);
  if (!isFit || samples < 1 || (!isMax && mode != "avg")) {
    node.fail("expected an image, boxes [R, 4], a batch index for each, a "
              "sampling_ratio of at least 1 and mode avg or max, but got " +
              describe(shape) + ", " + describe(shapeOf(node.input(1))) + ", " +
              Twine(samples) + " and " + quote(mode));
    return;
  }
  pixels = build.reshape(build.transpose(x, {0, 2, 3, 1}),
                         {shape[0] * shape[2] * shape[3], shape[1]});
  images =
      build.convert(node.input(2), IntegerType::get(build.getContext(), 64));
  Value all = read(place(column(1), column(3), height, shape[2]),
                   place(column(0), column(2), width, shape[3]));
  Value bins =
      build.reshape(all, {boxes, height, samples, width, samples, shape[1]});
  bins = build.reduce(isMax ? ReduceKind::Max : ReduceKind::Mean, bins, {2, 4},
                      /*keepsDimensions=*/false);
  node.setOutput(0, build.transpose(bins, {0, 3, 1, 2}));
}

void importRoiAlign(Node &node) { RoiSampler(node).import(); }

} // namespace qcc::onnx_import
