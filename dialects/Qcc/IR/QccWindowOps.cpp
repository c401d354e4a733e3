// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of pools, reductions, softmax and resize.

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/IR/ShapeRules.h"

using namespace mlir;

namespace qcc {

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static Type elementTypeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getElementType();
}

static bool isQuantized(Value value) {
  return getQuantType(value.getType()) != nullptr;
}

template <typename OpType> static LogicalResult verifyPoolEntries(OpType op) {
  if (failed(expectEntries(op, "kernel sizes", op.getKernel(), 2, 1)) ||
      failed(expectEntries(op, "strides", op.getStrides(), 2, 1)) ||
      failed(expectEntries(op, "dilations", op.getDilations(), 2, 1)))
    return failure();
  if (op.getPads().size() != 4)
    return op.emitOpError("expected 4 pads, but got ") << op.getPads().size();
  return success();
}

template <typename OpType>
static WindowRule getPoolRule(OpType op, int dimension) {
  return {op.getKernel()[dimension], op.getStrides()[dimension],
          op.getDilations()[dimension], op.getPads()[dimension],
          op.getPads()[2 + dimension]};
}

template <typename OpType> static LogicalResult verifyPoolPads(OpType op) {
  for (int i = 0; i < 2; ++i) {
    WindowRule rule = getPoolRule(op, i);
    for (int64_t pad : {rule.padLow, rule.padHigh})
      if (pad < 0 || pad >= rule.getSpan())
        return op.emitOpError("expected pads from 0 to ")
               << rule.getSpan() - 1 << ", but got " << pad;
  }
  return success();
}

/// Windows rounded down, or one more whose first element is still inside the
/// padded input: the ceil mode of ONNX.
template <typename OpType> static LogicalResult verifyPoolShape(OpType op) {
  ArrayRef<int64_t> input = shapeOf(op.getInput());
  ArrayRef<int64_t> result = shapeOf(op.getResult());
  SmallVector<int64_t> shape = {input[0], input[1]};
  for (int i = 0; i < 2; ++i) {
    WindowRule rule = getPoolRule(op, i);
    int64_t size = input[2 + i];
    int64_t count = rule.getCount(size);
    bool hasOneMore =
        count * rule.stride < size + rule.padLow + rule.padHigh;
    shape.push_back(hasOneMore && result[2 + i] == count + 1 ? count + 1
                                                             : count);
  }
  return expectShape(op, "result", shape, result);
}

LogicalResult MaxPoolOp::verify() {
  // max_pool_c1
  if (failed(expectRank(*this, "input", 4, getInput())) ||
      failed(expectRank(*this, "result", 4, getResult())) ||
      failed(expectElementType(*this, "result", elementTypeOf(getInput()),
                               getResult())))
    return failure();
  // max_pool_c4
  if (failed(verifyPoolEntries(*this)))
    return failure();
  // max_pool_c3
  if (failed(verifyPoolPads(*this)))
    return failure();
  // max_pool_c2
  return verifyPoolShape(*this);
}

LogicalResult AveragePoolOp::verify() {
  // average_pool_c1
  if (failed(expectRank(*this, "input", 4, getInput())) ||
      failed(expectRank(*this, "result", 4, getResult())))
    return failure();
  // average_pool_c1
  if (isQuantized(getInput()) != isQuantized(getResult()))
    return emitOpError("expected input and result both quantized or neither, "
                       "but got ")
           << elementTypeOf(getInput()) << " and "
           << elementTypeOf(getResult());
  // average_pool_c4
  if (failed(verifyPoolEntries(*this)))
    return failure();
  // average_pool_c3
  if (failed(verifyPoolPads(*this)))
    return failure();
  // average_pool_c2
  return verifyPoolShape(*this);
}

static LogicalResult verifyReduceTypes(ReduceOp op) {
  bool mean = op.getKind() == ReduceKind::Mean;
  if (!mean || !isQuantized(op.getInput()))
    return expectElementType(op, "result", elementTypeOf(op.getInput()),
                             op.getResult());
  if (!isQuantized(op.getResult()))
    return op.emitOpError("expected a quantized result, but got ")
           << elementTypeOf(op.getResult());
  return success();
}

LogicalResult ReduceOp::verify() {
  SmallVector<int64_t> shape(shapeOf(getInput()));
  int64_t previous = -1;
  for (int64_t axis : getAxes()) {
    // reduce_c1
    if (axis <= previous || axis >= int64_t(shape.size()))
      return emitOpError("expected ascending axes below ")
             << shape.size() << ", but got " << formatShape(getAxes());
    shape[axis] = 1;
    previous = axis;
  }
  // reduce_c2
  if (failed(expectShape(*this, "result", shape, shapeOf(getResult()))))
    return failure();
  // reduce_c3
  if (isQuantized(getInput()) && getKind() != ReduceKind::Mean &&
      getKind() != ReduceKind::Max && getKind() != ReduceKind::Min)
    return emitOpError("expected mean, max or min of a quantized input, but "
                       "got ")
           << stringifyReduceKind(getKind());
  // reduce_c4
  return verifyReduceTypes(*this);
}

LogicalResult SoftmaxOp::verify() {
  // softmax_c1
  if (failed(expectShape(*this, "result", shapeOf(getInput()),
                         shapeOf(getResult()))))
    return failure();
  int64_t axis = getAxis();
  int64_t rank = shapeOf(getInput()).size();
  // softmax_c2
  if (axis < 0 || axis >= rank)
    return emitOpError("expected an axis from 0 to ")
           << rank - 1 << ", but got " << axis;
  return success();
}

LogicalResult ResizeOp::verify() {
  int64_t rank = shapeOf(getInput()).size();
  // resize_c1
  if (failed(expectRank(*this, "result", rank, getResult())) ||
      failed(expectElementType(*this, "result", elementTypeOf(getInput()),
                               getResult())))
    return failure();
  // resize_c2
  if (int64_t(getScales().size()) != rank)
    return emitOpError("expected ")
           << rank << " scales, but got " << getScales().size();
  for (double scale : getScales())
    // resize_c2
    if (!(scale > 0) || !std::isfinite(scale))
      return emitOpError("expected scales above zero, but got ") << scale;
  // resize_c3
  if (isQuantized(getInput()) && getMode() == ResizeMode::Cubic)
    return emitOpError("expected nearest or linear of a quantized input, but "
                       "got ")
           << stringifyResizeMode(getMode());
  return success();
}

} // namespace qcc
