// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A quantized model as others write it computes in floats between dequantize
// and quantize ops. Here those become the integer ops that they describe, with
// the scales of the model.

#include "passes/Quantize/Passes.h"

#include "dialects/Qcc/IR/Constants.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/Quantize/ContractionPatterns.h"
#include "passes/Quantize/IntegerOps.h"
#include "passes/Quantize/ModelWeights.h"

#include <cmath>

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_FOLDQUANTIZATION
#include "passes/Quantize/Passes.h.inc"
} // namespace qcc

namespace {

RankedTensorType withGridOf(Type shape, Value grid) {
  return cast<RankedTensorType>(shape).clone(qcc::getQuantType(grid.getType()));
}

/// True for ops whose result has only elements of their first operand.
bool movesFirstOperand(Operation *op) {
  if (isa<qcc::ReshapeOp, qcc::TransposeOp, qcc::SliceOp, qcc::MaxPoolOp,
          qcc::ExpandOp, qcc::GatherOp>(op))
    return true;
  if (auto pad = dyn_cast<qcc::PadOp>(op))
    return pad.getMode() != qcc::PadMode::Constant || pad.getValue().isZero();
  if (auto reduce = dyn_cast<qcc::ReduceOp>(op))
    return reduce.getKind() == qcc::ReduceKind::Max ||
           reduce.getKind() == qcc::ReduceKind::Min;
  if (auto resize = dyn_cast<qcc::ResizeOp>(op))
    return resize.getMode() == qcc::ResizeMode::Nearest;
  return false;
}

/// move(dequantize(q))  ->  dequantize(move(q))
struct MoveIntegers : RewritePattern {
  explicit MoveIntegers(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!movesFirstOperand(op))
      return rewriter.notifyMatchFailure(op, "computes something");
    Value integers = qcc::getIntegers(op->getOperand(0));
    if (!integers)
      return rewriter.notifyMatchFailure(op, "does not move integers");
    Type type = op->getResult(0).getType();
    SmallVector<Value> operands(op->getOperands());
    operands[0] = integers;
    Value moved =
        qcc::buildOther(rewriter, op, operands, withGridOf(type, integers));
    rewriter.replaceOpWithNewOp<qcc::DequantizeOp>(op, type, moved);
    return success();
  }
};

/// concat(dequantize(a), dequantize(b))  ->  dequantize(concat(a, b)), where
/// a and b are on one grid
struct JoinIntegers : OpRewritePattern<qcc::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::ConcatOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value> inputs;
    for (Value input : op.getInputs())
      inputs.push_back(qcc::getIntegers(input));
    if (llvm::is_contained(inputs, Value()))
      return rewriter.notifyMatchFailure(op, "does not join integers only");
    for (Value input : inputs)
      if (qcc::getQuantType(input.getType()) !=
          qcc::getQuantType(inputs[0].getType()))
        return rewriter.notifyMatchFailure(op, "grids differ");
    auto joined = qcc::ConcatOp::create(rewriter, op.getLoc(),
                                        withGridOf(op.getType(), inputs[0]),
                                        inputs, op.getAxisAttr());
    rewriter.replaceOpWithNewOp<qcc::DequantizeOp>(op, op.getType(), joined);
    return success();
  }
};

/// True if nothing but quantize ops reads `op`. Contractions are not computed
/// once for each.
bool isOnlyQuantized(Operation *op) {
  if (op->hasOneUse())
    return true;
  return !isa<qcc::ConvOp, qcc::LinearOp>(op) && op->getNumResults() == 1 &&
         llvm::all_of(op->getUsers(), [](Operation *user) {
           return isa<qcc::QuantizeOp>(user);
         });
}

/// A quantize op and the float op before it, which only it and its like read.
struct BeforeQuantize : OpRewritePattern<qcc::QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::QuantizeOp op,
                                PatternRewriter &rewriter) const final {
    Operation *before = op.getInput().getDefiningOp();
    if (!before || !isOnlyQuantized(before))
      return rewriter.notifyMatchFailure(op, "no float op of its own");
    if (qcc::getQuantType(op.getType()).getBits() != 8)
      return rewriter.notifyMatchFailure(op, "kernels know 8 bits");
    Value result = rewrite(rewriter, before, op.getType());
    if (!result)
      return rewriter.notifyMatchFailure(before, "has no such integer form");
    rewriter.replaceOp(op, result);
    if (before->use_empty())
      rewriter.eraseOp(before);
    return success();
  }

  /// The integer form of `before` with a result of `type`, or null.
  virtual Value rewrite(PatternRewriter &rewriter, Operation *before,
                        RankedTensorType type) const = 0;
};

