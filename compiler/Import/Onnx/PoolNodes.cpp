// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools over windows, and over whole images as reductions.

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
  for (int i = 0; i < 4; ++i) {
    int64_t window =
        (geometry->kernel[i % 2] - 1) * geometry->dilations[i % 2] + 1;
    if (geometry->pads[i] < window)
      continue;
    node.fail("expected pads smaller than the window of " + Twine(window) +
              ", but got " + describe(geometry->pads));
    return std::nullopt;
  }
  return geometry;
}

void importMaxPool(Node &node) {
  if (node.isOutputUsed(1)) {
    node.fail("expected one output, but got a second one (indices)");
    return;
  }
  Value image = asImage(node, node.input(0));
  if (!image)
    return;
  auto geometry = readPool(node);
  if (!geometry)
    return;
  // Short integers, which ONNX allows too, are exact in f32.
  Type element = elementOf(image);
  if (element.isInteger(8) || element.isInteger(16))
    image = node.build.convert(image, node.build.getFloat());
  Value result =
      node.build.convert(node.build.maxPool(image, *geometry), element);
  node.setOutput(0, asOriginal(node, result, node.input(0)));
}

void importAveragePool(Node &node) {
  Value image = asImage(node, node.input(0));
  if (!image)
    return;
  bool countsPadding = node.getInteger("count_include_pad", 0);
  if (auto geometry = readPool(node))
    node.setOutput(
        0, asOriginal(node,
                      node.build.averagePool(image, *geometry, countsPadding),
                      node.input(0)));
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
