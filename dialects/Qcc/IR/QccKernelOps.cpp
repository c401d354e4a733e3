// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the packed graph and of the launch program.

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/IR/ShapeRules.h"

using namespace mlir;

namespace qcc {

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// Integer sums need a multiplier for each channel, float sums have none.
template <typename OpType> static LogicalResult verifyMultiplier(OpType op) {
  bool quantized = getQuantType(op.getInput().getType()) != nullptr;
  if (quantized != static_cast<bool>(op.getMultiplier()))
    return op.emitOpError("expected a multiplier exactly where input is "
                          "quantized, but got input ")
           << op.getInput().getType();
  if (!quantized)
    return success();
  return expectShape(op, "multiplier", typeOf(op.getStart()).getShape(),
                     typeOf(op.getMultiplier()).getShape());
}

LogicalResult ObserveOp::verify() {
  // observe_c1
  if (getName().empty())
    return emitOpError("expected a name, but got an empty one");
  return success();
}

LogicalResult PackedConvOp::verify() {
  RankedTensorType weight = typeOf(getWeight());
  auto panels = dyn_cast_or_null<PanelsAttr>(weight.getEncoding());
  // packed_conv_c1
  if (!panels)
    return emitOpError("expected a weight with a #qcc.panels encoding, but "
                       "got ")
           << weight;
  // packed_conv_c1
  if (failed(expectRank(*this, "weight", 6, getWeight())))
    return failure();
  int64_t channels = weight.getDimSize(0) * weight.getDimSize(1) *
                     panels.getVectors() * panels.getLanes();
  // packed_conv_c2
  if (failed(expectShape(*this, "start", {channels},
                         typeOf(getStart()).getShape())))
    return failure();
  // packed_conv_c3
  return verifyMultiplier(*this);
}

LogicalResult PackedDepthwiseOp::verify() {
  // packed_depthwise_c1
  return verifyMultiplier(*this);
}

LogicalResult LookupOp::verify() {
  // lookup_c1
  if (failed(expectShape(*this, "table", {256},
                         typeOf(getTable()).getShape())))
    return failure();
  // lookup_c2
  if (failed(expectShape(*this, "result", typeOf(getInput()).getShape(),
                         getType().getShape())))
    return failure();
  for (Value value : {Value(getInput()), Value(getResult())}) {
    QuantType grid = getQuantType(value.getType());
    // lookup_c2
    if (grid.getBits() != 8)
      return emitOpError("expected 8 bits, but got ") << grid.getBits();
  }
  return success();
}

LogicalResult LaunchOp::verify() {
  // launch_c1
  if (int64_t(getTasks()) < 1)
    return emitOpError("expected at least 1 task, but got ")
           << int64_t(getTasks());
  return success();
}

} // namespace qcc
