// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Brings data movement to its simplest form, so that later passes see one form
// of each thing: padding inside convolutions, global pools as reductions,
// constant matrices as linear layers.

#include "passes/Simplify/Passes.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/Simplify/ConstantVectors.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_NORMALIZESHAPES
#include "passes/Simplify/Passes.h.inc"
} // namespace qcc

namespace {

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

bool isZero(int64_t value) { return value == 0; }
bool isOne(int64_t value) { return value == 1; }

/// transpose(transpose(x, p), q)  ->  transpose(x, p[q])
struct MergeTransposes : OpRewritePattern<qcc::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<qcc::TransposeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "no transpose before it");
    SmallVector<int64_t> permutation;
    for (int64_t dimension : op.getPermutation())
      permutation.push_back(inner.getPermutation()[dimension]);
    rewriter.replaceOpWithNewOp<qcc::TransposeOp>(
        op, op.getType(), inner.getInput(), permutation);
    return success();
  }
};

/// A transpose that keeps the order of all dimensions but those of size 1:
/// transpose(x)  ->  reshape(x)
struct TransposeToReshape : OpRewritePattern<qcc::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    SmallVector<int64_t> moving;
    for (int64_t dimension : op.getPermutation())
      if (shape[dimension] != 1)
        moving.push_back(dimension);
    if (!llvm::is_sorted(moving))
      return rewriter.notifyMatchFailure(op, "elements change their order");
    rewriter.replaceOpWithNewOp<qcc::ReshapeOp>(op, op.getType(),
                                                op.getInput());
    return success();
  }
};

/// conv(pad(x))  ->  conv(x) {pads}
struct FoldPadIntoConv : OpRewritePattern<qcc::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::ConvOp op,
                                PatternRewriter &rewriter) const override {
    auto pad = op.getInput().getDefiningOp<qcc::PadOp>();
    if (!pad || pad.getMode() != qcc::PadMode::Constant ||
        !pad.getValue().isZero())
      return rewriter.notifyMatchFailure(op, "no padding with zeros");
    ArrayRef<int64_t> low = pad.getLow(), high = pad.getHigh();
    if (low[0] || low[1] || high[0] || high[1])
      return rewriter.notifyMatchFailure(pad, "more than the image is padded");
    auto isNegative = [](int64_t value) { return value < 0; };
    if (llvm::any_of(low, isNegative) || llvm::any_of(high, isNegative))
      return rewriter.notifyMatchFailure(pad, "it crops");
    ArrayRef<int64_t> old = op.getPads();
    SmallVector<int64_t> pads = {old[0] + low[2], old[1] + low[3],
                                 old[2] + high[2], old[3] + high[3]};
    rewriter.modifyOpInPlace(op, [&] {
      op.setPads(pads);
      op.getInputMutable().assign(pad.getInput());
    });
    return success();
  }
};

/// Rows or columns of a kernel that are left, and their padding.
struct Taps {
  int64_t first, count, low, high;
};

/// Drops taps at either end that lie in the padding for every one of `outputs`.
static Taps dropPadded(Taps taps, int64_t size, int64_t outputs, int64_t stride,
                       int64_t dilation) {
  int64_t reach = (outputs - 1) * stride;
  while (taps.count > 1 && taps.low >= dilation && reach < taps.low) {
    ++taps.first;
    --taps.count;
    taps.low -= dilation;
  }
  while (taps.count > 1 && taps.high >= dilation &&
         (taps.count - 1) * dilation - taps.low >= size) {
    --taps.count;
    taps.high -= dilation;
  }
  return taps;
}

/// A dilated kernel may be larger than the image: what only ever reads padding
/// goes.
struct DropPaddedTaps : OpRewritePattern<qcc::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::ConvOp op,
                                PatternRewriter &rewriter) const override {
    if (op.isQuantized() || !matchPattern(op.getWeight(), m_Constant()))
      return rewriter.notifyMatchFailure(op, "not a constant float kernel");
    SmallVector<int64_t> shape(shapeOf(op.getWeight())), pads(op.getPads());
    SmallVector<int64_t> starts(4, 0);
    for (int64_t i = 0; i < 2; ++i) {
      Taps taps = dropPadded({0, shape[2 + i], pads[i], pads[2 + i]},
                             shapeOf(op.getInput())[2 + i],
                             shapeOf(op.getResult())[2 + i], op.getStrides()[i],
                             op.getDilations()[i]);
      starts[2 + i] = taps.first;
      shape[2 + i] = taps.count;
      pads[i] = taps.low;
      pads[2 + i] = taps.high;
    }
    if (ArrayRef<int64_t>(shape) == shapeOf(op.getWeight()))
      return rewriter.notifyMatchFailure(op, "every tap reads the image");
    auto type = RankedTensorType::get(shape, rewriter.getF32Type());
    Value weight = rewriter.createOrFold<qcc::SliceOp>(
        op.getLoc(), type, op.getWeight(), starts,
        ArrayRef<int64_t>{1, 1, 1, 1});
    rewriter.modifyOpInPlace(op, [&] {
      op.setPads(pads);
      op.getWeightMutable().assign(weight);
    });
    return success();
  }
};

