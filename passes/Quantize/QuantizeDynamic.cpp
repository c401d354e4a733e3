// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer contractions without calibration: the scale of the input is found
// when the model runs. Zero points are chosen here, so that weights, padding
// and kernels are those of static quantization.

#include "passes/Quantize/Passes.h"

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Constants.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Quantize/IntegerOps.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_QUANTIZEDYNAMIC
#include "passes/Quantize/Passes.h.inc"
} // namespace qcc

namespace {

// Smaller values become zero. 255 divided by less would overflow f32.
constexpr float kSmallestMagnitude = 1e-36f;

bool hasLowerBound(Operation *op) {
  auto lower = op->getAttrOfType<FloatAttr>("lower");
  return lower && !lower.getValue().isNegative();
}

/// Which values cannot be less than zero, whatever the input.
class SignAnalysis {
public:
  bool isNeverNegative(Value value) {
    auto [entry, isNew] = known.try_emplace(value, false);
    if (!isNew)
      return entry->second;
    Operation *op = value.getDefiningOp();
    bool result = op && (hasLowerBound(op) || isNeverNegative(op));
    return known[value] = result;
  }

private:
  bool isNeverNegative(Operation *op) {
    bool isMean = isa<qcc::AveragePoolOp>(op);
    if (auto reduce = dyn_cast<qcc::ReduceOp>(op))
      isMean = reduce.getKind() == qcc::ReduceKind::Mean;
    if (isMean || qcc::movesElements(op))
      return llvm::all_of(op->getOperands(), [&](Value operand) {
        return isNeverNegative(operand);
      });
    if (auto softmax = dyn_cast<qcc::SoftmaxOp>(op))
      return !softmax.getLog();
    auto unary = dyn_cast<qcc::UnaryOp>(op);
    if (!unary)
      return false;
    switch (unary.getKind()) {
    case qcc::UnaryKind::Abs:
    case qcc::UnaryKind::Exp:
    case qcc::UnaryKind::HardSigmoid:
    case qcc::UnaryKind::Relu:
    case qcc::UnaryKind::Sigmoid:
      return true;
    default:
      return false;
    }
  }

  llvm::DenseMap<Value, bool> known;
};

/// A tensor on the grid of scale 1, and the scale that it really has: one for
/// each row of a matrix and each image of a batch.
struct ScaledIntegers {
  Value integers;
  Value scale;
};

/// Rewrites one function.
class DynamicQuantizer {
public:
  explicit DynamicQuantizer(MLIRContext *context) : builder(context) {}

  void rewrite(Operation *op) {
    ScaledIntegers input = quantize(op->getOperand(0));
    builder.setInsertionPoint(op);
    loc = op->getLoc();
    Value sum = buildSum(op, input.integers);
    auto lower = op->getAttrOfType<FloatAttr>("lower");
    auto upper = op->getAttrOfType<FloatAttr>("upper");
    Value residual, bias;
    if (auto conv = dyn_cast<qcc::ConvOp>(op)) {
      residual = conv.getResidual();
      bias = conv.getBias();
    } else {
      residual = cast<qcc::LinearOp>(op).getResidual();
      bias = cast<qcc::LinearOp>(op).getBias();
    }
    // The bounds belong to whatever comes last.
    Value result = combine(qcc::BinaryKind::Mul, sum, input.scale);
    if (bias)
      result = combine(qcc::BinaryKind::Add, result, spreadBias(bias, sum));
    if (residual)
      result = combine(qcc::BinaryKind::Add, result, residual);
    auto last = result.getDefiningOp<qcc::BinaryOp>();
    last.setLowerAttr(lower);
    last.setUpperAttr(upper);
    op->getResult(0).replaceAllUsesWith(result);
    op->erase();
  }

private:
  Value combine(qcc::BinaryKind kind, Value left, Value right) {
    return qcc::BinaryOp::create(builder, loc, left.getType(), kind, left,
                                 right, /*c_style=*/false, FloatAttr(),
                                 FloatAttr());
  }

  /// `number` as a tensor of the type of `like`.
  Value makeNumber(float number, Value like) {
    auto type = cast<RankedTensorType>(like.getType());
    return qcc::makeConstant(
        builder, loc, type,
        std::vector<float>(type.getNumElements(), number));
  }

