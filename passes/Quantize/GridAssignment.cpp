// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts tensors into classes of equal grids, and computes the grids.

#include "passes/Quantize/GridAssignment.h"

#include "dialects/Qcc/IR/Constants.h"

#include <cmath>

using namespace mlir;

namespace qcc {

// A shared concat grid this much coarser than an operand's own costs that
// operand's other readers more than a requantize costs time.
static constexpr float kCoarsening = 1.5f;

bool isMarkedInteger(Operation *op) {
  auto precision = op->getAttrOfType<StringAttr>("qcc.precision");
  return precision && precision == "int8";
}

bool isUnrounded(Operation *op) {
  return isa<ConvOp, LinearOp>(op) && !isReadAsIntegers(op->getResult(0));
}

bool isReadAsIntegers(Value value) {
  return llvm::any_of(value.getUses(), [](OpOperand &use) {
    // An unrounded contraction adds its residual in f32.
    return isMarkedInteger(use.getOwner()) &&
           (use.getOperandNumber() == 0 || !isUnrounded(use.getOwner()));
  });
}

/// Operands that `op` reads as integers: not weights, nor biases, nor the
/// residual of an unrounded sum.
static SmallVector<Value> getActivations(Operation *op) {
  SmallVector<Value> values;
  if (auto conv = dyn_cast<ConvOp>(op))
    values = {conv.getInput(), conv.getResidual()};
  else if (auto linear = dyn_cast<LinearOp>(op))
    values = {linear.getInput(), linear.getResidual()};
  else
    return SmallVector<Value>(op->getOperands());
  if (!values[1] || isUnrounded(op))
    values.pop_back();
  return values;
}

/// The range that the result of `op` gets a grid for: what was observed, but
/// of functions with a fixed range all of it, since inputs that calibration
/// did not see reach the rest; and nothing outside the op's own bounds.
static std::optional<Interval> getGridRange(Value value) {
  std::optional<Interval> range = getRange(value);
  Operation *op = value.getDefiningOp();
  if (!range || !op)
    return range;
  if (auto unary = dyn_cast<UnaryOp>(op)) {
    switch (unary.getKind()) {
    case UnaryKind::Sigmoid:
    case UnaryKind::HardSigmoid:
      return Interval{0, 1};
    case UnaryKind::Tanh:
    case UnaryKind::Erf:
    case UnaryKind::Softsign:
      return Interval{-1, 1};
    default:
      return range;
    }
  }
  if (auto lower = op->getAttrOfType<FloatAttr>("lower"))
    range->low =
        std::max(range->low, std::min(0.0f, lower.getValue().convertToFloat()));
  if (auto upper = op->getAttrOfType<FloatAttr>("upper"))
    range->high = std::min(range->high,
                           std::max(0.0f, upper.getValue().convertToFloat()));
  return range;
}

/// The u8 grid that covers `range`: scale and zero point in f64, rounded once.
static QuantType getGrid(MLIRContext *context, Interval range) {
  double extent = double(range.high) - range.low;
  float scale = float(extent / 255);
  if (!(scale > 0) || !std::isfinite(scale))
    return QuantType::get(context, 8, /*isSigned=*/false, 1.0f, 0);
  double zeroPoint = std::nearbyint(-double(range.low) / (extent / 255));
  return QuantType::get(context, 8, /*isSigned=*/false, scale,
                        int64_t(std::clamp(zeroPoint, 0.0, 255.0)));
}

GridAssignment::GridAssignment(Block &body) {
  SmallVector<Operation *> ops;
  for (Operation &op : body)
    if (isMarkedInteger(&op))
      ops.push_back(&op);
  for (Operation *op : ops)
    if (movesElements(op) && !isa<ConcatOp>(op))
      join(op);
  for (Operation *op : ops)
    for (Value value : getActivations(op))
      addRange(value);
  for (Operation *op : ops)
    if (!isUnrounded(op))
      addRange(op->getResult(0));
  for (Operation *op : ops)
    if (auto concat = dyn_cast<ConcatOp>(op))
      joinConcat(concat);
}

unsigned GridAssignment::getClass(Value value) {
  unsigned number = numbers.try_emplace(value, numbers.size()).first->second;
  classes.insert(number);
  return classes.getLeaderValue(number);
}

void GridAssignment::join(Operation *op) {
  unsigned result = getClass(op->getResult(0));
  for (Value operand : op->getOperands())
    classes.unionSets(result, getClass(operand));
}

/// Widens the class of `value` by the range of `value`, where that is not just
/// the range of another member.
void GridAssignment::addRange(Value value) {
  Operation *op = value.getDefiningOp();
  if (op && isMarkedInteger(op) && movesElements(op))
    return;
  std::optional<Interval> range = getGridRange(value);
  if (!range)
    unknown = value;
  else
    ranges[getClass(value)].include(*range);
}

bool GridAssignment::isWorthOwnGrid(Value operand, Interval common) {
  Operation *op = operand.getDefiningOp();
  bool isShared = op && isMarkedInteger(op) && !operand.hasOneUse();
  return isShared && common.getExtent() >
                         kCoarsening * ranges[getClass(operand)].getExtent();
}

void GridAssignment::joinConcat(ConcatOp op) {
  Interval common;
  for (Value operand : op.getInputs())
    common.include(ranges[getClass(operand)]);
  unsigned result = getClass(op.getResult());
  ranges[result].include(common);
  for (Value operand : op.getInputs()) {
    if (isWorthOwnGrid(operand, common))
      continue;
    Interval both = ranges[getClass(operand)];
    both.include(ranges[getClass(op.getResult())]);
    classes.unionSets(getClass(op.getResult()), getClass(operand));
    ranges[getClass(op.getResult())] = both;
  }
}

RankedTensorType GridAssignment::getType(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  QuantType grid = getGrid(value.getContext(), ranges[getClass(value)]);
  return RankedTensorType::get(type.getShape(), grid);
}

} // namespace qcc
