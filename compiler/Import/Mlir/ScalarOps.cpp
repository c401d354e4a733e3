// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table of the ops that have an equal, and one function for each group of
// those that are composed. Comparisons are ordered or unordered alike: qcc
// gives no promise for NaN there.

#include "compiler/Import/Mlir/ScalarOps.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace mlir;

namespace qcc::mlir_import {

std::optional<double> getNumber(Value value) {
  DenseElementsAttr elements;
  if (!value || !elementOf(value).isF32() ||
      !matchPattern(value, m_Constant(&elements)) || !elements.isSplat())
    return std::nullopt;
  return elements.getSplatValue<APFloat>().convertToDouble();
}

/// One number as a tensor of no dimensions, and a broadcast as what it is of:
/// operands broadcast anyway.
static Value simplify(GraphBuilder &build, Value value) {
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)) && elements.isSplat() &&
      rankOf(value) > 0)
    return build.constant(
        DenseElementsAttr::get(RankedTensorType::get({}, elementOf(value)),
                               elements.getSplatValue<Attribute>()));
  if (auto expand = value.getDefiningOp<ExpandOp>())
    return expand.getInput();
  return value;
}

/// The `x` of `x * number`, where `value` is that.
static Value getFactor(Value value, double &number) {
  auto op = value.getDefiningOp<BinaryOp>();
  if (!op || op.getKind() != BinaryKind::Mul)
    return {};
  std::optional<double> factor = getNumber(op.getRhs());
  if (!factor || op.getLhs().getType() != value.getType())
    return {};
  number = *factor;
  return op.getLhs();
}

/// 1 / (1 + exp(-x))  ->  sigmoid(x)
static Value matchSigmoid(GraphBuilder &build, Value divisor) {
  auto isUnary = [](Value value, UnaryKind kind) {
    auto op = value.getDefiningOp<UnaryOp>();
    return op && op.getKind() == kind ? op.getInput() : Value();
  };
  auto sum = divisor.getDefiningOp<BinaryOp>();
  if (!sum || sum.getKind() != BinaryKind::Add)
    return {};
  bool isFirst = getNumber(sum.getLhs()) == 1.0;
  if (!isFirst && getNumber(sum.getRhs()) != 1.0)
    return {};
  Value exp = isUnary(isFirst ? sum.getRhs() : sum.getLhs(), UnaryKind::Exp);
  Value x = exp ? isUnary(exp, UnaryKind::Neg) : Value();
  return x ? build.unary(UnaryKind::Sigmoid, x) : Value();
}

/// What is left of `lhs / number` or `lhs * number`; null if nothing can go.
static Value cancelFactor(Value lhs, double number, BinaryKind kind) {
  double factor;
  Value x = getFactor(lhs, factor);
  if (x && kind == BinaryKind::Div && factor == number)
    return x;
  // The reciprocal has been rounded once.
  if (x && kind == BinaryKind::Mul && float(1 / factor) == float(number))
    return x;
  return {};
}

Value applyBinary(GraphBuilder &build, BinaryKind kind, Value lhs, Value rhs) {
  if (!lhs || !rhs)
    return {};
  lhs = simplify(build, lhs);
  rhs = simplify(build, rhs);
  bool commutes = kind == BinaryKind::Add || kind == BinaryKind::Mul ||
                  kind == BinaryKind::Max || kind == BinaryKind::Min;
  if (commutes && constantOf(lhs) && !constantOf(rhs))
    std::swap(lhs, rhs);
  std::optional<double> number = getNumber(rhs);
  if (number && rankOf(rhs) == 0 && !constantOf(lhs) && !std::isnan(*number)) {
    if (kind == BinaryKind::Max)
      return build.clamp(lhs, *number, std::nullopt);
    if (kind == BinaryKind::Min)
      return build.clamp(lhs, std::nullopt, *number);
    if (kind == BinaryKind::Add && *number == 0)
      return lhs;
    if (Value left = cancelFactor(lhs, *number, kind))
      return left;
  }
  if (kind == BinaryKind::Div && getNumber(lhs) == 1.0) {
    if (Value sigmoid = matchSigmoid(build, rhs))
      return sigmoid;
    return build.unary(UnaryKind::Reciprocal, rhs);
  }
  return build.binary(kind, lhs, rhs, /*isCStyle=*/kind == BinaryKind::Mod);
}

