// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds activation functions that exporters spell out. A product is first read
// as a number times a set of factors, so that one rule covers every order in
// which a model file may multiply them.

#include "passes/Simplify/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/Simplify/ConstantVectors.h"

#include <cmath>

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_RECOGNIZEACTIVATIONS
#include "passes/Simplify/Passes.h.inc"
} // namespace qcc

namespace {

/// number * factors[0] * factors[1] ..., none of them a product itself.
struct Product {
  double number = 1;
  SmallVector<Value> factors;
};

bool isPlain(qcc::BinaryOp op, qcc::BinaryKind kind) {
  return op && op.getKind() == kind && !op.getLower() && !op.getUpper();
}

/// Splits `value`; products used elsewhere too stay whole, since they have to
/// be computed anyway, unless `value` itself is one (`root`).
void collectFactors(Value value, Product &product, bool root = true) {
  auto op = value.getDefiningOp<qcc::BinaryOp>();
  bool splits = root || value.hasOneUse();
  if (std::optional<double> number = qcc::getScalar(value)) {
    product.number *= *number;
  } else if (splits && isPlain(op, qcc::BinaryKind::Mul)) {
    collectFactors(op.getLhs(), product, false);
    collectFactors(op.getRhs(), product, false);
  } else if (splits && isPlain(op, qcc::BinaryKind::Div) &&
             qcc::getScalar(op.getRhs())) {
    product.number /= *qcc::getScalar(op.getRhs());
    collectFactors(op.getLhs(), product, false);
  } else {
    product.factors.push_back(value);
  }
}

Product readProduct(Value value) {
  Product product;
  collectFactors(value, product);
  return product;
}

/// The `x` of `x + number`, or null.
Value matchSum(Value value, double number) {
  auto op = value.getDefiningOp<qcc::BinaryOp>();
  if (!isPlain(op, qcc::BinaryKind::Add))
    return {};
  for (auto [x, other] : {std::pair(op.getLhs(), op.getRhs()),
                          std::pair(op.getRhs(), op.getLhs())})
    if (std::optional<double> scalar = qcc::getScalar(other))
      if (qcc::isAbout(*scalar, number))
        return x;
  return {};
}

qcc::UnaryOp matchUnary(Value value, qcc::UnaryKind kind) {
  auto op = value.getDefiningOp<qcc::UnaryOp>();
  return op && op.getKind() == kind ? op : qcc::UnaryOp();
}

/// The `x` of `min(max(x + 3, 0), 6)`, or null.
Value matchRelu6OfSum(Value value) {
  auto clamp = value.getDefiningOp<qcc::ClampOp>();
  if (!clamp || !clamp.getLower() || !clamp.getUpper() ||
      clamp.getLower()->convertToFloat() != 0 ||
      clamp.getUpper()->convertToFloat() != 6)
    return {};
  return matchSum(clamp.getInput(), 3);
}

/// True if `value` is `number * x`.
bool isMultiple(Value value, double number, Value x) {
  Product product = readProduct(value);
  return product.factors == SmallVector<Value>{x} &&
         qcc::isAbout(product.number, number);
}

bool isPower(Value value, Value x, double number, unsigned exponent) {
  Product product = readProduct(value);
  if (!qcc::isAbout(product.number, number))
    return false;
  if (product.factors.size() == 1)
    if (auto pow = product.factors[0].getDefiningOp<qcc::BinaryOp>())
      return isPlain(pow, qcc::BinaryKind::Pow) && pow.getLhs() == x &&
             qcc::getScalar(pow.getRhs()) == double(exponent);
  return product.factors.size() == exponent &&
         llvm::all_of(product.factors, [&](Value v) { return v == x; });
}

/// sqrt(2 / pi) * (x + 0.044715 * x^3), in its two usual forms.
bool isGeluArgument(Value value, Value x) {
  Product product = readProduct(value);
  if (!qcc::isAbout(product.number, std::sqrt(2 / M_PI)))
    return false;
  if (product.factors.size() == 1) {
    auto sum = product.factors[0].getDefiningOp<qcc::BinaryOp>();
    if (!isPlain(sum, qcc::BinaryKind::Add))
      return false;
    return (sum.getLhs() == x && isPower(sum.getRhs(), x, 0.044715, 3)) ||
           (sum.getRhs() == x && isPower(sum.getLhs(), x, 0.044715, 3));
  }
  if (product.factors.size() != 2 || !llvm::is_contained(product.factors, x))
    return false;
  Value other = product.factors[product.factors[0] == x ? 1 : 0];
  Value square = matchSum(other, 1);
  return square && isPower(square, x, 0.044715, 2);
}

/// The activation that `x * factor` is, `number` being multiplied in.
std::optional<qcc::UnaryKind> nameOfProduct(Value x, Value factor,
                                            double number) {
  if (auto sigmoid = matchUnary(factor, qcc::UnaryKind::Sigmoid))
    if (sigmoid.getInput() == x && number == 1)
      return qcc::UnaryKind::Silu;
  if (auto tanh = matchUnary(factor, qcc::UnaryKind::Tanh))
    if (auto softplus = matchUnary(tanh.getInput(), qcc::UnaryKind::Softplus))
      if (softplus.getInput() == x && number == 1)
        return qcc::UnaryKind::Mish;
  if (auto hard = matchUnary(factor, qcc::UnaryKind::HardSigmoid))
    if (hard.getInput() == x && number == 1 &&
        qcc::isAbout(hard.getAlpha().convertToFloat(), 1.0 / 6) &&
        hard.getBeta().convertToFloat() == 0.5f)
      return qcc::UnaryKind::HardSwish;
  if (matchRelu6OfSum(factor) == x && qcc::isAbout(number, 1.0 / 6))
    return qcc::UnaryKind::HardSwish;
  if (Value inner = matchSum(factor, 1); inner && qcc::isAbout(number, 0.5)) {
    if (auto erf = matchUnary(inner, qcc::UnaryKind::Erf))
      if (isMultiple(erf.getInput(), std::sqrt(0.5), x))
        return qcc::UnaryKind::Gelu;
    if (auto tanh = matchUnary(inner, qcc::UnaryKind::Tanh))
      if (isGeluArgument(tanh.getInput(), x))
        return qcc::UnaryKind::GeluTanh;
  }
  return std::nullopt;
}

void replaceByUnary(PatternRewriter &rewriter, Operation *op, Value x,
                    qcc::UnaryKind kind, float alpha = 0, float beta = 0) {
  rewriter.replaceOpWithNewOp<qcc::UnaryOp>(
      op, op->getResult(0).getType(), kind, x, APFloat(alpha), APFloat(beta));
}

/// number * x * f(x)  ->  unary kind x
struct NameProduct : OpRewritePattern<qcc::BinaryOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(qcc::BinaryOp op,
                                PatternRewriter &rewriter) const override {
    if (!isPlain(op, qcc::BinaryKind::Mul) &&
        !isPlain(op, qcc::BinaryKind::Div))
      return rewriter.notifyMatchFailure(op, "not a product");
    Product product = readProduct(op.getResult());
    if (product.factors.size() == 1)
      return nameSingle(op, product, rewriter);
    if (product.factors.size() != 2)
      return rewriter.notifyMatchFailure(op, "expected two factors");
    for (unsigned i : {0, 1}) {
      Value x = product.factors[i];
      auto kind = nameOfProduct(x, product.factors[1 - i], product.number);
      if (!kind || x.getType() != op.getType())
        continue;
      replaceByUnary(rewriter, op, x, *kind);
      return success();
    }
    return rewriter.notifyMatchFailure(op, "no activation known");
  }

  /// min(max(x + 3, 0), 6) / 6  ->  hard_sigmoid
  static LogicalResult nameSingle(qcc::BinaryOp op, const Product &product,
                                  PatternRewriter &rewriter) {
    Value x = matchRelu6OfSum(product.factors[0]);
    if (!x || !qcc::isAbout(product.number, 1.0 / 6) ||
        x.getType() != op.getType())
      return rewriter.notifyMatchFailure(op, "no activation known");
    replaceByUnary(rewriter, op, x, qcc::UnaryKind::HardSigmoid, 1.0f / 6,
                   0.5f);
    return success();
  }
};

struct RecognizeActivations
    : qcc::impl::RecognizeActivationsBase<RecognizeActivations> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<NameProduct>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
