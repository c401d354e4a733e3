// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the ops of language models.

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/IR/ShapeRules.h"
#include "dialects/Qcc/Numerics/CacheFormat.h"
#include "dialects/Qcc/Numerics/PanelFormat.h"
#include "dialects/Qcc/Numerics/RowLayout.h"

using namespace mlir;

namespace qcc {

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static ArrayRef<int64_t> shapeOf(Value value) {
  return typeOf(value).getShape();
}

static FailureOr<BlockMatrix> expectBlocks(Operation *op, StringRef what,
                                           Value value) {
  if (auto matrix = getBlockMatrix(value))
    return *matrix;
  op->emitOpError("expected ")
      << what << " with a #qcc.blocks or #qcc.block_panels encoding, but got "
      << value.getType();
  return failure();
}

/// `rows` rows of `columns` numbers as `format` stores them.
static LogicalResult expectRows(Operation *op, StringRef what, RowFormat format,
                                int64_t rows, int64_t columns, Value value) {
  bool isFloat = format == RowFormat::Float;
  MLIRContext *context = op->getContext();
  Type element = isFloat ? Type(Float32Type::get(context))
                         : Type(IntegerType::get(context, 8));
  if (failed(expectElementType(op, what, element, value)))
    return failure();
  int64_t width = isFloat ? columns : getRowBytes(format, columns);
  return expectShape(op, what, {rows, width}, shapeOf(value));
}

int64_t getRowBytes(RowFormat format, int64_t columns) {
  switch (format) {
  case RowFormat::Float:
    return columns * 4;
  case RowFormat::BFloat: // whole pairs, and whole registers
    return RowLayout::align(columns, 32) * 2;
  case RowFormat::Block32:
    return RowLayout::of(columns, 32).bytes;
  case RowFormat::Block256:
    return RowLayout::of(columns, 256).bytes;
  case RowFormat::Token:
    return RowLayout::of(columns, columns).bytes;
  }
  llvm_unreachable("all formats are listed");
}

/// How many columns a row has once it is stored.
static FailureOr<int64_t> expectOrder(Operation *op, int64_t columns,
                                      Value order) {
  if (!order)
    return columns;
  if (failed(expectRank(op, "order", 1, order)))
    return failure();
  if (auto places = getConstantBytes(order))
    for (int32_t place : places->as<int32_t>())
      if (place < -1 || place >= columns)
        return op->emitOpError("expected order of columns below ")
               << columns << " or -1, but got " << place;
  return shapeOf(order)[0];
}

LogicalResult EmbedOp::verify() {
  // embed_c1
  FailureOr<BlockMatrix> table = expectBlocks(*this, "a table", getTable());
  if (failed(table))
    return failure();
  SmallVector<int64_t> shape = {shapeOf(getIds())[0], table->columns};
  // embed_c1
  if (failed(expectShape(*this, "result", shape, shapeOf(getResult()))))
    return failure();
  return success();
}

LogicalResult NormRowsOp::verify() {
  // norm_rows_c1
  if (failed(expectRank(*this, "input", 2, getInput())))
    return failure();
  int64_t columns = shapeOf(getInput())[1];
  for (auto [what, value] : {std::make_pair("weight", getWeight()),
                             std::make_pair("bias", getBias())})
    // norm_rows_c1
    if (value && failed(expectShape(*this, what, {columns}, shapeOf(value))))
      return failure();
  // norm_rows_c3
  FailureOr<int64_t> stored = expectOrder(*this, columns, getOrder());
  if (failed(stored))
    return failure();
  int64_t rows = getSelect() ? shapeOf(getSelect())[0] : shapeOf(getInput())[0];
  // norm_rows_c2
  return expectRows(*this, "result", getFormat(), rows, *stored, getResult());
}

std::optional<int64_t> BlockLinearOp::countExperts() {
  if (!getGroups())
    return std::nullopt;
  return (shapeOf(getGroups())[0] - 1 - shapeOf(getResult())[0]) / 3;
}

/// The groups and slots of a product with experts.
static LogicalResult verifyExperts(BlockLinearOp op, int64_t weightRows) {
  int64_t places = shapeOf(op.getResult())[0];
  int64_t experts = *op.countExperts(), slots = op.getSlots();
  // block_linear_c4
  if (experts < 1 || shapeOf(op.getGroups())[0] != 1 + 3 * experts + places ||
      weightRows % experts != 0)
    return op.emitOpError("expected groups of ")
           << places << " places and of experts with as many of " << weightRows
           << " rows, but got " << op.getGroups().getType();
  // block_linear_c4
  if (slots < 1 || places % slots != 0)
    return op.emitOpError("expected places of ")
           << slots << " slots each, but got " << places;
  // block_linear_c4
  if (op.getResidual())
    return op.emitOpError("expected no residual for experts, but got one");
  return success();
}

LogicalResult BlockLinearOp::verify() {
  // block_linear_c1
  FailureOr<BlockMatrix> weight = expectBlocks(*this, "a weight", getWeight());
  if (failed(weight))
    return failure();
  if (getGroups() && failed(verifyExperts(*this, weight->rows)))
    return failure();
  int64_t rows = shapeOf(getResult())[0];
  int64_t inputs = shapeOf(getInput())[0];
  if (!getGroups() || inputs * int64_t(getSlots()) != rows)
    inputs = rows;
  // block_linear_c2
  if (failed(expectRows(*this, "input", getFormat(), inputs, weight->columns,
                        getInput())))
    return failure();
  // block_linear_c5
  if (std::optional<PanelFormat> blocks = findPanelFormat(weight->format)) {
    bool isBrain = getFormat() == RowFormat::BFloat;
    bool isFloat = getFormat() == RowFormat::Float;
    if (isBrain ? !blocks->isBrain : !isFloat && blocks->isFloat)
      return emitOpError("expected rows of ")
             << (isBrain ? "bf16 for blocks of bf16"
                         : "integers for blocks of integers")
             << ", but got blocks of " << weight->format;
  }
  SmallVector<int64_t> shape = {rows,
                                weight->rows / countExperts().value_or(1)};
  // block_linear_c3
  if (failed(expectShape(*this, "result", shape, shapeOf(getResult()))))
    return failure();
  // block_linear_c3
  if (getResidual() &&
      failed(expectShape(*this, "residual", shape, shapeOf(getResidual()))))
    return failure();
  // block_linear_c3
  if (getBias() &&
      failed(expectShape(*this, "bias", {weight->rows}, shapeOf(getBias()))))
    return failure();
  return success();
}

LogicalResult GateRowsOp::verify() {
  // gate_rows_c1
  if (failed(expectRank(*this, "input", 2, getInput())))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(getInput());
  // gate_rows_c1
  if (getFactor() &&
      failed(expectShape(*this, "factor", shape, shapeOf(getFactor()))))
    return failure();
  // gate_rows_c2
  FailureOr<int64_t> stored = expectOrder(*this, shape[1], getOrder());
  if (failed(stored))
    return failure();
  // gate_rows_c2
  return expectRows(*this, "result", getFormat(), shape[0], *stored,
                    getResult());
}

LogicalResult RotationsOp::verify() {
  // rotations_c1
  return expectShape(
      *this, "result",
      {shapeOf(getPositions())[0], 2, shapeOf(getFrequencies())[0]},
      shapeOf(getResult()));
}

/// Keys and values of `kvHeads` heads, for any number of places.
static LogicalResult expectCache(Operation *op, Value cache, int64_t kvHeads,
                                 int64_t headSize) {
  ArrayRef<int64_t> shape = shapeOf(cache);
  bool isQuantized = typeOf(cache).getElementType().isInteger(8);
  int64_t places = shape.size() == 4 ? shape[2] : 0;
  return expectShape(
      op, "cache",
      {2, kvHeads, places, CacheFormat::countNumbers(headSize, isQuantized)},
      shape);
}

LogicalResult CacheKeysOp::verify() {
  int64_t rows = shapeOf(getQuery())[0], size = getHeadSize();
  SmallVector<int64_t> shape = {rows, int64_t(getKvHeads()) * size};
  for (Value value : {getKey(), getValue()})
    // cache_keys_c1
    if (failed(expectShape(*this, "key or value", shape, shapeOf(value))))
      return failure();
  // cache_keys_c2
  if (failed(expectShape(*this, "result", shapeOf(getQuery()),
                         shapeOf(getResult()))))
    return failure();
  // cache_keys_c3
  if (failed(expectCache(*this, getCache(), getKvHeads(), size)))
    return failure();
  // cache_keys_c4
  if (getCentered() && getRotatesFirst())
    return emitOpError("expected centered or rotates_first, but got both");
  // cache_keys_c5
  if (auto clip = getClip(); clip && !(clip->convertToFloat() > 0))
    return emitOpError("expected a clip above 0, but got ")
           << clip->convertToFloat();
  return success();
}

LogicalResult AttendOp::verify() {
  // attend_c1
  if (failed(expectShape(*this, "result", shapeOf(getQuery()),
                         shapeOf(getResult()))))
    return failure();
  // attend_c1
  if (failed(expectShape(*this, "spans",
                         {shapeOf(getSpans())[0], getParts() ? 7 : 4},
                         shapeOf(getSpans()))))
    return failure();
  // attend_c2
  if (failed(expectCache(*this, getCache(), getKvHeads(), getHeadSize())))
    return failure();
  // attend_c5
  int64_t heads = shapeOf(getQuery())[1] / int64_t(getHeadSize());
  if (getSlopes() &&
      failed(expectShape(*this, "slopes", {heads}, shapeOf(getSlopes()))))
    return failure();
  // attend_c3
  if (!getParts() != !getMerges())
    return emitOpError("expected parts and merges, but got only ")
           << (getParts() ? "parts" : "merges");
  if (!getParts())
    return success();
  // attend_c3
  if (failed(expectShape(*this, "extents", {5}, shapeOf(getExtents()))))
    return failure();
  // attend_c4
  int64_t least = heads * (int64_t(getHeadSize()) + 2);
  ArrayRef<int64_t> parts = shapeOf(getParts());
  if (parts.size() != 2 || parts[1] < least)
    return emitOpError("expected parts of at least ")
           << least << " numbers, but got " << getParts().getType();
  // attend_c4
  return expectShape(*this, "merges", {shapeOf(getMerges())[0], 4},
                     shapeOf(getMerges()));
}

} // namespace qcc
