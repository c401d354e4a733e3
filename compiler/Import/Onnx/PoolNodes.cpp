// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools over windows of one to three dimensions, and over whole images as
// reductions.

#include "compiler/Import/Onnx/Nodes.h"
#include "compiler/Import/Onnx/WindowGeometry.h"

#include <cmath>

using namespace mlir;

namespace qcc::onnx_import {

// Constants that a short file can ask for are not made longer than this.
static constexpr int64_t kMaxPlaces = 1 << 24;

/// The windows of a pool; nothing and a problem where they are no pool's.
static std::optional<WindowGeometry> readPool(Node &node) {
  SmallVector<int64_t> kernel = node.getIntegers("kernel_shape", {});
  bool roundsUp = node.getInteger("ceil_mode", 0);
  auto geometry =
      readWindows(node, shapeOf(node.input(0)).drop_front(2), kernel, roundsUp);
  if (!geometry)
    return std::nullopt;
  size_t rank = geometry->kernel.size();
  for (size_t i = 0; i < 2 * rank; ++i) {
    int64_t window =
        (geometry->kernel[i % rank] - 1) * geometry->dilations[i % rank] + 1;
    if (geometry->pads[i] < window)
      continue;
    node.fail("expected pads smaller than the window of " + Twine(window) +
              ", but got " + describe(geometry->pads));
    return std::nullopt;
  }
  return geometry;
}

/// The windows along two of three dimensions, -1 standing for none.
static WindowGeometry takeDimensions(const WindowGeometry &volume, int first,
                                     int second) {
  WindowGeometry plane;
  for (int i : {first, second}) {
    plane.kernel.push_back(i < 0 ? 1 : volume.kernel[i]);
    plane.strides.push_back(i < 0 ? 1 : volume.strides[i]);
    plane.dilations.push_back(i < 0 ? 1 : volume.dilations[i]);
    plane.pads.push_back(i < 0 ? 0 : volume.pads[i]);
  }
  for (int i : {first, second})
    plane.pads.push_back(i < 0 ? 0 : volume.pads[3 + i]);
  return plane;
}

/// A pool of [N, C, D, H, W]: `pool` over the planes, then over the depths of
/// what that leaves. A mean of means is one, since each plane of a window has
/// as many elements inside the input.
static Value
poolVolume(GraphBuilder &build, Value x, const WindowGeometry &volume,
           llvm::function_ref<Value(Value, const WindowGeometry &)> pool) {
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t height = volume.output[1], width = volume.output[2];
  WindowGeometry plane = takeDimensions(volume, 1, 2);
  plane.output = {height, width};
  Value planes = pool(
      build.reshape(x, {shape[0], shape[1] * shape[2], shape[3], shape[4]}),
      plane);
  WindowGeometry depth = takeDimensions(volume, 0, -1);
  depth.output = {volume.output[0], height * width};
  Value depths = pool(
      build.reshape(planes, {shape[0] * shape[1], 1, shape[2], height * width}),
      depth);
  return build.reshape(depths,
                       {shape[0], shape[1], volume.output[0], height, width});
}

/// A pool of one to three dimensions.
static void
importPool(Node &node,
           llvm::function_ref<Value(Value, const WindowGeometry &)> pool) {
  Value x = node.input(0);
  bool isVolume = rankOf(x) == 5;
  Value image = isVolume ? x : asImage(node, x);
  if (!image)
    return;
  auto geometry = readPool(node);
  if (!geometry)
    return;
  node.setOutput(0, isVolume ? poolVolume(node.build, x, *geometry, pool)
                             : asOriginal(node, pool(image, *geometry), x));
}

/// The flat place in a plane of each place of each window, [places, windows];
/// outside it, a number behind all others. `isColumnMajor` is storage_order.
static Value makePlaces(GraphBuilder &build, const WindowGeometry &geometry,
                        int64_t height, int64_t width, bool isColumnMajor) {
  int64_t places = geometry.kernel[0] * geometry.kernel[1];
  int64_t windows = geometry.output[0] * geometry.output[1];
  if (windows > kMaxPlaces / places)
    return build.fail("expected at most " + Twine(kMaxPlaces) +
                      " places in all windows, but got " + Twine(places) +
                      " times " + Twine(windows));
  SmallVector<int64_t> numbers;
  for (int64_t place = 0; place < places; ++place)
    for (int64_t window = 0; window < windows; ++window) {
      auto along = [&](int i, int64_t tap, int64_t at) {
        return at * geometry.strides[i] + tap * geometry.dilations[i] -
               geometry.pads[i];
      };
      int64_t y =
          along(0, place / geometry.kernel[1], window / geometry.output[1]);
      int64_t x =
          along(1, place % geometry.kernel[1], window % geometry.output[1]);
      bool isInside = y >= 0 && y < height && x >= 0 && x < width;
      numbers.push_back(!isInside       ? height * width
                        : isColumnMajor ? x * height + y
                                        : y * width + x);
    }
  return build.reshape(build.integers(numbers), {places, windows});
}

// MaxPool with indices -> for each window, the smallest place of a largest
// element
static void importMaxPoolPlaces(Node &node) {
  GraphBuilder &build = node.build;
  Value image = asImage(node, node.input(0));
  auto geometry = image ? readPool(node) : std::nullopt;
  if (!geometry)
    return;
  Type element = elementOf(image);
  image = build.convert(image, build.getFloat());
  SmallVector<int64_t> shape(shapeOf(image));
  Value windows = build.windows(image, *geometry, shape[1], -INFINITY);
  Value places = makePlaces(build, *geometry, shape[2], shape[3],
                            node.getInteger("storage_order", 0));
  Value largest = build.reduce(ReduceKind::Max, windows, 2, true);
  if (!largest || !places)
    return;
  Value behind = build.scalar(double(shape[2] * shape[3]), elementOf(places));
  Value found = build.reduce(
      ReduceKind::Min,
      build.select(build.binary(BinaryKind::Equal, windows, largest), places,
                   behind),
      2, true);
  int64_t planes = shape[0] * shape[1], area = shape[2] * shape[3];
  SmallVector<int64_t> starts;
  for (int64_t plane = 0; plane < planes; ++plane)
    starts.push_back(plane * area);
  Value start =
      build.reshape(build.integers(starts), {shape[0], shape[1], 1, 1});
  found = build.binary(BinaryKind::Add, found, start);
  for (auto [i, value] :
       {std::pair(0, build.convert(largest, element)), std::pair(1, found)}) {
    value = build.reshape(
        value, {shape[0], shape[1], geometry->output[0], geometry->output[1]});
    node.setOutput(i, asOriginal(node, value, node.input(0)));
  }
}

void importMaxPool(Node &node) {
  if (node.isOutputUsed(1)) {
    importMaxPoolPlaces(node);
    return;
  }
  importPool(node, [&](Value image, const WindowGeometry &geometry) -> Value {
    if (!image)
      return {};
    // Short integers, which ONNX allows too, are exact in f32.
    Type element = elementOf(image);
    if (element.isInteger(8) || element.isInteger(16))
      image = node.build.convert(image, node.build.getFloat());
    return node.build.convert(node.build.maxPool(image, geometry), element);
  });
}

void importAveragePool(Node &node) {
  bool countsPadding = node.getInteger("count_include_pad", 0);
  importPool(node, [&](Value image, const WindowGeometry &geometry) {
    return node.build.averagePool(image, geometry, countsPadding);
  });
}

// GlobalAveragePool -> reduce mean over all dimensions after the channels
void importGlobalPool(Node &node) {
  int64_t rank = rankOf(node.input(0));
  if (rank < 3) {
    node.fail("expected an input of rank 3 or more, but got " +
              describe(shapeOf(node.input(0))));
    return;
  }
  auto axes = llvm::to_vector(llvm::seq<int64_t>(2, rank));
  ReduceKind kind =
      node.getType() == "GlobalMaxPool" ? ReduceKind::Max : ReduceKind::Mean;
  node.setOutput(0, node.build.reduce(kind, node.input(0), axes,
                                      /*keepsDimensions=*/true));
}

} // namespace qcc::onnx_import
