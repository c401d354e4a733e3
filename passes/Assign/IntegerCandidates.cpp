// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the integer graph can express at all.

#include "passes/Assign/IntegerCandidates.h"

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace qcc {

// The verifier of qcc.conv (C9): more products could overflow an i32 sum.
static constexpr int64_t kLongestIntegerSum = 65536;

bool isContraction(Operation *op) { return isa<ConvOp, LinearOp>(op); }

static bool isFloatTensor(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}

static const char *whyNotContraction(Operation *op) {
  auto weight = getConstantBytes(op->getOperand(1));
  if (!weight || weight->type.getNumElements() == 0)
    return "its weights are computed at run time";
  if (op->getNumOperands() > 2 && isFloatTensor(op->getOperand(2)) &&
      cast<ShapedType>(op->getOperand(2).getType()).getRank() == 1 &&
      !getConstantBytes(op->getOperand(2)))
    return "its bias is computed at run time";
  int64_t length = weight->type.getNumElements() / weight->type.getDimSize(0);
  if (length > kLongestIntegerSum)
    return "its sums could overflow 32 bits";
  return nullptr;
}

/// True if `reduce` is the mean of `x - mean(x)`. Neither the difference nor
/// its square, whose mean is the variance, fit in 8 bits: one grid serves all
/// channels, and the variances of some are a hundredth of those of others.
static bool startsNorm(ReduceOp reduce) {
  return llvm::any_of(reduce->getUsers(), [&](Operation *user) {
    auto binary = dyn_cast<BinaryOp>(user);
    return binary && binary.getKind() == BinaryKind::Sub &&
           binary.getLhs() == reduce.getInput();
  });
}

/// Why an op that is neither contraction nor data movement has no integer form.
static const char *whyNotComputation(Operation *op) {
  const char *unknown = "it has no integer form";
  return llvm::TypeSwitch<Operation *, const char *>(op)
      .Case<UnaryOp>([&](UnaryOp unary) {
        return unary.getKind() == UnaryKind::Not ? unknown : nullptr;
      })
      .Case<BinaryOp>([&](BinaryOp binary) {
        bool known = binary.getKind() == BinaryKind::Add ||
                     binary.getKind() == BinaryKind::Sub ||
                     binary.getKind() == BinaryKind::Mul;
        return known ? nullptr : unknown;
      })
      .Case<ReduceOp>([&](ReduceOp reduce) -> const char * {
        if (reduce.getKind() != ReduceKind::Mean)
          return unknown;
        bool overImage = reduce.getAxes() == ArrayRef<int64_t>{2, 3};
        return overImage && !startsNorm(reduce) ? nullptr
                                                : "it normalises features";
      })
      .Case<AveragePoolOp, ClampOp>([](auto) { return nullptr; })
      .Default(unknown);
}

static const char *whyNotFloat(Operation *op) {
  for (Value value : op->getResults())
    if (!isFloatTensor(value))
      return "its result is not of f32";
  for (Value value : op->getOperands())
    if (!isFloatTensor(value))
      return "an operand is not of f32";
  return nullptr;
}

const char *whyNotDynamic(Operation *op) {
  if (const char *reason = whyNotFloat(op))
    return reason;
  return whyNotContraction(op);
}

bool paysForDynamic(Operation *op) {
  auto conv = dyn_cast<ConvOp>(op);
  return !conv || !conv.isDepthwise();
}

const char *whyNotInteger(Operation *op) {
  if (const char *reason = whyNotFloat(op))
    return reason;
  if (isContraction(op)) {
    if (const char *reason = whyNotContraction(op))
      return reason;
    if (!getRange(op->getOperand(0)))
      return "the range of its input is not known";
    auto conv = dyn_cast<ConvOp>(op);
    // Others mix channels, and the loud ones drown the error.
    return conv && conv.isDepthwise() && hasPoorChannels(conv.getInput())
               ? "the channels of its input are too unequal for one grid"
               : nullptr;
  }
  if (!movesElements(op))
    if (const char *reason = whyNotComputation(op))
      return reason;
  for (Value operand : op->getOperands())
    if (!getRange(operand))
      return "the range of an operand is not known";
  if (!getRange(op->getResult(0)))
    return "the range of its result is not known";
  return nullptr;
}

} // namespace qcc