  Value reduce(qcc::ReduceKind kind, Value value, ArrayRef<int64_t> axes) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    for (int64_t axis : axes)
      shape[axis] = 1;
    return qcc::ReduceOp::create(builder, loc, type.clone(shape), kind, value,
                                 axes);
  }

  /// The extreme element of each row or image. Pixels first: channels lie next
  /// to each other in memory, so that step takes whole vectors.
  Value findExtreme(qcc::ReduceKind kind, Value value) {
    if (cast<RankedTensorType>(value.getType()).getRank() == 4)
      value = reduce(kind, value, {2, 3});
    return reduce(kind, value, {1});
  }

  /// max|x|, at least kSmallestMagnitude.
  Value findMagnitude(Value value, bool isSigned) {
    Value magnitude = findExtreme(qcc::ReduceKind::Max, value);
    if (isSigned) {
      Value lowest = findExtreme(qcc::ReduceKind::Min, value);
      Value negated = qcc::UnaryOp::create(
          builder, loc, lowest.getType(), qcc::UnaryKind::Neg, lowest,
          APFloat(0.0f), APFloat(0.0f));
      magnitude = combine(qcc::BinaryKind::Max, magnitude, negated);
    }
    return combine(qcc::BinaryKind::Max, magnitude,
                   makeNumber(kSmallestMagnitude, magnitude));
  }

  /// x  ->  quantize(x * (127 / max|x|)), max|x| / 127
  ScaledIntegers quantize(Value value) {
    auto [entry, isNew] = known.try_emplace(value);
    if (!isNew)
      return entry->second;
    builder.setInsertionPointAfterValue(value);
    loc = value.getLoc();
    // Anew each time: rewriting gives old pointers to new values.
    bool isSigned = !SignAnalysis().isNeverNegative(value);
    Value magnitude = findMagnitude(value, isSigned);
    Value steps = makeNumber(isSigned ? 127 : 255, magnitude);
    Value inverse = combine(qcc::BinaryKind::Div, steps, magnitude);
    Value scaled = combine(qcc::BinaryKind::Mul, value, inverse);
    auto grid = qcc::QuantType::get(builder.getContext(), 8,
                                    /*isSigned=*/false, 1.0f,
                                    isSigned ? 128 : 0);
    auto type = cast<RankedTensorType>(value.getType());
    ScaledIntegers result;
    result.integers =
        qcc::QuantizeOp::create(builder, loc, type.clone(grid), scaled);
    result.scale = combine(qcc::BinaryKind::Div, magnitude, steps);
    return known[value] = result;
  }

  /// The contraction of integers without bias, residual and bounds.
  Value buildSum(Operation *op, Value input) {
    Value sum = qcc::buildContraction(
        builder, op, input, Value(),
        cast<RankedTensorType>(op->getResult(0).getType()));
    Operation *contraction = sum.getDefiningOp();
    contraction->removeAttr("lower");
    contraction->removeAttr("upper");
    if (auto conv = dyn_cast<qcc::ConvOp>(contraction))
      conv.getBiasMutable().clear();
    else
      cast<qcc::LinearOp>(contraction).getBiasMutable().clear();
    return sum;
  }

  /// A bias per channel as an operand of an op on tensors like `sum`.
  Value spreadBias(Value bias, Value sum) {
    SmallVector<int64_t> shape(
        cast<RankedTensorType>(sum.getType()).getRank(), 1);
    auto type = cast<RankedTensorType>(bias.getType());
    shape[1] = type.getDimSize(0);
    std::optional<qcc::ConstantBytes> constant = qcc::getConstantBytes(bias);
    return qcc::makeConstant(builder, loc, type.clone(shape), constant->bytes);
  }

  OpBuilder builder;
  Location loc = builder.getUnknownLoc();
  llvm::DenseMap<Value, ScaledIntegers> known;
};

struct QuantizeDynamic : qcc::impl::QuantizeDynamicBase<QuantizeDynamic> {
  void runOnOperation() override {
    getOperation()->walk([&](func::FuncOp function) {
      SmallVector<Operation *> marked;
      function.walk([&](Operation *op) {
        auto precision = op->getAttrOfType<StringAttr>("qcc.precision");
        if (precision && precision == "int8_dynamic")
          marked.push_back(op);
      });
      DynamicQuantizer quantizer(&getContext());
      for (Operation *op : marked)
        quantizer.rewrite(op);
    });
  }
};

} // namespace