static std::optional<UnaryKind> findUnary(StringRef name) {
  return llvm::StringSwitch<std::optional<UnaryKind>>(name)
      .Case("arith.negf", UnaryKind::Neg)
      .Cases({"math.absf", "math.absi"}, UnaryKind::Abs)
      .Case("math.ceil", UnaryKind::Ceil)
      .Case("math.cos", UnaryKind::Cos)
      .Case("math.erf", UnaryKind::Erf)
      .Case("math.exp", UnaryKind::Exp)
      .Case("math.floor", UnaryKind::Floor)
      .Case("math.log", UnaryKind::Log)
      .Case("math.roundeven", UnaryKind::Round)
      .Case("math.sin", UnaryKind::Sin)
      .Case("math.sqrt", UnaryKind::Sqrt)
      .Case("math.tanh", UnaryKind::Tanh)
      .Default(std::nullopt);
}

static std::optional<BinaryKind> findBinary(StringRef name) {
  return llvm::StringSwitch<std::optional<BinaryKind>>(name)
      .Cases({"arith.addf", "arith.addi"}, BinaryKind::Add)
      .Cases({"arith.subf", "arith.subi"}, BinaryKind::Sub)
      .Cases({"arith.mulf", "arith.muli"}, BinaryKind::Mul)
      .Cases({"arith.divf", "arith.divsi"}, BinaryKind::Div)
      .Cases({"arith.remf", "arith.remsi"}, BinaryKind::Mod)
      .Cases({"arith.maximumf", "arith.maxnumf", "arith.maxsi"},
             BinaryKind::Max)
      .Cases({"arith.minimumf", "arith.minnumf", "arith.minsi"},
             BinaryKind::Min)
      .Case("arith.andi", BinaryKind::And)
      .Case("arith.ori", BinaryKind::Or)
      .Case("arith.xori", BinaryKind::Xor)
      .Case("math.powf", BinaryKind::Pow)
      .Default(std::nullopt);
}

static Value compare(GraphBuilder &build, arith::CmpFPredicate predicate,
                     Value lhs, Value rhs) {
  using Predicate = arith::CmpFPredicate;
  auto is = [&](BinaryKind kind) { return applyBinary(build, kind, lhs, rhs); };
  switch (predicate) {
  case Predicate::OEQ:
  case Predicate::UEQ:
    return is(BinaryKind::Equal);
  case Predicate::ONE:
  case Predicate::UNE:
    return build.unary(UnaryKind::Not, is(BinaryKind::Equal));
  case Predicate::OGT:
  case Predicate::UGT:
    return is(BinaryKind::Greater);
  case Predicate::OGE:
  case Predicate::UGE:
    return is(BinaryKind::GreaterOrEqual);
  case Predicate::OLT:
  case Predicate::ULT:
    return is(BinaryKind::Less);
  case Predicate::OLE:
  case Predicate::ULE:
    return is(BinaryKind::LessOrEqual);
  default:
    return build.fail("expected a comparison of numbers, but got " +
                      arith::stringifyCmpFPredicate(predicate));
  }
}

static Value compare(GraphBuilder &build, arith::CmpIPredicate predicate,
                     Value lhs, Value rhs) {
  using Predicate = arith::CmpIPredicate;
  auto is = [&](BinaryKind kind) { return applyBinary(build, kind, lhs, rhs); };
  switch (predicate) {
  case Predicate::eq:
    return is(BinaryKind::Equal);
  case Predicate::ne:
    return build.unary(UnaryKind::Not, is(BinaryKind::Equal));
  case Predicate::sgt:
    return is(BinaryKind::Greater);
  case Predicate::sge:
    return is(BinaryKind::GreaterOrEqual);
  case Predicate::slt:
    return is(BinaryKind::Less);
  case Predicate::sle:
    return is(BinaryKind::LessOrEqual);
  default:
    return build.fail("expected a signed comparison, but got " +
                      arith::stringifyCmpIPredicate(predicate));
  }
}

/// a > b ? a : b  ->  max(a, b), and the like.
static Value select(GraphBuilder &build, arith::SelectOp op,
                    ArrayRef<Value> operands) {
  auto compared = op.getCondition().getDefiningOp<arith::CmpFOp>();
  if (compared) {
    std::string name =
        arith::stringifyCmpFPredicate(compared.getPredicate()).str();
    bool isLimit = name.size() == 3 && (name[1] == 'g' || name[1] == 'l');
    bool isSame = compared.getLhs() == op.getTrueValue() &&
                  compared.getRhs() == op.getFalseValue();
    bool isSwapped = compared.getLhs() == op.getFalseValue() &&
                     compared.getRhs() == op.getTrueValue();
    if (isLimit && (isSame || isSwapped))
      return applyBinary(
          build, (name[1] == 'g') == isSame ? BinaryKind::Max : BinaryKind::Min,
          operands[1], operands[2]);
  }
  return build.select(operands[0], operands[1], operands[2]);
}

