// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that put elements into places that an index names: all are a scatter of
// slices of a flat tensor.

#include "compiler/Import/Onnx/Indices.h"
#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/OnnxReader.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::onnx_import {

static std::optional<ScatterKind> readKind(Node &node) {
  StringRef text = node.getString("reduction", "none");
  auto kind = llvm::StringSwitch<std::optional<ScatterKind>>(text)
                  .Case("none", ScatterKind::Set)
                  .Case("add", ScatterKind::Add)
                  .Case("mul", ScatterKind::Mul)
                  .Case("max", ScatterKind::Max)
                  .Case("min", ScatterKind::Min)
                  .Default(std::nullopt);
  if (!kind)
    node.fail("expected reduction none, add, mul, max or min, but got " +
              quote(text));
  return kind;
}

static Value flatten(GraphBuilder &build, Value value) {
  return value ? build.reshape(value, typeOf(value).getNumElements()) : Value();
}

// ScatterElements, Scatter -> scatter(flat x, index * stride + place of the
// rest, flat updates)
void importScatterElements(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto axis = node.normalizeAxis(node.getInteger("axis", 0), rankOf(x));
  auto kind = readKind(node);
  if (!axis || !kind)
    return;
  Value places = placeElements(build, shapeOf(x), node.input(1), *axis);
  Value result = build.scatter(*kind, flatten(build, x), flatten(build, places),
                               flatten(build, node.input(2)));
  node.setOutput(0, build.reshape(result, shapeOf(x)));
}

// ScatterND -> scatter of flat slices
void importScatterNd(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0), updates = node.input(2);
  auto kind = readKind(node);
  auto found = placeSlices(build, shapeOf(x), node.input(1), 0);
  if (!kind || !found || !found->place)
    return;
  SmallVector<int64_t> slices = found->slices;
  slices[0] = typeOf(found->place).getNumElements();
  Value result = build.scatter(*kind, build.reshape(x, found->slices),
                               flatten(build, found->place),
                               build.reshape(updates, slices));
  node.setOutput(0, build.reshape(result, shapeOf(x)));
}

// TensorScatter -> scatter of the updates along one axis, from a place of each
// batch on, around the end if `mode` is circular
void importTensorScatter(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0), updates = node.input(1);
  int64_t rank = rankOf(x);
  auto axis = node.normalizeAxis(node.getInteger("axis", -2), rank);
  if (!axis)
    return;
  int64_t size = shapeOf(x)[*axis];
  SmallVector<int64_t> expected(shapeOf(x));
  if (rankOf(updates) == rank)
    expected[*axis] = std::min(size, shapeOf(updates)[*axis]);
  if (*axis == 0 || shapeOf(updates) != Shape(expected)) {
    node.fail("expected updates that fit into " + describe(shapeOf(x)) +
              ", but got " + describe(shapeOf(updates)));
    return;
  }
  Value places = makeNumbers(build, expected[*axis], *axis, rank);
  if (node.hasInput(2) && places) {
    SmallVector<int64_t> perBatch(rank, 1);
    perBatch[0] = expected[0];
    Value first = build.reshape(build.convert(node.input(2), elementOf(places)),
                                perBatch);
    places = build.binary(BinaryKind::Add, places, first);
  }
  if (places && node.getString("mode", "linear") == "circular")
    places = build.binary(BinaryKind::Mod, places, double(size));
  if (!places)
    return;
  places =
      placeElements(build, shapeOf(x), build.expand(places, expected), *axis);
  Value result = build.scatter(ScatterKind::Set, flatten(build, x),
                               flatten(build, places), flatten(build, updates));
  node.setOutput(0, build.reshape(result, shapeOf(x)));
}

namespace {

/// The windows of a Col2Im.
struct Columns {
  SmallVector<int64_t> image, block, windows, strides, dilations, pads;
  SmallVector<int64_t> padded;   // the image with its pads
  int64_t places = 1, count = 1; // of a block, and of windows

  bool measure();
};

} // namespace

/// Fills in what follows from the rest; false where that is no windows.
bool Columns::measure() {
  size_t rank = image.size();
  if (rank == 0 || block.size() != rank || strides.size() != rank ||
      dilations.size() != rank || pads.size() != 2 * rank)
    return false;
  for (size_t i = 0; i < rank; ++i) {
    constexpr int64_t most = 1 << 20;
    for (int64_t size : {image[i], block[i], strides[i], dilations[i]})
      if (size < 1 || size > most)
        return false;
    if (std::min(pads[i], pads[i + rank]) < 0 ||
        std::max(pads[i], pads[i + rank]) > most)
      return false;
    padded.push_back(image[i] + pads[i] + pads[i + rank]);
    int64_t room = padded[i] - (block[i] - 1) * dilations[i] - 1;
    windows.push_back(room < 0 ? 0 : room / strides[i] + 1);
    if (llvm::MulOverflow(places, block[i], places) ||
        llvm::MulOverflow(count, windows[i], count))
      return false;
  }
  return true;
}