/// quantize(dequantize(q))  ->  q on the new grid
struct ChangeGrid : OpRewritePattern<qcc::QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::QuantizeOp op,
                                PatternRewriter &rewriter) const override {
    Value integers = qcc::getIntegers(op.getInput());
    if (!integers || qcc::getQuantType(op.getType()).getBits() != 8)
      return rewriter.notifyMatchFailure(op, "not between 8-bit grids");
    if (integers.getType() == op.getType())
      rewriter.replaceOp(op, integers);
    else
      rewriter.replaceOpWithNewOp<qcc::RequantizeOp>(op, op.getType(),
                                                     integers);
    return success();
  }
};

/// quantize(move(x))  ->  move(quantize(x)), concat among the moves
struct QuantizeFirst : BeforeQuantize {
  using BeforeQuantize::BeforeQuantize;

  Value rewrite(PatternRewriter &rewriter, Operation *before,
                RankedTensorType type) const override {
    if (!isa<qcc::ReshapeOp, qcc::TransposeOp, qcc::MaxPoolOp, qcc::ConcatOp>(
            before))
      return {};
    SmallVector<Value> operands;
    for (Value operand : before->getOperands()) {
      auto operandType = cast<RankedTensorType>(operand.getType())
                             .clone(type.getElementType());
      operands.push_back(qcc::QuantizeOp::create(rewriter, before->getLoc(),
                                                 operandType, operand));
    }
    return qcc::buildOther(rewriter, before, operands, type);
  }
};

/// quantize(contract(dequantize(q), w))  ->  contract(q, w) in integers
struct FoldContraction : BeforeQuantize {
  using BeforeQuantize::BeforeQuantize;

  Value rewrite(PatternRewriter &rewriter, Operation *before,
                RankedTensorType type) const override {
    if (!isa<qcc::ConvOp, qcc::LinearOp>(before))
      return {};
    Value input = qcc::getIntegers(before->getOperand(0));
    return input ? qcc::buildModelContraction(rewriter, before, input, type)
                 : Value();
  }
};

/// quantize(contract(dequantize(q), w) + dequantize(r))
///   ->  contract(q, w) residual(r) in integers
struct FoldResidual : BeforeQuantize {
  using BeforeQuantize::BeforeQuantize;

  Value rewrite(PatternRewriter &rewriter, Operation *before,
                RankedTensorType type) const override {
    auto sum = dyn_cast<qcc::BinaryOp>(before);
    if (!sum || sum.getKind() != qcc::BinaryKind::Add)
      return {};
    bool isFirst = qcc::getIntegers(sum.getLhs()) != nullptr;
    Value residual = qcc::getIntegers(isFirst ? sum.getLhs() : sum.getRhs());
    Value value = isFirst ? sum.getRhs() : sum.getLhs();
    Operation *op = value.getDefiningOp();
    if (!residual || !isa_and_nonnull<qcc::ConvOp, qcc::LinearOp>(op) ||
        !op->hasOneUse() || op->hasAttr("lower") || op->hasAttr("upper") ||
        cast<ShapedType>(residual.getType()).getShape() != type.getShape())
      return {};
    Value input = qcc::getIntegers(op->getOperand(0));
    Value result =
        input ? qcc::buildModelContraction(rewriter, op, input, type) : Value();
    if (!result)
      return {};
    Operation *contraction = result.getDefiningOp();
    if (auto conv = dyn_cast<qcc::ConvOp>(contraction))
      conv.getResidualMutable().assign(residual);
    else
      cast<qcc::LinearOp>(contraction).getResidualMutable().assign(residual);
    for (StringRef bound : {"lower", "upper"})
      if (Attribute value = sum->getAttr(bound))
        contraction->setAttr(bound, value);
    return result;
  }
};

/// True if `op` has an integer form, whatever its grids.
bool hasIntegerForm(Operation *op) {
  if (auto unary = dyn_cast<qcc::UnaryOp>(op))
    return unary.getKind() != qcc::UnaryKind::Not;
  if (auto binary = dyn_cast<qcc::BinaryOp>(op))
    return binary.getKind() == qcc::BinaryKind::Add ||
           binary.getKind() == qcc::BinaryKind::Sub ||
           binary.getKind() == qcc::BinaryKind::Mul;
  // Other means are parts of norms, whose kernels are of floats.
  if (auto reduce = dyn_cast<qcc::ReduceOp>(op))
    return reduce.getKind() == qcc::ReduceKind::Mean &&
           reduce.getAxes() == ArrayRef<int64_t>{2, 3};
  return isa<qcc::AveragePoolOp, qcc::ClampOp>(op);
}

/// quantize(op(dequantize(a), dequantize(b)))  ->  op(a, b) : grids to grid
struct FoldComputation : BeforeQuantize {
  using BeforeQuantize::BeforeQuantize;

