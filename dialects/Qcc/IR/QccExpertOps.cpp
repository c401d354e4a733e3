// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops of experts.

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/IR/ShapeRules.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace qcc {

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

LogicalResult ChooseExpertsOp::verify() {
  // choose_experts_c1
  if (failed(expectRank(*this, "scores", 2, getScores())))
    return failure();
  int64_t rows = shapeOf(getScores())[0], experts = shapeOf(getScores())[1];
  // choose_experts_c1
  if (getBias() &&
      failed(expectShape(*this, "bias", {experts}, shapeOf(getBias()))))
    return failure();
  int64_t used = getUsed();
  // choose_experts_c2
  if (used < 1 || used > experts)
    return emitOpError("expected 1 to ")
           << experts << " experts of a row, but got " << used;
  // choose_experts_c3
  if (failed(
          expectShape(*this, "result", {rows, 2, used}, shapeOf(getResult()))))
    return failure();
  // choose_experts_c4
  if (!llvm::is_contained({"softmax", "softmax_chosen", "sigmoid"},
                          getFunction()))
    return emitOpError("expected softmax, softmax_chosen or sigmoid, but got ")
           << getFunction();
  return success();
}

/// `[rows, 2, used]`.
static LogicalResult expectChoices(Operation *op, Value choices) {
  ArrayRef<int64_t> shape = shapeOf(choices);
  if (shape.size() == 3 && shape[1] == 2)
    return success();
  return op->emitOpError("expected choices of shape [rows, 2, used], but got ")
         << choices.getType();
}

LogicalResult GroupRowsOp::verify() {
  // group_rows_c1
  if (failed(expectChoices(*this, getChoices())))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(getChoices());
  int64_t size = 1 + 3 * int64_t(getExperts()) + shape[0] * shape[2];
  // group_rows_c2
  return expectShape(*this, "result", {size}, shapeOf(getResult()));
}

LogicalResult MixRowsOp::verify() {
  // mix_rows_c1
  if (failed(expectChoices(*this, getChoices())) ||
      failed(expectRank(*this, "places", 2, getPlaces())))
    return failure();
  ArrayRef<int64_t> choices = shapeOf(getChoices());
  int64_t columns = shapeOf(getPlaces())[1];
  // mix_rows_c1
  if (failed(expectShape(*this, "places", {choices[0] * choices[2], columns},
                         shapeOf(getPlaces()))))
    return failure();
  SmallVector<int64_t> shape = {choices[0], columns};
  for (auto [what, value] : {std::make_pair("result", Value(getResult())),
                             std::make_pair("shared", Value(getShared())),
                             std::make_pair("residual", Value(getResidual()))})
    // mix_rows_c2
    if (value && failed(expectShape(*this, what, shape, shapeOf(value))))
      return failure();
  // mix_rows_c2
  if (getGate() && !getShared())
    return emitOpError("expected shared rows for the gate, but got none");
  // mix_rows_c2
  if (getGate() &&
      failed(expectShape(*this, "gate", {choices[0], 1}, shapeOf(getGate()))))
    return failure();
  return success();
}

} // namespace qcc
