// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns relu and clamp into the bounds that the op before them applies when it
// stores its result, where they cost nothing.

#include "passes/Simplify/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <limits>

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_FUSEACTIVATIONS
#include "passes/Simplify/Passes.h.inc"
} // namespace qcc

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Bounds {
  float lower = -kInfinity;
  float upper = kInfinity;
};

template <typename OpType> Bounds getBounds(OpType op) {
  Bounds bounds;
  if (op.getLower())
    bounds.lower = op.getLower()->convertToFloat();
  if (op.getUpper())
    bounds.upper = op.getUpper()->convertToFloat();
  return bounds;
}

template <typename OpType> void setBounds(OpType op, Bounds bounds) {
  Builder builder(op.getContext());
  op.setLowerAttr(bounds.lower == -kInfinity
                      ? FloatAttr()
                      : builder.getF32FloatAttr(bounds.lower));
  op.setUpperAttr(bounds.upper == kInfinity
                      ? FloatAttr()
                      : builder.getF32FloatAttr(bounds.upper));
}

float limit(float value, Bounds bounds) {
  return std::min(std::max(value, bounds.lower), bounds.upper);
}

template <typename OpType> bool isArithmetic(OpType) { return true; }
bool isArithmetic(qcc::BinaryOp op) {
  return op.getKind() == qcc::BinaryKind::Add ||
         op.getKind() == qcc::BinaryKind::Sub ||
         op.getKind() == qcc::BinaryKind::Mul;
}

/// relu(x)  ->  clamp(x) {lower = 0}
struct ReluToClamp : OpRewritePattern<qcc::UnaryOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::UnaryOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getKind() != qcc::UnaryKind::Relu)
      return rewriter.notifyMatchFailure(op, "not a relu");
    if (!cast<ShapedType>(op.getType()).getElementType().isF32())
      return rewriter.notifyMatchFailure(op, "bounds are for f32");
    rewriter.replaceOpWithNewOp<qcc::ClampOp>(op, op.getType(), op.getInput(),
                                              rewriter.getF32FloatAttr(0),
                                              FloatAttr());
    return success();
  }
};

/// clamp(op(x))  ->  op(x) {lower, upper}
template <typename OpType> struct FuseClamp : OpRewritePattern<qcc::ClampOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::ClampOp clamp,
                                PatternRewriter &rewriter) const override {
    auto op = clamp.getInput().getDefiningOp<OpType>();
    if (!op || !op->hasOneUse())
      return rewriter.notifyMatchFailure(clamp, "no producer of its own");
    if (op.getType() != clamp.getType() ||
        !cast<ShapedType>(op.getType()).getElementType().isF32())
      return rewriter.notifyMatchFailure(clamp, "bounds are for f32");
    if (!isArithmetic(op))
      return rewriter.notifyMatchFailure(op, "its kernels know no bounds");
    Bounds first = getBounds(op), second = getBounds(clamp);
    rewriter.modifyOpInPlace(op, [&] {
      setBounds(op, {limit(first.lower, second), limit(first.upper, second)});
    });
    rewriter.replaceOp(clamp, op.getResult());
    return success();
  }
};

/// clamp(max_pool(x))  ->  max_pool(clamp(x))
struct SwapPool : OpRewritePattern<qcc::ClampOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::ClampOp clamp,
                                PatternRewriter &rewriter) const override {
    auto pool = clamp.getInput().getDefiningOp<qcc::MaxPoolOp>();
    if (!pool || !pool->hasOneUse())
      return rewriter.notifyMatchFailure(clamp, "no max_pool of its own");
    Value input = pool.getInput();
    if (!input.hasOneUse() || !input.getDefiningOp<qcc::ConvOp>())
      return rewriter.notifyMatchFailure(pool, "nothing to fuse with there");
    rewriter.setInsertionPoint(pool);
    auto first =
        qcc::ClampOp::create(rewriter, clamp.getLoc(), input.getType(), input,
                             clamp.getLowerAttr(), clamp.getUpperAttr());
    rewriter.modifyOpInPlace(
        pool, [&] { pool.getInputMutable().assign(first.getResult()); });
    rewriter.replaceOp(clamp, pool.getResult());
    return success();
  }
};

struct FuseActivations : qcc::impl::FuseActivationsBase<FuseActivations> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ReluToClamp, SwapPool, FuseClamp<qcc::ConvOp>,
                 FuseClamp<qcc::LinearOp>, FuseClamp<qcc::BinaryOp>,
                 FuseClamp<qcc::ClampOp>>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
