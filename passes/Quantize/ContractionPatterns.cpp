// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contractions whose result is not quantized where it is computed: some models
// add a bias or a scale per channel first, others want the sum itself.

#include "passes/Quantize/ContractionPatterns.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "passes/Quantize/ModelWeights.h"

#include <cmath>

using namespace mlir;

namespace {

RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

//===-- Constants per channel ---------------------------------------------===//

/// The elements of `constant` where it has one for each index of dimension
/// `axis` of `shape`, to which it broadcasts, or one for all.
std::optional<std::vector<float>>
readChannels(Value constant, ArrayRef<int64_t> shape, int64_t axis) {
  auto bytes = qcc::getConstantBytes(constant);
  if (!bytes || !bytes->type.getElementType().isF32() ||
      bytes->type.getRank() > int64_t(shape.size()))
    return std::nullopt;
  std::vector<float> elements = bytes->as<float>().vec();
  int64_t missing = int64_t(shape.size()) - bytes->type.getRank();
  for (auto [i, size] : llvm::enumerate(bytes->type.getShape()))
    if (size != 1 && int64_t(i) + missing != axis)
      return std::nullopt;
  if (elements.size() == 1)
    elements.assign(shape[axis], elements[0]);
  if (int64_t(elements.size()) != shape[axis])
    return std::nullopt;
  return elements;
}

/// value op constant  ->  value * scale + shift
struct Channels {
  std::vector<double> scales, shifts;

  static std::optional<Channels> read(qcc::BinaryKind kind,
                                      ArrayRef<float> constant) {
    Channels result;
    result.scales.assign(constant.size(), 1);
    result.shifts.assign(constant.size(), 0);
    for (auto [i, number] : llvm::enumerate(constant)) {
      if (kind == qcc::BinaryKind::Add)
        result.shifts[i] = number;
      else if (kind == qcc::BinaryKind::Sub)
        result.shifts[i] = -number;
      else if (kind == qcc::BinaryKind::Mul)
        result.scales[i] = number;
      else if (kind == qcc::BinaryKind::Div && number != 0)
        result.scales[i] = 1.0 / number;
      else
        return std::nullopt;
    }
    return result;
  }
};

/// contract(x, w) * c + b  ->  contract(x, w with scales * c) + b, a reshape
/// that keeps the channels in between or not
struct FoldIntoModelWeights : OpRewritePattern<qcc::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::BinaryOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getLower() || op.getUpper())
      return rewriter.notifyMatchFailure(op, "has bounds");
    bool isCommutative = op.getKind() == qcc::BinaryKind::Add ||
                         op.getKind() == qcc::BinaryKind::Mul;
    bool isConstantFirst =
        isCommutative && qcc::getConstantBytes(op.getLhs()).has_value();
    Value value = isConstantFirst ? op.getRhs() : op.getLhs();
    Value constant = isConstantFirst ? op.getLhs() : op.getRhs();
    if (value.getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "broadcasts the sum");
    auto moved = value.getDefiningOp<qcc::ReshapeOp>();
    Value sum = moved && moved->hasOneUse() ? moved.getInput() : value;
    Operation *contraction = sum.getDefiningOp();
    if (!isa_and_nonnull<qcc::ConvOp, qcc::LinearOp>(contraction) ||
        !contraction->hasOneUse())
      return rewriter.notifyMatchFailure(op, "no contraction of its own");
    bool isConv = isa<qcc::ConvOp>(contraction);
    ArrayRef<int64_t> shape = op.getType().getShape();
    if (isConv ? sum != value
               : shape.empty() || shape.back() != typeOf(sum).getDimSize(1))
      return rewriter.notifyMatchFailure(op, "channels are moved");
    auto row = readChannels(constant, shape, isConv ? 1 : shape.size() - 1);
    auto channels = row ? Channels::read(op.getKind(), *row) : std::nullopt;
    if (!channels)
      return rewriter.notifyMatchFailure(op, "no constant per channel");
    Value folded = qcc::scaleModelContraction(
        rewriter, contraction, channels->scales, channels->shifts);
    if (!folded)
      return rewriter.notifyMatchFailure(contraction, "no integer weights");
    if (sum != value)
      folded = qcc::ReshapeOp::create(rewriter, moved.getLoc(), op.getType(),
                                      folded);
    rewriter.replaceOp(op, folded);
    return success();
  }
};

