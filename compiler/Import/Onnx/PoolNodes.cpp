// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools over windows of one to three dimensions, and over whole images as
// reductions.

#include "compiler/Import/Onnx/Nodes.h"
#include "compiler/Import/Onnx/WindowGeometry.h"

using namespace mlir;

namespace qcc::onnx_import {

/// The windows of a pool; nothing and a problem where they are no pool's.
static std::optional<WindowGeometry> readPool(Node &node) {
  SmallVector<int64_t> kernel = node.getIntegers("kernel_shape", {});
  bool roundsUp = node.getInteger("ceil_mode", 0);
  auto geometry = readWindows(node, shapeOf(node.input(0)).drop_front(2),
                              kernel, roundsUp);
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
static Value poolVolume(
    GraphBuilder &build, Value x, const WindowGeometry &volume,
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
      build.reshape(planes,
                    {shape[0] * shape[1], 1, shape[2], height * width}),
      depth);
  return build.reshape(
      depths, {shape[0], shape[1], volume.output[0], height, width});
}

/// A pool of one to three dimensions.
static void importPool(
    Node &node,
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

void importMaxPool(Node &node) {
  if (node.isOutputUsed(1)) {
    node.fail("expected one output, but got a second one (indices)");
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
  ReduceKind kind = node.getType() == "GlobalMaxPool" ? ReduceKind::Max
                                                      : ReduceKind::Mean;
  node.setOutput(0, node.build.reduce(kind, node.input(0), axes,
                                      /*keepsDimensions=*/true));
}

} // namespace qcc::onnx_import
