// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keeps libm out of compiled libraries: its results differ between versions,
// and a call in a kernel's loop costs more than the kernel.

#include "compiler/Codegen/Passes.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <limits>

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "compiler/Codegen/Passes.h.inc"
} // namespace qcc

/// Written in terms of the functions that have a polynomial. Rounding ops are
/// not among them: the machine rounds in one instruction.
static constexpr llvm::StringLiteral kExpanded[] = {
    "acosh", "asinh", "atanh", "clampf", "cosh", "exp2",
    "fpowi", "ipowi", "rsqrt", "sinh",   "tan"};

/// True where x86 has an instruction, or LLVM a short sequence, for the op.
static bool hasInstruction(Operation *op) {
  return isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp,
             math::CountLeadingZerosOp, math::CountTrailingZerosOp,
             math::CtPopOp, math::FloorOp, math::FmaOp, math::IsFiniteOp,
             math::IsInfOp, math::IsNaNOp, math::IsNormalOp, math::RoundOp,
             math::RoundEvenOp, math::SqrtOp, math::TruncOp>(op);
}

/// A constant of `type`, which is f32 or a vector of it.
static Value makeConstant(ImplicitLocOpBuilder &b, Type type, float number) {
  TypedAttr value = b.getF32FloatAttr(number);
  if (auto shaped = dyn_cast<ShapedType>(type))
    value = DenseElementsAttr::get(shaped, Attribute(value));
  return arith::ConstantOp::create(b, value);
}

/// log10(x)  ->  log(x) * log10(e)
static LogicalResult expandLog10(math::Log10Op op, PatternRewriter &rewriter) {
  if (!getElementTypeOrSelf(op.getType()).isF32())
    return rewriter.notifyMatchFailure(op, "no polynomial but for f32");
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  Value log = math::LogOp::create(b, op.getOperand());
  Value factor = makeConstant(b, op.getType(), 0.434294482f);
  rewriter.replaceOpWithNewOp<arith::MulFOp>(op, log, factor);
  return success();
}

/// pow(x, y)  ->  exp(y * log(|x|)) with the sign of x where y is odd, 1 where
/// y is 0, and NaN where x < 0 and y is no integer. Upstream's has no sign: it
/// says NaN for each x < 0.
static LogicalResult expandPower(math::PowFOp op, PatternRewriter &rewriter) {
  Type type = op.getType();
  if (!getElementTypeOrSelf(type).isF32())
    return rewriter.notifyMatchFailure(op, "no polynomial but for f32");
  ImplicitLocOpBuilder b(op.getLoc(), rewriter);
  using P = arith::CmpFPredicate;
  auto compare = [&](P predicate, Value left, Value right) -> Value {
    return arith::CmpFOp::create(b, predicate, left, right);
  };
  Value x = op.getLhs(), y = op.getRhs();
  Value zero = makeConstant(b, type, 0), one = makeConstant(b, type, 1);
  Value log = math::LogOp::create(b, math::AbsFOp::create(b, x));
  Value power = math::ExpOp::create(b, arith::MulFOp::create(b, y, log));

  Value half = arith::MulFOp::create(b, y, makeConstant(b, type, 0.5f));
  Value isWhole = compare(P::OEQ, y, math::FloorOp::create(b, y));
  Value isHalfBroken = compare(P::UNE, half, math::FloorOp::create(b, half));
  Value isOdd = arith::AndIOp::create(b, isWhole, isHalfBroken);
  Value withSign = math::CopySignOp::create(b, power, x);
  power = arith::SelectOp::create(b, isOdd, withSign, power);

  Value nan = makeConstant(b, type, std::numeric_limits<float>::quiet_NaN());
  Value defined = arith::OrIOp::create(b, isWhole, compare(P::UGE, x, zero));
  power = arith::SelectOp::create(b, defined, power, nan);
  Value isOne = compare(P::OEQ, y, zero);
  rewriter.replaceOpWithNewOp<arith::SelectOp>(op, isOne, one, power);
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
    patterns.add(expandPower);
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