/// depthwise(x * c, w)  ->  depthwise(x, w with scales * c)
struct FoldFactorIntoDepthwise : OpRewritePattern<qcc::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::ConvOp op,
                                PatternRewriter &rewriter) const override {
    auto factor = op.getInput().getDefiningOp<qcc::BinaryOp>();
    if (!factor || factor.getKind() != qcc::BinaryKind::Mul ||
        factor.getLower() || factor.getUpper() ||
        factor.getLhs().getType() != factor.getType())
      return rewriter.notifyMatchFailure(op, "no scaled input");
    ArrayRef<int64_t> shape = factor.getType().getShape();
    if (op.getGroup() != uint64_t(shape[1]))
      return rewriter.notifyMatchFailure(op, "mixes channels");
    auto row = readChannels(factor.getRhs(), shape, 1);
    if (!row)
      return rewriter.notifyMatchFailure(factor, "no constant per channel");
    int64_t outputs = op.getType().getDimSize(1);
    std::vector<double> scales(outputs);
    for (auto [o, scale] : llvm::enumerate(scales))
      scale = (*row)[o * shape[1] / outputs];
    Value folded = qcc::scaleModelWeights(rewriter, op, scales);
    if (!folded)
      return rewriter.notifyMatchFailure(op, "no integer weights");
    rewriter.modifyOpInPlace(op, [&] {
      op.getInputMutable().assign(factor.getLhs());
      op.getWeightMutable().assign(folded);
    });
    return success();
  }
};

/// quantize(bounds(x) / c)  ->  quantize(x / c), where the grid is within the
/// bounds in every channel
struct DropWiderBounds : OpRewritePattern<qcc::QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::QuantizeOp op,
                                PatternRewriter &rewriter) const override {
    auto div = op.getInput().getDefiningOp<qcc::BinaryOp>();
    if (!div || div.getKind() != qcc::BinaryKind::Div || div.getLower() ||
        div.getUpper() || div.getLhs().getType() != div.getType())
      return rewriter.notifyMatchFailure(op, "no scales per channel");
    Operation *bounds = div.getLhs().getDefiningOp();
    double lower = -INFINITY, upper = INFINITY;
    if (auto clamp = dyn_cast_or_null<qcc::ClampOp>(bounds)) {
      if (clamp.getLower())
        lower = clamp.getLower()->convertToDouble();
      if (clamp.getUpper())
        upper = clamp.getUpper()->convertToDouble();
    } else if (auto unary = dyn_cast_or_null<qcc::UnaryOp>(bounds);
               unary && unary.getKind() == qcc::UnaryKind::Relu) {
      lower = 0;
    } else {
      return rewriter.notifyMatchFailure(op, "no bounds");
    }
    ArrayRef<int64_t> shape = div.getType().getShape();
    auto row =
        shape.size() == 4 ? readChannels(div.getRhs(), shape, 1) : std::nullopt;
    if (!row)
      return rewriter.notifyMatchFailure(div, "no constant per channel");
    // What a bound cuts off would be cut off by the grid's end, after rounding.
    qcc::QuantType grid = qcc::getQuantType(op.getType());
    double scale = grid.getScaleValue();
    double low = (grid.getLowest() - grid.getZeroPoint() + 0.49) * scale;
    double high = (grid.getHighest() - grid.getZeroPoint() - 0.49) * scale;
    for (float number : *row)
      if (!(number > 0) || !(lower <= low * number) ||
          !(upper >= high * number))
        return rewriter.notifyMatchFailure(op, "the bounds cut more off");
    Value quotient = qcc::BinaryOp::create(
        rewriter, div.getLoc(), div.getType(), qcc::BinaryKind::Div,
        bounds->getOperand(0), div.getRhs(), /*c_style=*/false, FloatAttr(),
        FloatAttr());
    rewriter.replaceOpWithNewOp<qcc::QuantizeOp>(op, op.getType(), quotient);
    return success();
  }
};

//===-- Sums of integers --------------------------------------------------===//

/// contract(dequantize(q), w)  ->  contract(q, w) : integers to f32
template <typename OpType>
struct KeepIntegerProducts : OpRewritePattern<OpType> {
  using OpRewritePattern<OpType>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpType op,
                                PatternRewriter &rewriter) const override {
    Value input = qcc::getIntegers(op.getInput());
    if (!input)
      return rewriter.notifyMatchFailure(op, "its input is no integers");
    Value result =
        qcc::buildModelContraction(rewriter, op, input, op.getType());
    if (!result)
      return rewriter.notifyMatchFailure(op, "its weights are no bytes");
    rewriter.replaceOp(op, result);
    return success();
  }
};