static std::optional<Columns> readColumns(Node &node) {
  auto image = node.constantIntegers(1, "image_shape");
  auto block = node.constantIntegers(2, "block_shape");
  if (!image || !block)
    return std::nullopt;
  size_t rank = image->size();
  SmallVector<int64_t> ones(rank, 1), zeros(2 * rank, 0);
  Columns columns;
  columns.image.assign(image->begin(), image->end());
  columns.block.assign(block->begin(), block->end());
  columns.strides = node.getIntegers("strides", ones);
  columns.dilations = node.getIntegers("dilations", ones);
  columns.pads = node.getIntegers("pads", zeros);
  Shape shape = shapeOf(node.input(0));
  if (columns.measure() && shape.size() == 3 &&
      shape[1] % columns.places == 0 && shape[2] == columns.count)
    return columns;
  node.fail("expected columns [N, C * block, windows] for image_shape " +
            describe(*image) + " and block_shape " + describe(*block) +
            ", but got " + describe(shape));
  return std::nullopt;
}

/// The flat pixel of each place [block...] of each window [windows...].
static Value findPixels(GraphBuilder &build, const Columns &columns) {
  SmallVector<int64_t> steps = rowMajorStrides(columns.padded);
  int64_t rank = steps.size();
  Value pixel = build.scalar(0, IntegerType::get(build.getContext(), 64));
  for (int64_t i = 0; i < rank; ++i)
    for (auto [size, at, step] :
         {std::tuple(columns.block[i], i, steps[i] * columns.dilations[i]),
          std::tuple(columns.windows[i], rank + i,
                     steps[i] * columns.strides[i])}) {
      Value numbers = makeNumbers(build, size, at, 2 * rank);
      pixel = build.binary(
          BinaryKind::Add, pixel,
          numbers ? build.binary(BinaryKind::Mul, numbers, double(step))
                  : Value());
    }
  return pixel;
}

// Col2Im -> scatter add of the pixels of all windows, channels behind them
void importCol2Im(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto columns = readColumns(node);
  if (!columns)
    return;
  int64_t rank = columns->image.size(), images = shapeOf(x)[0];
  int64_t channels = shapeOf(x)[1] / columns->places, area = 1;
  for (int64_t size : columns->padded)
    area *= size;
  Value pixels = build.transpose(
      build.reshape(x, {images * channels, columns->places * columns->count}),
      {1, 0});
  Value empty =
      build.expand(build.scalar(0, elementOf(x)), {area, images * channels});
  Value result = build.transpose(
      build.scatter(ScatterKind::Add, empty,
                    flatten(build, findPixels(build, *columns)), pixels),
      {1, 0});
  SmallVector<int64_t> shape{images, channels}, sizes(shape), low(rank + 2, 0);
  llvm::append_range(shape, columns->padded);
  llvm::append_range(sizes, columns->image);
  std::copy_n(columns->pads.begin(), rank, low.begin() + 2);
  node.setOutput(0, build.slice(build.reshape(result, shape), low, sizes,
                                SmallVector<int64_t>(rank + 2, 1)));
}

/// The sizes that a pool of this node's windows was taken from.
static std::optional<SmallVector<int64_t>> unpooledShape(Node &node) {
  Shape shape = shapeOf(node.input(0));
  size_t rank = shape.size() < 2 ? 0 : shape.size() - 2;
  auto kernel = node.getIntegers("kernel_shape", {});
  auto strides = node.getIntegers("strides", SmallVector<int64_t>(rank, 1));
  auto pads = node.getIntegers("pads", SmallVector<int64_t>(2 * rank, 0));
  bool isFit = rank > 0 && kernel.size() == rank && strides.size() == rank &&
               pads.size() == 2 * rank;
  SmallVector<int64_t> result(shape);
  for (size_t i = 0; isFit && i < rank; ++i) {
    constexpr int64_t most = 1 << 20;
    for (int64_t size :
         {shape[i + 2], kernel[i], strides[i], pads[i], pads[i + rank]})
      isFit &= size >= 0 && size <= most;
    if (!isFit)
      break;
    result[i + 2] =
        (shape[i + 2] - 1) * strides[i] + kernel[i] - pads[i] - pads[i + rank];
    isFit = isFit && result[i + 2] >= 1;
  }
  if (isFit)
    return result;
  node.fail("expected windows of the input " + describe(shape) +
            ", but got kernel_shape " + describe(kernel) + " and strides " +
            describe(strides));
  return std::nullopt;
}

// MaxUnpool -> scatter into zeros; a larger output_shape adds zeros behind.
void importMaxUnpool(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto shape = unpooledShape(node);
  if (!shape)
    return;
  int64_t count = 1;
  for (int64_t size : *shape)
    count *= size;
  Value empty = build.expand(build.scalar(0, elementOf(x)), count);
  Value result = build.reshape(build.scatter(ScatterKind::Set, empty,
                                             flatten(build, node.input(1)),
                                             flatten(build, x)),
                               *shape);
  if (node.hasInput(2)) {
    auto wanted = node.constantIntegers(2, "output_shape");
    if (!wanted)
      return;
    SmallVector<int64_t> low(shape->size(), 0), high(low);
    for (size_t i = 0; i < shape->size(); ++i)
      high[i] = i < wanted->size() && (*wanted)[i] >= 0
                    ? (*wanted)[i] - (*shape)[i]
                    : 0;
    result = build.pad(result, low, high, PadMode::Constant, 0);
  }
  node.setOutput(0, result);
}

} // namespace qcc::onnx_import
