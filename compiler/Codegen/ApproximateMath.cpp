// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keeps libm out of compiled libraries: its results differ between versions,
// and a call in a kernel's loop costs more than the kernel.

#include "compiler/Codegen/Passes.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "compiler/Codegen/Passes.h.inc"
} // namespace qcc

/// Written in terms of the functions that have a polynomial. Rounding ops are
/// not among them: the machine rounds in one instruction.
static constexpr llvm::StringLiteral kExpanded[] = {
    "acosh", "asinh", "atanh", "clampf", "cosh", "exp2",
    "fpowi", "ipowi", "powf",  "rsqrt",  "sinh", "tan"};

/// True where x86 has an instruction, or LLVM a short sequence, for the op.
static bool hasInstruction(Operation *op) {
  return isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp,
             math::CountLeadingZerosOp, math::CountTrailingZerosOp,
             math::CtPopOp, math::FloorOp, math::FmaOp, math::IsFiniteOp,
             math::IsInfOp, math::IsNaNOp, math::IsNormalOp, math::RoundOp,
             math::RoundEvenOp, math::SqrtOp, math::TruncOp>(op);
}

/// log10(x)  ->  log(x) * log10(e)
static LogicalResult expandLog10(math::Log10Op op, PatternRewriter &rewriter) {
  if (!getElementTypeOrSelf(op.getType()).isF32())
    return rewriter.notifyMatchFailure(op, "no polynomial but for f32");
  Value log = math::LogOp::create(rewriter, op.getLoc(), op.getOperand());
  TypedAttr factor = rewriter.getF32FloatAttr(0.434294482f);
  if (auto shaped = dyn_cast<ShapedType>(op.getType()))
    factor = DenseElementsAttr::get(shaped, Attribute(factor));
  Value constant = arith::ConstantOp::create(rewriter, op.getLoc(), factor);
  rewriter.replaceOpWithNewOp<arith::MulFOp>(op, log, constant);
  return success();
}

namespace {

struct ApproximateMath : qcc::impl::ApproximateMathBase<ApproximateMath> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    SmallVector<StringRef> expanded(std::begin(kExpanded), std::end(kExpanded));
    math::populateExpansionPatterns(patterns, expanded);
    auto always = [](StringRef) { return true; };
    populateMathPolynomialApproximationPatterns(patterns, always);
    patterns.add(expandLog10);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();

    WalkResult result = getOperation()->walk([](Operation *op) {
      if (!isa_and_nonnull<math::MathDialect>(op->getDialect()) ||
          hasInstruction(op))
        return WalkResult::advance();
      op->emitOpError("expected a function with a polynomial for its type, "
                      "but got ")
          << op->getResult(0).getType();
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