/// average_pool over the whole image  ->  reduce mean
struct PoolToReduce : OpRewritePattern<qcc::AveragePoolOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::AveragePoolOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getKernel() != shapeOf(op.getInput()).take_back(2))
      return rewriter.notifyMatchFailure(op, "window is not the image");
    if (!llvm::all_of(op.getPads(), isZero) ||
        !llvm::all_of(op.getDilations(), isOne) ||
        !llvm::all_of(shapeOf(op.getResult()).take_back(2), isOne))
      return rewriter.notifyMatchFailure(op, "window leaves the image");
    rewriter.replaceOpWithNewOp<qcc::ReduceOp>(
        op, op.getType(), qcc::ReduceKind::Mean, op.getInput(),
        ArrayRef<int64_t>{2, 3});
    return success();
  }
};

/// reduce over dimensions of size 1 only  ->  x
struct DropReduce : OpRewritePattern<qcc::ReduceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::ReduceOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getInput().getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "it combines elements");
    if (op.getKind() == qcc::ReduceKind::SumSquare)
      return rewriter.notifyMatchFailure(op, "it changes elements");
    rewriter.replaceOp(op, op.getInput());
    return success();
  }
};

/// matmul(x, constant)  ->  reshape(linear(reshape(x), transposed constant))
struct MatmulToLinear : OpRewritePattern<qcc::MatmulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::MatmulOp op,
                                PatternRewriter &rewriter) const override {
    ArrayRef<int64_t> shape = shapeOf(op.getRhs());
    if (shape.size() != 2)
      return rewriter.notifyMatchFailure(op, "a stack of matrices");
    std::optional<std::vector<float>> matrix = qcc::getFloats(op.getRhs());
    if (!matrix)
      return rewriter.notifyMatchFailure(op, "no constant");
    int64_t depth = shape[0], columns = shape[1];
    std::vector<float> weight(matrix->size());
    for (int64_t k = 0; k < depth; ++k)
      for (int64_t n = 0; n < columns; ++n)
        weight[n * depth + k] = (*matrix)[k * columns + n];
    Location loc = op.getLoc();
    Type element = rewriter.getF32Type();
    int64_t rows = cast<ShapedType>(op.getLhs().getType()).getNumElements() /
                   std::max<int64_t>(depth, 1);
    auto rowsType = RankedTensorType::get({rows, depth}, element);
    auto resultType = RankedTensorType::get({rows, columns}, element);
    Value constant = qcc::makeConstant(
        rewriter, loc, RankedTensorType::get({columns, depth}, element),
        weight);
    Value input = op.getLhs();
    if (input.getType() != rowsType)
      input = qcc::ReshapeOp::create(rewriter, loc, rowsType, input);
    auto linear = qcc::LinearOp::create(
        rewriter, loc, resultType, input, constant, /*bias=*/Value(),
        /*weight_scales=*/Value(), /*residual=*/Value(), /*lower=*/FloatAttr(),
        /*upper=*/FloatAttr());
    if (op.getType() == resultType)
      rewriter.replaceOp(op, linear.getResult());
    else
      rewriter.replaceOpWithNewOp<qcc::ReshapeOp>(op, op.getType(),
                                                  linear.getResult());
    return success();
  }
};

/// reshape(linear(x)) + vector of the last dimension
///   ->  reshape(linear(x) + vector)
/// so that the bias of a former matmul stands beside it.
struct SwapBiasAndReshape : OpRewritePattern<qcc::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::BinaryOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getKind() != qcc::BinaryKind::Add || op.getLower() || op.getUpper())
      return rewriter.notifyMatchFailure(op, "not a plain addition");
    bool swapped = qcc::getFloats(op.getLhs()).has_value();
    Value value = swapped ? op.getRhs() : op.getLhs();
    Value vector = swapped ? op.getLhs() : op.getRhs();
    auto reshape = value.getDefiningOp<qcc::ReshapeOp>();
    if (!reshape || !reshape->hasOneUse() || value.getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "no reshape of its own");
    auto linear = reshape.getInput().getDefiningOp<qcc::LinearOp>();
    if (!linear || !linear->hasOneUse())
      return rewriter.notifyMatchFailure(op, "no linear layer of its own");
    int64_t columns = shapeOf(linear.getResult())[1];
    if (!qcc::getFloats(vector) || shapeOf(op.getResult()).back() != columns ||
        shapeOf(vector) != ArrayRef<int64_t>{columns})
      return rewriter.notifyMatchFailure(op, "no vector of that dimension");
    auto sum =
        qcc::BinaryOp::create(rewriter, op.getLoc(), linear.getType(),
                              qcc::BinaryKind::Add, linear.getResult(), vector,
                              /*c_style=*/false, FloatAttr(), FloatAttr());
    rewriter.replaceOpWithNewOp<qcc::ReshapeOp>(op, op.getType(),
                                                sum.getResult());
    return success();
  }
};

struct NormalizeShapes : qcc::impl::NormalizeShapesBase<NormalizeShapes> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<DropPaddedTaps, DropReduce, FoldPadIntoConv, MatmulToLinear,
                 MergeTransposes, PoolToReduce, SwapBiasAndReshape,
                 TransposeToReshape>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
