// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TopK and NonMaxSuppression: the places are found by ops of the dialect, what
// is there is gathered.

#include "compiler/Import/Onnx/Indices.h"
#include "compiler/Import/Onnx/Nodes.h"

using namespace mlir;

namespace qcc::onnx_import {

// TopK -> top_k, gather
void importTopK(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto axis = node.normalizeAxis(node.getInteger("axis", -1), rankOf(x));
  std::optional<int64_t> count = node.getInteger("k", 0);
  if (node.opset >= 10)
    count = node.constantInteger(1, "k");
  if (!axis || !count)
    return;
  Value places = build.topK(x, *axis, *count, node.getInteger("largest", 1));
  node.setOutput(1, places);
  node.setOutput(0, gatherElements(build, x, places, *axis));
}

void importNonMaxSuppression(Node &node) {
  BoxOptions options;
  auto most = node.hasInput(2)
                  ? node.constantInteger(2, "max_output_boxes_per_class")
                  : int64_t(0);
  auto overlap =
      node.hasInput(3) ? node.constantScalar(3, "iou_threshold") : 0.0;
  if (!most || !overlap)
    return;
  if (node.hasInput(4)) {
    auto score = node.constantScalar(4, "score_threshold");
    if (!score)
      return;
    options.score = *score;
  }
  // A number as large as a caller likes, often the largest there is.
  options.boxesPerClass = std::max<int64_t>(*most, 0);
  options.overlap = *overlap;
  options.isCentered = node.getInteger("center_point_box", 0);
  Value rows = node.build.suppressBoxes(node.input(0), node.input(1), options);
  if (rows)
    node.build.remark("it gives " + Twine(shapeOf(rows)[0]) +
                      " rows, those of boxes that are not chosen being -1");
  node.setOutput(0, rows);
}

} // namespace qcc::onnx_import
