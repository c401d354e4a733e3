// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops between floats and integers on a grid.

#include "compiler/Import/Onnx/GraphBuilder.h"

using namespace mlir;

namespace qcc::onnx_import {

Value GraphBuilder::quantize(Value input, QuantType grid) {
  if (!input || !requireFloat(input))
    return {};
  return create<QuantizeOp>(typeOf(input).clone(grid), input);
}

Value GraphBuilder::dequantize(Value input) {
  if (!input)
    return {};
  assert(getQuantType(input.getType()) && "only grids have a scale");
  return create<DequantizeOp>(typeOf(input).clone(getFloat()), input);
}

Value GraphBuilder::dequantizeChannels(Value input, ArrayRef<float> scales,
                                       int64_t axis) {
  if (!input)
    return {};
  Value channels = floats(scales, int64_t(scales.size()));
  return create<DequantizeChannelsOp>(typeOf(input).clone(getFloat()), input,
                                      channels,
                                      builder.getI64IntegerAttr(axis));
}

Value GraphBuilder::getNumbers(Value input) {
  QuantType grid = getQuantType(input.getType());
  // Divided by its scale, a dequantized integer is that integer again.
  Value steps = dequantize(input);
  if (grid.getScaleValue() != 1)
    steps = binary(BinaryKind::Div, steps, grid.getScaleValue());
  if (grid.getZeroPoint() != 0)
    steps = binary(BinaryKind::Add, steps, grid.getZeroPoint());
  return steps;
}

Value GraphBuilder::putNumbers(Value input, QuantType grid) {
  Value whole = convert(convert(input, builder.getI32Type()), getFloat());
  return quantize(whole, QuantType::get(getContext(), grid.getBits(),
                                        grid.getIsSigned(), 1.0f, 0));
}

bool isWeight(Value value) {
  while (Operation *op = value ? value.getDefiningOp() : nullptr) {
    if (isa<DequantizeChannelsOp>(op))
      return true;
    if (!isa<ReshapeOp, TransposeOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value && constantOf(value);
}

} // namespace qcc::onnx_import
