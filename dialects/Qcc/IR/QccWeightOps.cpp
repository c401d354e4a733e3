// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops of weights, and what their types tell.

#include "dialects/Qcc/IR/Qcc.h"

using namespace mlir;

namespace qcc {

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static ArrayRef<int64_t> shapeOf(Value value) {
  return typeOf(value).getShape();
}

std::optional<BlockMatrix> getBlockMatrix(Value weight) {
  RankedTensorType type = typeOf(weight);
  if (auto blocks = dyn_cast_or_null<BlocksAttr>(type.getEncoding()))
    return BlockMatrix{blocks.getFormat(), type.getShape()[0],
                       blocks.getColumns()};
  if (auto panels = dyn_cast_or_null<BlockPanelsAttr>(type.getEncoding()))
    return BlockMatrix{panels.getFormat(), panels.getRows(),
                       panels.getColumns()};
  return std::nullopt;
}

bool isLazyWeight(Operation *op) {
  return isa<PackPanelsOp, QuantizeBlocksOp, StackBlocksOp, UnpackWeightOp>(op);
}

LogicalResult PackPanelsOp::verify() {
  auto from = dyn_cast_or_null<BlocksAttr>(typeOf(getSource()).getEncoding());
  auto to =
      dyn_cast_or_null<BlockPanelsAttr>(typeOf(getResult()).getEncoding());
  // pack_panels_c1
  if (!from || !to)
    return emitOpError("expected #qcc.blocks and #qcc.block_panels encodings, "
                       "but got ")
           << getSource().getType() << " and " << getType();
  // pack_panels_c1
  if (from.getFormat() != to.getFormat() ||
      from.getColumns() != to.getColumns() ||
      shapeOf(getSource())[0] != to.getRows())
    return emitOpError("expected panels of ")
           << from.getFormat() << ", " << shapeOf(getSource())[0] << "x"
           << from.getColumns() << ", but got " << to;
  // pack_panels_c2
  if (to.getParts() < 1 || to.getRows() % to.getParts() != 0)
    return emitOpError("expected a divisor of ")
           << to.getRows() << " rows as parts, but got " << to.getParts();
  return success();
}

LogicalResult QuantizeBlocksOp::verify() {
  auto from = dyn_cast_or_null<BlocksAttr>(typeOf(getSource()).getEncoding());
  auto to = dyn_cast_or_null<BlocksAttr>(typeOf(getResult()).getEncoding());
  // quantize_blocks_c1
  if (!from || !to || from.getColumns() != to.getColumns() ||
      shapeOf(getSource())[0] != shapeOf(getResult())[0])
    return emitOpError("expected #qcc.blocks encodings of one size, but got ")
           << getSource().getType() << " and " << getType();
  return success();
}

LogicalResult StackBlocksOp::verify() {
  auto to = dyn_cast_or_null<BlocksAttr>(typeOf(getResult()).getEncoding());
  int64_t count = getSources().size();
  ArrayRef<int64_t> shape = shapeOf(getResult());
  // stack_blocks_c1
  if (!to || count == 0 || shape[0] % count != 0)
    return emitOpError("expected #qcc.blocks with rows for each of ")
           << count << " sources, but got " << getType();
  auto each = RankedTensorType::get({shape[0] / count, shape[1]},
                                    getType().getElementType(), to);
  for (Value source : getSources())
    // stack_blocks_c1
    if (source.getType() != each)
      return emitOpError("expected sources of type ")
             << each << ", but got " << source.getType();
  return success();
}

LogicalResult UnpackWeightOp::verify() {
  // unpack_weight_c1
  if (!isa_and_nonnull<BlocksAttr>(typeOf(getResult()).getEncoding()))
    return emitOpError("expected a result with a #qcc.blocks encoding, but "
                       "got ")
           << getType();
  return success();
}

} // namespace qcc
