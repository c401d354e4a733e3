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
  if (failed(expectShape(*this, "table", {256}, typeOf(getTable()).getShape())))
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

bool isElementwise(Operation *op) {
  return isa<UnaryOp, BinaryOp, ClampOp, SelectOp, CastOp, QuantizeOp,
             DequantizeOp, RequantizeOp>(op);
}

/// An error unless `inner`, in the body, is `outer` but for its place in
/// memory.
static LogicalResult expectSame(FusedOp op, StringRef what, Type outer,
                                Type inner) {
  auto from = cast<RankedTensorType>(outer);
  auto to = dyn_cast<RankedTensorType>(inner);
  if (to && from.getShape() == to.getShape() &&
      from.getElementType() == to.getElementType())
    return success();
  return op.emitOpError("expected ")
         << what << " to be " << outer << ", but got " << inner;
}

LogicalResult FusedOp::verify() {
  Block &block = getBody().front();
  // fused_c1
  if (block.getNumArguments() != getInputs().size())
    return emitOpError("expected a body with ")
           << getInputs().size() << " arguments, but got "
           << block.getNumArguments();
  for (auto [input, argument] : llvm::zip(getInputs(), block.getArguments()))
    // fused_c1
    if (failed(expectSame(*this, "an argument of the body", input.getType(),
                          argument.getType())))
      return failure();
  // fused_c2
  Value yielded = cast<YieldOp>(block.getTerminator()).getValue();
  if (failed(expectSame(*this, "the value yielded", getResult().getType(),
                        yielded.getType())))
    return failure();
  for (Operation &op : block.without_terminator()) {
    // fused_c3
    if (!isElementwise(&op))
      return op.emitOpError("expected an elementwise op inside qcc.fused");
    // fused_c3
    if (typeOf(op.getResult(0)).getShape() != typeOf(getResult()).getShape())
      return op.emitOpError("expected the shape of qcc.fused, but got ")
             << op.getResult(0).getType();
  }
  return success();
}

LogicalResult LaunchOp::verify() {
  // launch_c1
  if (int64_t(getTasks()) < 1)
    return emitOpError("expected at least 1 task, but got ")
           << int64_t(getTasks());
  auto extent = getExtent();
  // launch_c2
  if (extent && (extent->size() != 3 || (*extent)[0] < 0 ||
                 (*extent)[0] >= int64_t(getBuffers().size()) ||
                 (*extent)[1] < 0 || (*extent)[2] < 1))
    return emitOpError("expected an extent [buffer, element, unit], but got ")
           << getExtentAttr();
  // launch_c4
  if (auto streams = getStreams();
      streams && *streams >= uint64_t(getBuffers().size()))
    return emitOpError("expected to stream one of ")
           << getBuffers().size() << " buffers, but got number "
           << int64_t(*streams);
  return success();
}

} // namespace qcc
