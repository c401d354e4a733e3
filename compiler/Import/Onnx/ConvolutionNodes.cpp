// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conv over one or two dimensions.

#include "compiler/Import/Onnx/Nodes.h"
#include "compiler/Import/Onnx/WindowGeometry.h"

using namespace mlir;

namespace qcc::onnx_import {

void importConv(Node &node) {
  Value image = asImage(node, node.input(0));
  if (!image)
    return;
  if (rankOf(node.input(1)) != rankOf(node.input(0))) {
    node.fail("expected filters of rank " + Twine(rankOf(node.input(0))) +
              ", but got " + describe(shapeOf(node.input(1))));
    return;
  }
  Value filters = asImage(node, node.input(1));
  Shape kernel = shapeOf(node.input(1)).drop_front(2);
  SmallVector<int64_t> declared = node.getIntegers("kernel_shape", kernel);
  if (Shape(declared) != kernel) {
    node.fail("expected kernel_shape " + describe(kernel) +
              " as the filters have it, but got " + describe(declared));
    return;
  }
  auto geometry = readWindows(node, shapeOf(node.input(0)).drop_front(2),
                              kernel, /*roundsUp=*/false);
  if (!geometry)
    return;
  Value result =
      node.build.convolution(image, filters, node.input(2), *geometry,
                             node.getInteger("group", 1));
  node.setOutput(0, asOriginal(node, result, node.input(0)));
}

} // namespace qcc::onnx_import