static Value round(GraphBuilder &build, Value x) {
  Value size =
      applyBinary(build, BinaryKind::Add, build.unary(UnaryKind::Abs, x),
                  build.scalar(0.5, build.getFloat()));
  return applyBinary(build, BinaryKind::Mul,
                     build.unary(UnaryKind::Floor, size),
                     build.unary(UnaryKind::Sign, x));
}

/// Functions of one operand that are composed of others.
static Value compose(StringRef name, Value x, GraphBuilder &build) {
  auto number = [&](double value) {
    return build.scalar(value, build.getFloat());
  };
  auto unary = [&](UnaryKind kind, Value value) {
    return build.unary(kind, value);
  };
  auto scaled = [&](Value value, double factor) {
    return applyBinary(build, BinaryKind::Mul, value, number(factor));
  };
  if (name == "math.rsqrt")
    return unary(UnaryKind::Reciprocal, unary(UnaryKind::Sqrt, x));
  if (name == "math.exp2")
    return unary(UnaryKind::Exp, scaled(x, M_LN2));
  if (name == "math.log2")
    return scaled(unary(UnaryKind::Log, x), M_LOG2E);
  if (name == "math.log10")
    return scaled(unary(UnaryKind::Log, x), M_LOG10E);
  if (name == "math.log1p")
    return unary(UnaryKind::Log,
                 applyBinary(build, BinaryKind::Add, x, number(1)));
  if (name == "math.expm1")
    return applyBinary(build, BinaryKind::Sub, unary(UnaryKind::Exp, x),
                       number(1));
  if (name == "math.round")
    return round(build, x);
  return {};
}

static Value convertCast(Operation *op, Value input, GraphBuilder &build) {
  Type type = getElementTypeOrSelf(op->getResult(0).getType());
  bool isUnsigned = isa<arith::ExtUIOp, arith::UIToFPOp, arith::FPToUIOp>(op);
  if (isUnsigned && !elementOf(input).isInteger(1))
    return build.fail("expected signed integers, but got unsigned ones");
  if (isa<arith::ExtSIOp, arith::SIToFPOp>(op) && elementOf(input).isInteger(1))
    return build.fail("expected integers of two bits or more, but got i1");
  return build.convert(
      input, type.isIndex() ? IntegerType::get(op->getContext(), 64) : type);
}

Value convertScalarOp(Operation *op, ArrayRef<Value> operands,
                      GraphBuilder &build) {
  StringRef name = op->getName().getStringRef();
  if (std::optional<UnaryKind> kind = findUnary(name))
    return build.unary(*kind, operands[0]);
  if (std::optional<BinaryKind> kind = findBinary(name))
    return applyBinary(build, *kind, operands[0], operands[1]);
  if (isa<arith::ExtFOp, arith::ExtSIOp, arith::ExtUIOp, arith::FPToSIOp,
          arith::FPToUIOp, arith::IndexCastOp, arith::SIToFPOp, arith::TruncFOp,
          arith::TruncIOp, arith::UIToFPOp>(op))
    return convertCast(op, operands[0], build);
  if (auto cmp = dyn_cast<arith::CmpFOp>(op))
    return compare(build, cmp.getPredicate(), operands[0], operands[1]);
  if (auto cmp = dyn_cast<arith::CmpIOp>(op))
    return compare(build, cmp.getPredicate(), operands[0], operands[1]);
  if (auto choice = dyn_cast<arith::SelectOp>(op))
    return select(build, choice, operands);
  if (name == "math.fma")
    return applyBinary(
        build, BinaryKind::Add,
        applyBinary(build, BinaryKind::Mul, operands[0], operands[1]),
        operands[2]);
  if (name == "math.clampf")
    return applyBinary(
        build, BinaryKind::Min,
        applyBinary(build, BinaryKind::Max, operands[0], operands[1]),
        operands[2]);
  return operands.size() == 1 ? compose(name, operands[0], build) : Value();
}

} // namespace qcc::mlir_import
