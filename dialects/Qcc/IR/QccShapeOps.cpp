// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops that move elements.

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/IR/ShapeRules.h"

using namespace mlir;

namespace qcc {

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static int64_t countOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getNumElements();
}

/// The result keeps the element type, grid included, of `input`.
static LogicalResult verifyKeepsType(Operation *op, Value input) {
  return expectElementType(
      op, "result", cast<RankedTensorType>(input.getType()).getElementType(),
      op->getResult(0));
}

static LogicalResult verifyAxis(Operation *op, int64_t axis, int64_t rank) {
  if (axis >= 0 && axis < rank)
    return success();
  return op->emitOpError("expected an axis from 0 to ")
         << rank - 1 << ", but got " << axis;
}

LogicalResult ReshapeOp::verify() {
  // reshape_c1
  if (countOf(getInput()) != countOf(getResult()))
    return emitOpError("expected ")
           << countOf(getInput()) << " elements, but got "
           << countOf(getResult());
  // reshape_c2
  return verifyKeepsType(*this, getInput());
}

LogicalResult TransposeOp::verify() {
  ArrayRef<int64_t> input = shapeOf(getInput());
  ArrayRef<int64_t> permutation = getPermutation();
  SmallVector<int64_t> sorted(permutation);
  llvm::sort(sorted);
  // transpose_c1
  if (!llvm::equal(sorted, llvm::seq<int64_t>(input.size())))
    return emitOpError("expected a permutation of ")
           << input.size() << " dimensions, but got "
           << formatShape(permutation);
  SmallVector<int64_t> shape;
  for (int64_t dimension : permutation)
    shape.push_back(input[dimension]);
  // transpose_c2
  if (failed(expectShape(*this, "result", shape, shapeOf(getResult()))))
    return failure();
  // transpose_c2
  return verifyKeepsType(*this, getInput());
}

LogicalResult ConcatOp::verify() {
  // concat_c1
  if (getInputs().empty())
    return emitOpError("expected at least one input, but got none");
  int64_t axis = getAxis();
  SmallVector<int64_t> shape(shapeOf(getInputs().front()));
  // concat_c1
  if (failed(verifyAxis(*this, axis, shape.size())))
    return failure();
  int64_t sum = 0;
  for (Value input : getInputs()) {
    SmallVector<int64_t> other(shapeOf(input));
    // concat_c2
    if (failed(expectRank(*this, "input", shape.size(), input)))
      return failure();
    sum += other[axis];
    shape[axis] = other[axis];
    // concat_c2
    if (failed(expectShape(*this, "input", shape, other)))
      return failure();
    // concat_c3
    if (failed(verifyKeepsType(*this, input)))
      return failure();
  }
  shape[axis] = sum;
  // concat_c2
  return expectShape(*this, "result", shape, shapeOf(getResult()));
}

LogicalResult SliceOp::verify() {
  ArrayRef<int64_t> input = shapeOf(getInput());
  ArrayRef<int64_t> result = shapeOf(getResult());
  int64_t rank = input.size();
  // slice_c1
  if (failed(expectEntries(*this, "starts", getStarts(), rank, 0)))
    return failure();
  // slice_c1
  if (int64_t(getSteps().size()) != rank || llvm::is_contained(getSteps(), 0))
    return emitOpError("expected ")
           << rank << " steps other than 0, but got "
           << formatShape(getSteps());
  // slice_c2
  if (failed(expectRank(*this, "result", rank, getResult())))
    return failure();
  for (int64_t i = 0; i < rank; ++i) {
    int64_t start = getStarts()[i];
    int64_t last = start + (result[i] - 1) * getSteps()[i];
    bool inside = start < input[i] && last >= 0 && last < input[i];
    // slice_c2
    if (result[i] != 0 && !inside)
      return emitOpError("expected elements from 0 to ")
             << input[i] - 1 << " of dimension " << i << ", but got " << start
             << " to " << last;
  }
  // slice_c3
  return verifyKeepsType(*this, getInput());
}

LogicalResult PadOp::verify() {
  SmallVector<int64_t> shape(shapeOf(getInput()));
  // pad_c1
  if (getLow().size() != shape.size() || getHigh().size() != shape.size())
    return emitOpError("expected ")
           << shape.size() << " entries of low and high, but got "
           << getLow().size() << " and " << getHigh().size();
  for (size_t i = 0; i < shape.size(); ++i)
    shape[i] += getLow()[i] + getHigh()[i];
  // pad_c2
  if (failed(expectShape(*this, "result", shape, shapeOf(getResult()))))
    return failure();
  // pad_c2
  return verifyKeepsType(*this, getInput());
}

LogicalResult GatherOp::verify() {
  ArrayRef<int64_t> input = shapeOf(getInput());
  int64_t axis = getAxis();
  // gather_c1
  if (failed(verifyAxis(*this, axis, input.size())))
    return failure();
  SmallVector<int64_t> shape(input.take_front(axis));
  llvm::append_range(shape, shapeOf(getIndices()));
  llvm::append_range(shape, input.drop_front(axis + 1));
  // gather_c2
  if (failed(expectShape(*this, "result", shape, shapeOf(getResult()))))
    return failure();
  // gather_c2
  return verifyKeepsType(*this, getInput());
}

LogicalResult ExpandOp::verify() {
  ArrayRef<int64_t> result = shapeOf(getResult());
  std::optional<SmallVector<int64_t>> shape =
      getBroadcastShape(shapeOf(getInput()), result);
  // expand_c1
  if (!shape || ArrayRef<int64_t>(*shape) != result)
    return emitOpError("expected an input that broadcasts to ")
           << formatShape(result) << ", but got "
           << formatShape(shapeOf(getInput()));
  // expand_c2
  return verifyKeepsType(*this, getInput());
}

} // namespace qcc