bool areWhole(ArrayRef<float> numbers) {
  return llvm::all_of(numbers,
                      [](float number) { return number == std::rint(number); });
}

/// True if all elements of `value`, of f32, are whole numbers.
bool isWhole(Value value) {
  if (auto constant = qcc::getConstantBytes(value))
    return constant->type.getElementType().isF32() &&
           areWhole(constant->as<float>());
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (auto cast = dyn_cast<qcc::CastOp>(op))
    return isa<IntegerType>(typeOf(cast.getInput()).getElementType());
  if (auto dequantize = dyn_cast<qcc::DequantizeOp>(op))
    return qcc::getQuantType(dequantize.getInput().getType()).getScaleValue() ==
           1;
  if (auto weights = dyn_cast<qcc::DequantizeChannelsOp>(op)) {
    auto scales = qcc::getConstantBytes(weights.getScales());
    return scales && areWhole(scales->as<float>());
  }
  if (auto gather = dyn_cast<qcc::GatherOp>(op))
    return isWhole(gather.getInput());
  if (auto unary = dyn_cast<qcc::UnaryOp>(op))
    return unary.getKind() == qcc::UnaryKind::Round;
  auto binary = dyn_cast<qcc::BinaryOp>(op);
  bool keepsWhole =
      binary ? binary.getKind() == qcc::BinaryKind::Add ||
                   binary.getKind() == qcc::BinaryKind::Sub ||
                   binary.getKind() == qcc::BinaryKind::Mul
             : isa<qcc::ConvOp, qcc::LinearOp, qcc::MatmulOp, qcc::ReshapeOp,
                   qcc::TransposeOp, qcc::ExpandOp>(op);
  return keepsWhole && llvm::all_of(op->getOperands(), isWhole);
}

/// cast(cast(x) : to i32) : to f32  ->  x, where x is whole: a sum of products
/// of integers, which fit in 32 bits
struct DropIntegerCast : OpRewritePattern<qcc::CastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::CastOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<qcc::CastOp>();
    if (!inner || inner.getInput().getType() != op.getType() ||
        !typeOf(op.getResult()).getElementType().isF32() ||
        !typeOf(inner.getResult()).getElementType().isInteger(32))
      return rewriter.notifyMatchFailure(op, "is not there and back");
    if (!isWhole(inner.getInput()))
      return rewriter.notifyMatchFailure(op, "truncates");
    rewriter.replaceOp(op, inner.getInput());
    return success();
  }
};

/// Why `op` on dequantized integers is computed in f32, or null if it is not.
const char *whyFloat(Operation *op) {
  auto isDequantized = [](Value value) {
    return value.getDefiningOp<qcc::DequantizeOp>() != nullptr;
  };
  if (isa<qcc::MatmulOp>(op))
    return llvm::all_of(op->getOperands(), isDequantized)
               ? "products of two activations have no integer form"
               : nullptr;
  if (!isa<qcc::ConvOp, qcc::LinearOp>(op))
    return nullptr;
  Value input = op->getOperand(0);
  if (isDequantized(input))
    return qcc::getIntegers(input)
               ? "its weights are not bytes of one scale per output channel"
               : "its input is on a grid of more than 8 bits";
  bool isQuantized = qcc::getQuantType(input.getType()) != nullptr;
  return !isQuantized && qcc::hasModelWeights(op)
             ? "its weights are quantized, but its input is not"
             : nullptr;
}

} // namespace

namespace qcc {

void populateModelWeightPatterns(RewritePatternSet &patterns) {
  patterns.add<FoldIntoModelWeights, FoldFactorIntoDepthwise, DropWiderBounds,
               DropIntegerCast>(patterns.getContext());
}

void populateIntegerProductPatterns(RewritePatternSet &patterns) {
  patterns.add<KeepIntegerProducts<ConvOp>, KeepIntegerProducts<LinearOp>>(
      patterns.getContext());
}

void remarkFloatContractions(Operation *root) {
  root->walk([](Operation *op) {
    if (const char *reason = whyFloat(op))
      op->emitRemark("stays in f32: ") << reason;
  });
}

} // namespace qcc
