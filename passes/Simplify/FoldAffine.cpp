// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folds scales and shifts per channel into the weights and biases beside them.
// Batch norm is imported as such a pair, and would cost two passes over the
// activation at run time and two roundings in integers.

#include "passes/Simplify/Passes.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/Simplify/ConstantVectors.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_FOLDAFFINE
#include "passes/Simplify/Passes.h.inc"
} // namespace qcc

namespace {

/// value * scale + shift, channel by channel.
struct Affine {
  Value value;
  std::vector<double> scale;
  std::vector<double> shift;
};

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// Reads `op` as one constant per channel applied to a tensor of its result's
/// shape.
std::optional<Affine> readAffine(qcc::BinaryOp op) {
  ArrayRef<int64_t> shape = shapeOf(op.getResult());
  if (op.getLower() || op.getUpper() || shape.size() < 2)
    return std::nullopt;
  bool constantFirst = qcc::getFloats(op.getLhs()).has_value();
  Value value = constantFirst ? op.getRhs() : op.getLhs();
  Value constant = constantFirst ? op.getLhs() : op.getRhs();
  if (value.getType() != op.getType())
    return std::nullopt;
  auto elements = qcc::getPerChannel(constant, shape.size(), shape[1]);
  if (!elements)
    return std::nullopt;
  std::vector<double> zeros(shape[1], 0.0), ones(shape[1], 1.0);
  switch (op.getKind()) {
  case qcc::BinaryKind::Add:
    return Affine{value, ones, *elements};
  case qcc::BinaryKind::Mul:
    return Affine{value, *elements, zeros};
  case qcc::BinaryKind::Sub:
    if (constantFirst)
      return Affine{value, std::vector<double>(shape[1], -1.0), *elements};
    for (double &element : *elements)
      element = -element;
    return Affine{value, ones, *elements};
  case qcc::BinaryKind::Div:
    if (constantFirst || llvm::is_contained(*elements, 0.0))
      return std::nullopt;
    for (double &element : *elements)
      element = 1 / element;
    return Affine{value, *elements, zeros};
  default:
    return std::nullopt;
  }
}

Value makeVector(PatternRewriter &rewriter, Location loc,
                 const std::vector<double> &elements) {
  std::vector<float> rounded(elements.begin(), elements.end());
  auto type =
      RankedTensorType::get({int64_t(elements.size())}, rewriter.getF32Type());
  return qcc::makeConstant(rewriter, loc, type, rounded);
}

/// The bias as f64, zeros where there is none; nothing if it is no constant.
template <typename OpType>
std::optional<std::vector<double>> readBias(OpType op, int64_t channels) {
  if (!op.getBias())
    return std::vector<double>(channels, 0.0);
  return qcc::getPerChannel(op.getBias(), 2, channels);
}

/// A copy of `op` that computes from `input` with new weights and bias.
template <typename OpType>
OpType cloneWith(PatternRewriter &rewriter, OpType op, Value input,
                 const std::vector<float> &weight,
                 const std::vector<double> &bias) {
  auto weightType = cast<RankedTensorType>(op.getWeight().getType());
  Value newWeight =
      qcc::makeConstant(rewriter, op.getLoc(), weightType, weight);
  Value newBias = makeVector(rewriter, op.getLoc(), bias);
  auto copy = cast<OpType>(rewriter.clone(*op));
  rewriter.modifyOpInPlace(copy, [&] {
    copy.getInputMutable().assign(input);
    copy.getWeightMutable().assign(newWeight);
    copy.getBiasMutable().assign(newBias);
  });
  return copy;
}

/// affine(contract(x, w) + b)  ->  contract(x, scale * w) + scale * b + shift
template <typename OpType>
struct FoldIntoProducer : OpRewritePattern<qcc::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::BinaryOp affineOp,
                                PatternRewriter &rewriter) const override {
    std::optional<Affine> affine = readAffine(affineOp);
    if (!affine)
      return rewriter.notifyMatchFailure(affineOp, "no channel constant");
    auto op = affine->value.getDefiningOp<OpType>();
    if (!op || !op->hasOneUse())
      return rewriter.notifyMatchFailure(affineOp, "no producer of its own");
    if (op.isQuantized() || op.getResidual() || op.getLower() || op.getUpper())
      return rewriter.notifyMatchFailure(op, "something follows the sum");
    auto weight = qcc::getFloats(op.getWeight());
    int64_t channels = affine->scale.size();
    auto bias = readBias(op, channels);
    if (!weight || !bias)
      return rewriter.notifyMatchFailure(op, "weights are no constants");
    size_t perChannel = weight->size() / channels;
    for (int64_t c = 0; c < channels; ++c) {
      for (size_t i = c * perChannel; i < (c + 1) * perChannel; ++i)
        (*weight)[i] = float((*weight)[i] * affine->scale[c]);
      (*bias)[c] = (*bias)[c] * affine->scale[c] + affine->shift[c];
    }
    auto folded = cloneWith(rewriter, op, op.getInput(), *weight, *bias);
    rewriter.replaceOp(affineOp, folded.getResult());
    rewriter.eraseOp(op);
    return success();
  }
};

bool padsNothing(qcc::ConvOp op) {
  return llvm::all_of(op.getPads(), [](int64_t pad) { return pad == 0; });
}
bool padsNothing(qcc::LinearOp) { return true; }
int64_t groupsOf(qcc::ConvOp op) { return op.getGroup(); }
int64_t groupsOf(qcc::LinearOp) { return 1; }

/// contract(x * scale + shift, w)  ->  contract(x, w * scale) + w * shift
template <typename OpType> struct FoldIntoUser : OpRewritePattern<OpType> {
  using OpRewritePattern<OpType>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpType op,
                                PatternRewriter &rewriter) const override {
    auto affineOp = op.getInput().template getDefiningOp<qcc::BinaryOp>();
    if (!affineOp || !affineOp->hasOneUse() || op.isQuantized())
      return rewriter.notifyMatchFailure(op, "no arithmetic of its own");
    std::optional<Affine> affine = readAffine(affineOp);
    if (!affine)
      return rewriter.notifyMatchFailure(affineOp, "no channel constant");
    bool shifts = llvm::any_of(affine->shift, [](double s) { return s != 0; });
    if (shifts && !padsNothing(op))
      return rewriter.notifyMatchFailure(op, "padding would be shifted");
    ArrayRef<int64_t> shape = shapeOf(op.getWeight());
    auto weight = qcc::getFloats(op.getWeight());
    auto bias = readBias(op, shape[0]);
    if (!weight || !bias)
      return rewriter.notifyMatchFailure(op, "weights are no constants");
    int64_t depth = shape[1];
    int64_t taps = weight->size() / (shape[0] * depth);
    int64_t channelsPerGroup = shape[0] / groupsOf(op);
    for (int64_t i = 0, e = weight->size(); i < e; ++i) {
      int64_t o = i / (taps * depth);
      int64_t c = o / channelsPerGroup * depth + i / taps % depth;
      (*bias)[o] += (*weight)[i] * affine->shift[c];
      (*weight)[i] = float((*weight)[i] * affine->scale[c]);
    }
    auto folded = cloneWith(rewriter, op, affine->value, *weight, *bias);
    rewriter.replaceOp(op, folded.getResult());
    rewriter.eraseOp(affineOp);
    return success();
  }
};

struct FoldAffine : qcc::impl::FoldAffineBase<FoldAffine> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldIntoProducer<qcc::ConvOp>, FoldIntoProducer<qcc::LinearOp>,
                 FoldIntoUser<qcc::ConvOp>, FoldIntoUser<qcc::LinearOp>>(
        &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
