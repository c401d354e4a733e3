// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conv over one to three dimensions, and over time.

#include "compiler/Import/Onnx/Nodes.h"
#include "compiler/Import/Onnx/OnnxReader.h"
#include "compiler/Import/Onnx/Volumes.h"
#include "compiler/Import/Onnx/WindowGeometry.h"

using namespace mlir;

namespace qcc::onnx_import {

/// Conv over [N, C, D, H, W] as one over planes.
static Value convolveVolume(Node &node, const WindowGeometry &volume,
                            int64_t group) {
  GraphBuilder &build = node.build;
  Value x = node.input(0), filters = node.input(1);
  if (group < 1 || shapeOf(x)[1] % group)
    return node.fail("expected a group that divides the channels of " +
                     describe(shapeOf(x)) + ", but got " + Twine(group));
  WindowGeometry plane{
      {volume.kernel.begin() + 1, volume.kernel.end()},
      {volume.strides.begin() + 1, volume.strides.end()},
      {volume.dilations.begin() + 1, volume.dilations.end()},
      {volume.pads[1], volume.pads[2], volume.pads[4], volume.pads[5]},
      {volume.output.begin() + 1, volume.output.end()}};
  Value padded = build.pad(x, {0, 0, volume.pads[0], 0, 0},
                           {0, 0, volume.pads[3], 0, 0}, PadMode::Constant, 0);
  int64_t depth = volume.output[0];
  Value planes = stackPlanes(
      build, padded,
      {depth, volume.kernel[0], volume.strides[0], volume.dilations[0]}, group);
  Value result = build.convolution(planes, stackFilters(build, filters),
                                   node.input(2), plane, group);
  return unstackPlanes(build, result, depth);
}

// CausalConvWithState -> depthwise convolution of the state and what follows
void importCausalConv(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0), filters = node.input(1);
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t kept = rankOf(filters) == 3 ? shapeOf(filters)[2] - 1 : -1;
  StringRef activation = node.getString("activation", "none");
  bool isKnown =
      activation == "none" || activation == "silu" || activation == "swish";
  if (shape.size() != 3 || kept < 0 || !isKnown) {
    node.fail("expected an input [N, C, L], filters [C, 1, K] and an "
              "activation none, silu or swish, but got " +
              describe(shape) + ", " + describe(shapeOf(filters)) + " and " +
              quote(activation));
    return;
  }
  if (node.hasInput(3) && rankOf(node.input(3)) != 3) {
    node.fail("expected a state [N, C, K - 1], but got " +
              describe(shapeOf(node.input(3))));
    return;
  }
  Value whole = node.hasInput(3) ? build.concat({node.input(3), x}, 2)
                                 : build.pad(x, {0, 0, kept}, {0, 0, 0},
                                             PadMode::Constant, 0);
  int64_t windows = whole ? shapeOf(whole)[2] - kept : 0;
  if (windows < 1) {
    node.fail("expected an input and a state of " + Twine(kept) +
              " elements, but got " + describe(shape));
    return;
  }
  WindowGeometry geometry{
      {1, kept + 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}, {1, windows}};
  Value result =
      asOriginal(node,
                 build.convolution(asImage(node, whole), asImage(node, filters),
                                   node.input(2), geometry, shape[1]),
                 x);
  if (result && activation != "none")
    result = build.unary(UnaryKind::Silu, result);
  node.setOutput(0, result);
  if (node.isOutputUsed(1))
    node.setOutput(1, build.slice(whole, {0, 0, shapeOf(whole)[2] - kept},
                                  {shape[0], shape[1], kept}, {1, 1, 1}));
}

void importConv(Node &node) {
  Value x = node.input(0), filters = node.input(1);
  if (rankOf(filters) != rankOf(x) || rankOf(x) < 3 || rankOf(x) > 5) {
    node.fail("expected an input and filters of one rank, 3 to 5, but got " +
              describe(shapeOf(x)) + " and " + describe(shapeOf(filters)));
    return;
  }
  Shape kernel = shapeOf(filters).drop_front(2);
  SmallVector<int64_t> declared = node.getIntegers("kernel_shape", kernel);
  if (Shape(declared) != kernel) {
    node.fail("expected kernel_shape " + describe(kernel) +
              " as the filters have it, but got " + describe(declared));
    return;
  }
  auto geometry = readWindows(node, shapeOf(x).drop_front(2), kernel,
                              /*roundsUp=*/false);
  if (!geometry)
    return;
  int64_t group = node.getInteger("group", 1);
  if (rankOf(x) == 5) {
    node.setOutput(0, convolveVolume(node, *geometry, group));
    return;
  }
  Value result =
      node.build.convolution(asImage(node, x), asImage(node, filters),
                             node.input(2), *geometry, group);
  node.setOutput(0, asOriginal(node, result, x));
}

} // namespace qcc::onnx_import
