// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops about places.

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/IR/ShapeRules.h"

using namespace mlir;

namespace qcc {

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static Type elementOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getElementType();
}

LogicalResult TopKOp::verify() {
  SmallVector<int64_t> shape(shapeOf(getInput()));
  int64_t rank = shape.size(), axis = getAxis();
  // top_k_c1
  if (axis < 0 || axis >= rank)
    return emitOpError("expected an axis from 0 to ")
           << rank - 1 << ", but got " << axis;
  ArrayRef<int64_t> result = shapeOf(getResult());
  // top_k_c2
  if (int64_t(result.size()) == rank && result[axis] <= shape[axis])
    shape[axis] = result[axis];
  // top_k_c2
  if (failed(expectShape(*this, "result", shape, result)))
    return failure();
  // top_k_c3
  return expectElementType(*this, "result", IntegerType::get(getContext(), 64),
                           getResult());
}

LogicalResult NonMaxSuppressionOp::verify() {
  ArrayRef<int64_t> boxes = shapeOf(getBoxes()), scores = shapeOf(getScores());
  // non_max_suppression_c1
  if (boxes.size() != 3 || boxes[2] != 4)
    return emitOpError("expected boxes of shape [images, boxes, 4], but got ")
           << formatShape(boxes);
  int64_t classes = scores.size() == 3 ? scores[1] : 1;
  // non_max_suppression_c1
  if (failed(
          expectShape(*this, "scores", {boxes[0], classes, boxes[1]}, scores)))
    return failure();
  int64_t most = getBoxesPerClass();
  // non_max_suppression_c3
  if (most < 0)
    return emitOpError("expected at least 0 boxes_per_class, but got ") << most;
  // non_max_suppression_c2
  if (failed(expectShape(*this, "result",
                         {boxes[0] * classes * std::min(most, boxes[1]), 3},
                         shapeOf(getResult()))))
    return failure();
  // non_max_suppression_c2
  return expectElementType(*this, "result", IntegerType::get(getContext(), 64),
                           getResult());
}

LogicalResult ScatterOp::verify() {
  // scatter_c1
  if (failed(expectRank(*this, "indices", 1, getIndices())))
    return failure();
  SmallVector<int64_t> slices(shapeOf(getInput()));
  // scatter_c1
  if (slices.empty())
    return emitOpError("expected an input of rank 1 or more, but got 0");
  // scatter_c4
  if (failed(expectShape(*this, "result", slices, shapeOf(getResult()))))
    return failure();
  slices[0] = shapeOf(getIndices())[0];
  // scatter_c2
  if (failed(expectShape(*this, "updates", slices, shapeOf(getUpdates()))))
    return failure();
  // scatter_c3
  if (failed(expectElementType(*this, "updates", elementOf(getInput()),
                               getUpdates())))
    return failure();
  // scatter_c3
  return expectElementType(*this, "result", elementOf(getInput()), getResult());
}

} // namespace qcc
