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
