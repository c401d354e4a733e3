// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops that compute each element from those at its place.

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

static bool hasEightBits(Value value) {
  QuantType grid = getQuantType(value.getType());
  return grid && grid.getBits() == 8;
}

template <typename OpType> static LogicalResult verifySameShape(OpType op) {
  return expectShape(op, "result", shapeOf(op.getInput()),
                     shapeOf(op.getResult()));
}

/// The result of `op` against the broadcast of `operands`.
static LogicalResult verifyBroadcast(Operation *op, ValueRange operands) {
  std::optional<SmallVector<int64_t>> shape(std::in_place);
  for (Value operand : operands) {
    SmallVector<int64_t> before = *shape;
    shape = getBroadcastShape(before, shapeOf(operand));
    if (!shape)
      return op->emitOpError("expected operand shapes that broadcast, but got ")
             << formatShape(before) << " and "
             << formatShape(shapeOf(operand));
  }
  return expectShape(op, "result", *shape, shapeOf(op->getResult(0)));
}

LogicalResult UnaryOp::verify() {
  // unary_c1
  if (failed(verifySameShape(*this)))
    return failure();
  // unary_c2
  bool quantized = getQuantType(getInput().getType()) != nullptr ||
                   getQuantType(getType()) != nullptr;
  if (!quantized)
    return expectElementType(*this, "result", elementTypeOf(getInput()),
                             getResult());
  if (!hasEightBits(getInput()) || !hasEightBits(getResult()))
    return emitOpError("expected input and result both quantized with 8 bits, "
                       "but got ")
           << elementTypeOf(getInput()) << " and "
           << elementTypeOf(getResult());
  return success();
}

LogicalResult ClampOp::verify() {
  // clamp_c1
  if (failed(verifySameShape(*this)))
    return failure();
  // clamp_c2
  for (std::optional<APFloat> bound : {getLower(), getUpper()})
    if (bound && bound->isNaN())
      return emitOpError("expected bounds that are numbers, but got NaN");
  // clamp_c2
  if (getLower() && getUpper() && *getLower() > *getUpper())
    return emitOpError("expected lower not above upper, but got ")
           << getLower()->convertToFloat() << " and "
           << getUpper()->convertToFloat();
  // clamp_c3
  if (!getQuantType(getInput().getType()) != !getQuantType(getType()))
    return emitOpError("expected input and result both quantized or neither, "
                       "but got ")
           << elementTypeOf(getInput()) << " and "
           << elementTypeOf(getResult());
  if (getQuantType(getType()))
    return success();
  // clamp_c3
  return expectElementType(*this, "result", elementTypeOf(getInput()),
                           getResult());
}

static bool isComparison(BinaryKind kind) {
  return kind >= BinaryKind::Equal && kind <= BinaryKind::GreaterOrEqual;
}

LogicalResult BinaryOp::verify() {
  // binary_c1
  if (failed(verifyBroadcast(*this, {getLhs(), getRhs()})))
    return failure();
  bool anyQuantized = llvm::any_of(
      ArrayRef<Value>{getLhs(), getRhs(), getResult()},
      [](Value value) { return bool(getQuantType(value.getType())); });
  if (!anyQuantized) {
    // binary_c4
    Type type = elementTypeOf(getLhs());
    if (failed(expectElementType(*this, "rhs", type, getRhs())))
      return failure();
    // binary_c5
    if (getKind() >= BinaryKind::And && !isa<IntegerType>(type))
      return emitOpError("expected operands of integers, but got ") << type;
    if (isComparison(getKind()))
      type = IntegerType::get(getContext(), 1);
    return expectElementType(*this, "result", type, getResult());
  }
  // binary_c2
  if (!hasEightBits(getLhs()) || !hasEightBits(getRhs()) ||
      !hasEightBits(getResult()))
    return emitOpError("expected operands and result all quantized with 8 "
                       "bits, but got ")
           << elementTypeOf(getLhs()) << ", " << elementTypeOf(getRhs())
           << " and " << elementTypeOf(getResult());
  // binary_c3
  if (getKind() != BinaryKind::Add && getKind() != BinaryKind::Sub &&
      getKind() != BinaryKind::Mul)
    return emitOpError("expected add, sub or mul of quantized operands, but "
                       "got ")
           << stringifyBinaryKind(getKind());
  return success();
}

LogicalResult SelectOp::verify() {
  // select_c1
  if (failed(verifyBroadcast(*this, getOperands())))
    return failure();
  // select_c2
  Type type = elementTypeOf(getLhs());
  if (failed(expectElementType(*this, "rhs", type, getRhs())))
    return failure();
  return expectElementType(*this, "result", type, getResult());
}

LogicalResult CastOp::verify() {
  // cast_c1
  if (failed(verifySameShape(*this)))
    return failure();
  // cast_c1
  for (Type type : {elementTypeOf(getInput()), elementTypeOf(getResult())})
    if (isa<QuantType>(type))
      return emitOpError("expected builtin element types, but got ") << type;
  return success();
}

LogicalResult QuantizeOp::verify() {
  // quantize_c1
  return verifySameShape(*this);
}

LogicalResult DequantizeOp::verify() {
  // dequantize_c1
  return verifySameShape(*this);
}

LogicalResult DequantizeChannelsOp::verify() {
  // dequantize_channels_c1
  if (failed(verifySameShape(*this)))
    return failure();
  // dequantize_channels_c1
  if (!isa<IntegerType>(elementTypeOf(getInput())))
    return emitOpError("expected integers as input, but got ")
           << elementTypeOf(getInput());
  int64_t axis = getAxis(), rank = shapeOf(getInput()).size();
  // dequantize_channels_c2
  if (axis < 0 || axis >= rank)
    return emitOpError("expected axis from 0 to ")
           << rank - 1 << ", but got " << axis;
  // dequantize_channels_c3
  return expectShape(*this, "scales", {shapeOf(getInput())[axis]},
                     shapeOf(getScales()));
}

LogicalResult RequantizeOp::verify() {
  // requantize_c1
  return verifySameShape(*this);
}

} // namespace qcc
