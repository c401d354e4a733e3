// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moves the marked part of the graph to integers. Grids are assigned to all
// tensors first (GridAssignment), then ops are rebuilt one by one.

#include "passes/Quantize/Passes.h"

#include "dialects/Qcc/IR/Constants.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Quantize/GridAssignment.h"
#include "passes/Quantize/IntegerOps.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_QUANTIZESTATIC
#include "passes/Quantize/Passes.h.inc"
} // namespace qcc

namespace {

bool isContraction(Operation *op) {
  return isa<qcc::ConvOp, qcc::LinearOp>(op);
}

/// Rewrites one function.
class Quantizer {
public:
  Quantizer(Block &body, qcc::GridAssignment &grids)
      : body(body), grids(grids), builder(body.getParentOp()->getContext()) {}

  void run() {
    SmallVector<Operation *> replaced;
    for (Operation &op : llvm::make_early_inc_range(body)) {
      if (!qcc::isMarkedInteger(&op))
        continue;
      rewrite(&op);
      replaced.push_back(&op);
    }
    for (Operation *op : llvm::reverse(replaced))
      op->erase();
  }

private:
  void rewrite(Operation *op) {
    Value old = op->getResult(0);
    if (qcc::isUnrounded(op))
      return replaceFloatUses(old, buildUnrounded(op));
    auto type = grids.getType(old);
    Value result;
    if (isContraction(op)) {
      Value residual = getResidual(op);
      Value input = getIntegers(op->getOperand(0));
      residual = residual ? getIntegers(residual) : residual;
      builder.setInsertionPoint(op);
      result = qcc::buildContraction(builder, op, input, residual, type);
    } else {
      SmallVector<Value> operands;
      for (Value operand : op->getOperands())
        operands.push_back(getIntegers(operand));
      builder.setInsertionPoint(op);
      if (isa<qcc::ConcatOp>(op))
        for (Value &operand : operands)
          operand = moveToGrid(operand, qcc::getQuantType(type));
      result = qcc::buildOther(builder, op, operands, type);
    }
    integers[old] = result;
    bool hasFloatUses = llvm::any_of(old.getUsers(), [](Operation *user) {
      return !qcc::isMarkedInteger(user);
    });
    if (hasFloatUses)
      replaceFloatUses(old, qcc::DequantizeOp::create(builder, op->getLoc(),
                                                      old.getType(), result));
  }

  static Value getResidual(Operation *op) {
    if (auto conv = dyn_cast<qcc::ConvOp>(op))
      return conv.getResidual();
    return cast<qcc::LinearOp>(op).getResidual();
  }

  /// The f32 result of a contraction that only floats read. A residual is added
  /// in f32, and the bounds apply after it.
  Value buildUnrounded(Operation *op) {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    Value input = getIntegers(op->getOperand(0));
    Value residual = getResidual(op);
    if (residual)
      residual = getFloats(residual);
    builder.setInsertionPoint(op);
    Value result = qcc::buildContraction(builder, op, input, Value(), type);
    if (!residual)
      return result;
    Operation *contraction = result.getDefiningOp();
    auto lower = contraction->getAttrOfType<FloatAttr>("lower");
    auto upper = contraction->getAttrOfType<FloatAttr>("upper");
    contraction->removeAttr("lower");
    contraction->removeAttr("upper");
    return qcc::BinaryOp::create(builder, op->getLoc(), type,
                                 qcc::BinaryKind::Add, result, residual,
                                 /*c_style=*/false, lower, upper);
  }

  /// `value` on its grid: the rewritten op's result, or quantized here.
  Value getIntegers(Value value) {
    Value &result = integers[value];
    if (result)
      return result;
    builder.setInsertionPointAfterValue(value);
    return result = qcc::QuantizeOp::create(builder, value.getLoc(),
                                            grids.getType(value), value);
  }

  /// `value` as f32 for an op that was to have it as integers.
  Value getFloats(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op || !qcc::isMarkedInteger(op))
      return value;
    if (Value unrounded = floats.lookup(value))
      return unrounded;
    auto known = integers.find(value);
    builder.setInsertionPointAfterValue(known->second);
    return qcc::DequantizeOp::create(builder, value.getLoc(), value.getType(),
                                     known->second);
  }

  Value moveToGrid(Value value, qcc::QuantType grid) {
    auto type = cast<RankedTensorType>(value.getType());
    if (type.getElementType() == grid)
      return value;
    return qcc::RequantizeOp::create(builder, value.getLoc(), type.clone(grid),
                                     value);
  }

  void replaceFloatUses(Value old, Value result) {
    floats[old] = result;
    old.replaceUsesWithIf(result, [](OpOperand &use) {
      return !qcc::isMarkedInteger(use.getOwner());
    });
  }

  Block &body;
  qcc::GridAssignment &grids;
  OpBuilder builder;
  /// What replaces a result of the old graph, as integers and as floats.
  llvm::DenseMap<Value, Value> integers;
  llvm::DenseMap<Value, Value> floats;
};

void dropNotes(func::FuncOp function) {
  qcc::dropObservations(function);
  for (Operation &op : function.getBody().front()) {
    op.removeDiscardableAttr("qcc.planned");
    op.removeDiscardableAttr("qcc.precision");
    op.removeDiscardableAttr("qcc.reason");
    op.removeDiscardableAttr("qcc.weight_scales");
  }
}

struct QuantizeStatic : qcc::impl::QuantizeStaticBase<QuantizeStatic> {
  void runOnOperation() override {
    WalkResult walk = getOperation()->walk([&](func::FuncOp function) {
      if (function.isExternal())
        return WalkResult::advance();
      Block &body = function.getBody().front();
      qcc::GridAssignment grids(body);
      if (Value unknown = grids.getUnknown()) {
        emitError(unknown.getLoc(), "expected a range for every tensor of an "
                                    "int8 op, but got none here");
        return WalkResult::interrupt();
      }
      Quantizer(body, grids).run();
      dropNotes(function);
      return WalkResult::advance();
    });
    if (walk.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