  Value rewrite(PatternRewriter &rewriter, Operation *before,
                RankedTensorType type) const override {
    auto resize = dyn_cast<qcc::ResizeOp>(before);
    bool isLinear = resize && resize.getMode() == qcc::ResizeMode::Linear;
    if (!isLinear && !hasIntegerForm(before))
      return {};
    SmallVector<Value> operands;
    for (Value operand : before->getOperands())
      operands.push_back(qcc::getIntegers(operand));
    if (llvm::all_of(operands, [](Value value) { return !value; }))
      return {};
    // Interpolated integers stay on their grid.
    if (isLinear &&
        qcc::getQuantType(operands[0].getType()) != qcc::getQuantType(type))
      return {};
    for (auto [integers, operand] :
         llvm::zip_equal(operands, before->getOperands())) {
      if (!integers)
        integers = qcc::quantizeModelConstant(rewriter, operand);
      if (!integers)
        return {};
    }
    return qcc::buildOther(rewriter, before, operands, type);
  }
};

/// quantize(x / c)  ->  quantize(x * (1 / c))
struct DivideByNumber : BeforeQuantize {
  using BeforeQuantize::BeforeQuantize;

  Value rewrite(PatternRewriter &rewriter, Operation *before,
                RankedTensorType type) const override {
    auto div = dyn_cast<qcc::BinaryOp>(before);
    if (!div || div.getKind() != qcc::BinaryKind::Div || div.getLower() ||
        div.getUpper() || !qcc::getIntegers(div.getLhs()))
      return {};
    auto divisor = qcc::getConstantBytes(div.getRhs());
    if (!divisor || divisor->type.getNumElements() != 1)
      return {};
    float inverse = 1 / divisor->as<float>()[0];
    if (!std::isnormal(inverse))
      return {};
    Location loc = div.getLoc();
    Value factor = qcc::makeConstant(rewriter, loc, divisor->type,
                                     std::vector<float>{inverse});
    auto product = qcc::BinaryOp::create(
        rewriter, loc, div.getType(), qcc::BinaryKind::Mul, div.getLhs(),
        factor, /*c_style=*/false, FloatAttr(), FloatAttr());
    return qcc::QuantizeOp::create(rewriter, loc, type, product);
  }
};

/// quantize(clamp(op(x)))  ->  quantize(op(x) {lower, upper})
struct FoldBounds : BeforeQuantize {
  using BeforeQuantize::BeforeQuantize;

  Value rewrite(PatternRewriter &rewriter, Operation *before,
                RankedTensorType type) const override {
    FloatAttr lower, upper;
    if (auto clamp = dyn_cast<qcc::ClampOp>(before)) {
      lower = clamp.getLowerAttr();
      upper = clamp.getUpperAttr();
    } else if (auto unary = dyn_cast<qcc::UnaryOp>(before);
               unary && unary.getKind() == qcc::UnaryKind::Relu) {
      lower = rewriter.getF32FloatAttr(0);
    } else {
      return {};
    }
    Operation *op = before->getOperand(0).getDefiningOp();
    if (!op || !op->hasOneUse() || op->hasAttr("lower") || op->hasAttr("upper"))
      return {};
    bool isArithmetic = isa<qcc::BinaryOp>(op) && hasIntegerForm(op);
    if (!isArithmetic && !isa<qcc::ConvOp, qcc::LinearOp>(op))
      return {};
    Operation *bounded = rewriter.clone(*op);
    if (lower)
      bounded->setAttr("lower", lower);
    if (upper)
      bounded->setAttr("upper", upper);
    return qcc::QuantizeOp::create(rewriter, before->getLoc(), type,
                                   bounded->getResult(0));
  }
};

/// dequantize_channels(integers)  ->  floats
struct WeightsToFloats : OpRewritePattern<qcc::DequantizeChannelsOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::DequantizeChannelsOp op,
                                PatternRewriter &rewriter) const override {
    Value floats = qcc::dequantizeModelWeights(rewriter, op);
    if (!floats)
      return rewriter.notifyMatchFailure(op, "its integers are computed");
    rewriter.replaceOp(op, floats);
    return success();
  }
};

struct FoldQuantization : qcc::impl::FoldQuantizationBase<FoldQuantization> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    RewritePatternSet weights(context), pairs(context), products(context),
        rest(context);
    // First, so that a bias is part of its layer when that is quantized.
    qcc::populateModelWeightPatterns(weights);
    pairs.add<MoveIntegers>(context);
    pairs.add<JoinIntegers, ChangeGrid, QuantizeFirst, FoldContraction,
              FoldResidual, FoldComputation, FoldBounds, DivideByNumber>(
        context);
    // What has no quantize after it by now has none.
    qcc::populateIntegerProductPatterns(products);
    // Last, since the patterns above read the integers.
    rest.add<WeightsToFloats>(context);
    for (RewritePatternSet *patterns : {&weights, &pairs, &products})
      if (failed(apply(*patterns)))
        return signalPassFailure();
    qcc::remarkFloatContractions(getOperation());
    if (failed(apply(rest)))
      signalPassFailure();
  }

private:
  LogicalResult apply(RewritePatternSet &patterns) {
    return applyPatternsGreedily(getOperation(), std::move(patterns));
  }
};

} // namespace
