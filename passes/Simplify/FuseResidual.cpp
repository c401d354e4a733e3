// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moves additions into the contraction that computes one of their operands:
// the sum then needs no pass of its own, and no rounding before it.

#include "passes/Simplify/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_FUSERESIDUAL
#include "passes/Simplify/Passes.h.inc"
} // namespace qcc

namespace {

template <typename OpType> bool isPlain(OpType op) {
  return op && !op.isQuantized() && !op.getResidual() && !op.getLower() &&
         !op.getUpper() && op->hasOneUse();
}

/// The op behind `value` if it can take a residual.
Operation *getContraction(Value value) {
  Operation *op = value.getDefiningOp();
  if (isPlain(dyn_cast_or_null<qcc::ConvOp>(op)) ||
      isPlain(dyn_cast_or_null<qcc::LinearOp>(op)))
    return op;
  return nullptr;
}

/// add(contract(x, w), y)  ->  contract(x, w) residual(y)
struct FuseAddition : OpRewritePattern<qcc::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::BinaryOp add,
                                PatternRewriter &rewriter) const override {
    if (add.getKind() != qcc::BinaryKind::Add)
      return rewriter.notifyMatchFailure(add, "not an addition");
    Value lhs = add.getLhs(), rhs = add.getRhs();
    if (lhs.getType() != rhs.getType() || lhs.getType() != add.getType())
      return rewriter.notifyMatchFailure(add, "shapes broadcast");
    Operation *first = getContraction(lhs), *second = getContraction(rhs);
    if (!first && !second)
      return rewriter.notifyMatchFailure(add, "no contraction of its own");
    // The later one: its result is still in cache, and the other operand has
    // been computed by then.
    bool takeFirst =
        first && (!second || (first->getBlock() == second->getBlock() &&
                              second->isBeforeInBlock(first)));
    Operation *op = takeFirst ? first : second;
    Value residual = takeFirst ? rhs : lhs;
    if (matchPattern(residual, m_Constant()))
      return rewriter.notifyMatchFailure(add, "the other side is constant");
    Operation *fused = rewriter.clone(*op);
    rewriter.modifyOpInPlace(fused, [&] {
      if (auto conv = dyn_cast<qcc::ConvOp>(fused))
        setEpilogue(conv, residual, add);
      else
        setEpilogue(cast<qcc::LinearOp>(fused), residual, add);
    });
    rewriter.replaceOp(add, fused->getResults());
    rewriter.eraseOp(op);
    return success();
  }

  template <typename OpType>
  static void setEpilogue(OpType op, Value residual, qcc::BinaryOp add) {
    op.getResidualMutable().assign(residual);
    op.setLowerAttr(add.getLowerAttr());
    op.setUpperAttr(add.getUpperAttr());
  }
};

struct FuseResidual : qcc::impl::FuseResidualBase<FuseResidual> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseAddition>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
