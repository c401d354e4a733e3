// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moves transposes below the ops that do not care for the order of dimensions.
// Without it the relu behind a channels-last convolution is not fused into it,
// and a padding not taken in.

#include "compiler/Import/Mlir/Passes.h"

#include "compiler/Import/Mlir/Conversion.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_SINKTRANSPOSES
#include "compiler/Import/Mlir/Passes.h.inc"
} // namespace qcc

using namespace qcc::mlir_import;

/// `values[p[i]]` at `i`.
template <typename T>
static SmallVector<T> permute(ArrayRef<T> values, ArrayRef<int64_t> p) {
  SmallVector<T> result;
  for (int64_t i : p)
    result.push_back(values[i]);
  return result;
}

static SmallVector<int64_t> invert(ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> inverse(permutation.size());
  for (auto [i, dimension] : llvm::enumerate(permutation))
    inverse[dimension] = i;
  return inverse;
}

/// Rewrites the attributes of `op` that name dimensions or have one entry for
/// each, for operands before the transpose. False for an op that has an order
/// of its own.
static bool permuteAttributes(Operation *op, ArrayRef<int64_t> permutation,
                              ArrayRef<int64_t> inverse) {
  if (isa<qcc::BinaryOp, qcc::CastOp, qcc::ClampOp, qcc::DequantizeOp,
          qcc::QuantizeOp, qcc::RequantizeOp, qcc::SelectOp, qcc::UnaryOp>(op))
    return true;
  if (auto concat = dyn_cast<qcc::ConcatOp>(op)) {
    concat.setAxis(permutation[concat.getAxis()]);
  } else if (auto pad = dyn_cast<qcc::PadOp>(op)) {
    pad.setLow(permute(pad.getLow(), inverse));
    pad.setHigh(permute(pad.getHigh(), inverse));
  } else if (auto reduce = dyn_cast<qcc::ReduceOp>(op)) {
    SmallVector<int64_t> axes = permute(permutation, reduce.getAxes());
    llvm::sort(axes);
    reduce.setAxes(axes);
  } else if (auto resize = dyn_cast<qcc::ResizeOp>(op)) {
    resize.setScales(permute(resize.getScales(), inverse));
  } else if (auto slice = dyn_cast<qcc::SliceOp>(op)) {
    slice.setStarts(permute(slice.getStarts(), inverse));
    slice.setSteps(permute(slice.getSteps(), inverse));
  } else if (auto softmax = dyn_cast<qcc::SoftmaxOp>(op)) {
    softmax.setAxis(permutation[softmax.getAxis()]);
  } else {
    return false;
  }
  return true;
}

/// A padding that windows take in, if it stays beside them.
static bool padsWindows(Operation *op) {
  return isa<qcc::PadOp>(op) && !op->use_empty() &&
         llvm::all_of(op->getUsers(), llvm::IsaPred<qcc::ConvOp>);
}

/// Ops that `permuteAttributes` knows.
static bool movesThrough(Operation *op) {
  return isa<qcc::BinaryOp, qcc::CastOp, qcc::ClampOp, qcc::ConcatOp,
             qcc::DequantizeOp, qcc::PadOp, qcc::QuantizeOp, qcc::ReduceOp,
             qcc::RequantizeOp, qcc::ResizeOp, qcc::SelectOp, qcc::SliceOp,
             qcc::SoftmaxOp, qcc::UnaryOp>(op);
}

/// A constant as it is before the transpose, with all dimensions.
static Value transposeConstant(PatternRewriter &rewriter, Value constant,
                               ArrayRef<int64_t> inverse) {
  SmallVector<int64_t> shape(inverse.size() - rankOf(constant), 1);
  llvm::append_range(shape, shapeOf(constant));
  Location loc = constant.getLoc();
  auto full = RankedTensorType::get(shape, elementOf(constant));
  Value value = constant;
  if (full != constant.getType())
    value = rewriter.createOrFold<qcc::ReshapeOp>(loc, full, value);
  auto moved = RankedTensorType::get(permute(ArrayRef<int64_t>(shape), inverse),
                                     elementOf(constant));
  return rewriter.createOrFold<qcc::TransposeOp>(
      loc, moved, value, rewriter.getDenseI64ArrayAttr(inverse));
}

namespace {

/// op(transpose(x, p), constant)  ->  transpose(op(x, constant'), p)
struct SinkThrough : RewritePattern {
  SinkThrough(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!movesThrough(op) || padsWindows(op))
      return rewriter.notifyMatchFailure(op, "dimensions have a meaning");
    SmallVector<int64_t> permutation;
    for (Value operand : op->getOperands()) {
      auto transpose = operand.getDefiningOp<qcc::TransposeOp>();
      if (!transpose && constantOf(operand) &&
          rankOf(operand) <= rankOf(op->getResult(0)))
        continue;
      bool isFirst = permutation.empty();
      if (!transpose || (!isFirst && transpose.getPermutation() !=
                                         ArrayRef<int64_t>(permutation)))
        return rewriter.notifyMatchFailure(op, "an operand is not transposed");
      permutation.assign(transpose.getPermutation().begin(),
                         transpose.getPermutation().end());
    }
    if (permutation.empty() ||
        rankOf(op->getResult(0)) != int64_t(permutation.size()))
      return rewriter.notifyMatchFailure(op, "no transpose, or a broadcast");
    SmallVector<int64_t> inverse = invert(permutation);
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      auto transpose = operand.getDefiningOp<qcc::TransposeOp>();
      operands.push_back(transpose
                             ? transpose.getInput()
                             : transposeConstant(rewriter, operand, inverse));
    }
    auto type = typeOf(op->getResult(0));
    Operation *moved = rewriter.clone(*op);
    moved->setOperands(operands);
    moved->getResult(0).setType(RankedTensorType::get(
        permute(type.getShape(), inverse), type.getElementType()));
    bool isKnown = permuteAttributes(moved, permutation, inverse);
    assert(isKnown && "checked above");
    (void)isKnown;
    rewriter.replaceOpWithNewOp<qcc::TransposeOp>(op, type, moved->getResult(0),
                                                  permutation);
    return success();
  }
};

/// transpose(transpose(x, p), q)  ->  transpose(x, p[q])
struct MergeTransposes : OpRewritePattern<qcc::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<qcc::TransposeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "no transpose before it");
    SmallVector<int64_t> both =
        permute(inner.getPermutation(), op.getPermutation());
    if (llvm::is_sorted(both))
      rewriter.replaceOp(op, inner.getInput());
    else
      rewriter.replaceOpWithNewOp<qcc::TransposeOp>(op, op.getType(),
                                                    inner.getInput(), both);
    return success();
  }
};

struct SinkTransposes : qcc::impl::SinkTransposesBase<SinkTransposes> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<MergeTransposes, SinkThrough>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
