// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TOSA's functions of one element of each operand.

#include "compiler/Import/Mlir/ScalarOps.h"
#include "compiler/Import/Mlir/TosaOps.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::mlir_import {

static std::optional<UnaryKind> findUnary(StringRef name) {
  return llvm::StringSwitch<std::optional<UnaryKind>>(name)
      .Case("abs", UnaryKind::Abs)
      .Case("ceil", UnaryKind::Ceil)
      .Case("cos", UnaryKind::Cos)
      .Case("erf", UnaryKind::Erf)
      .Case("exp", UnaryKind::Exp)
      .Case("floor", UnaryKind::Floor)
      .Case("log", UnaryKind::Log)
      .Case("logical_not", UnaryKind::Not)
      .Case("reciprocal", UnaryKind::Reciprocal)
      .Case("sigmoid", UnaryKind::Sigmoid)
      .Case("sin", UnaryKind::Sin)
      .Case("tanh", UnaryKind::Tanh)
      .Default(std::nullopt);
}

static std::optional<BinaryKind> findBinary(StringRef name) {
  return llvm::StringSwitch<std::optional<BinaryKind>>(name)
      .Case("add", BinaryKind::Add)
      .Case("equal", BinaryKind::Equal)
      .Case("greater", BinaryKind::Greater)
      .Case("greater_equal", BinaryKind::GreaterOrEqual)
      .Case("intdiv", BinaryKind::Div)
      .Case("logical_and", BinaryKind::And)
      .Case("logical_or", BinaryKind::Or)
      .Case("logical_xor", BinaryKind::Xor)
      .Case("maximum", BinaryKind::Max)
      .Case("minimum", BinaryKind::Min)
      .Case("pow", BinaryKind::Pow)
      .Case("sub", BinaryKind::Sub)
      .Default(std::nullopt);
}

/// Bounds that do not limit go; integers are limited one side after the other.
static Value clamp(tosa::ClampOp op, GraphBuilder &build) {
  Value input = op.getInput();
  if (auto lower = dyn_cast<FloatAttr>(op.getMinVal())) {
    auto upper = cast<FloatAttr>(op.getMaxVal());
    if (!elementOf(input).isF32())
      return build.fail("expected float elements, but got " +
                        describe(elementOf(input)));
    std::optional<float> least = lower.getValueAsDouble();
    std::optional<float> most = upper.getValueAsDouble();
    if (*least <= std::numeric_limits<float>::lowest())
      least.reset();
    if (*most >= std::numeric_limits<float>::max())
      most.reset();
    return build.clamp(input, least, most);
  }
  auto number = [&](Attribute bound) {
    return build.constant(DenseElementsAttr::get(
        RankedTensorType::get({}, elementOf(input)), bound));
  };
  return applyBinary(
      build, BinaryKind::Min,
      applyBinary(build, BinaryKind::Max, input, number(op.getMinVal())),
      number(op.getMaxVal()));
}

/// The only integer that a constant of one element has, or nothing.
static std::optional<int64_t> readInteger(Value value) {
  auto numbers = getConstantIntegers(constantOf(value));
  if (!numbers || numbers->size() != 1)
    return std::nullopt;
  return numbers->front();
}

static Value multiply(tosa::MulOp op, GraphBuilder &build) {
  bool isInteger = isa<IntegerType>(elementOf(op.getInput1()));
  if (isInteger && readInteger(op.getShift()) != 0)
    return build.fail("expected integer products without a shift");
  return applyBinary(build, BinaryKind::Mul, op.getInput1(), op.getInput2());
}

static Value negate(tosa::NegateOp op, GraphBuilder &build) {
  if (isa<IntegerType>(elementOf(op.getInput1())) &&
      (readInteger(op.getInput1Zp()) != 0 ||
       readInteger(op.getOutputZp()) != 0))
    return build.fail("expected zero points of 0");
  return build.unary(UnaryKind::Neg, op.getInput1());
}

/// TOSA rounds to nearest even where a float becomes an integer.
static Value cast(tosa::CastOp op, GraphBuilder &build) {
  Value input = op.getInput();
  Type type = elementOf(op.getOutput());
  if (elementOf(input).isF32() && isa<IntegerType>(type) && !type.isInteger(1))
    input = build.unary(UnaryKind::Round, input);
  return build.convert(input, type);
}

Value convertTosaElementwise(Operation *op, GraphBuilder &build) {
  StringRef name = op->getName().stripDialect();
  Value result;
  if (std::optional<UnaryKind> kind = findUnary(name))
    result = build.unary(*kind, op->getOperand(0));
  else if (std::optional<BinaryKind> kind = findBinary(name))
    result = applyBinary(build, *kind, op->getOperand(0), op->getOperand(1));
  else if (auto clampOp = dyn_cast<tosa::ClampOp>(op))
    result = clamp(clampOp, build);
  else if (auto mul = dyn_cast<tosa::MulOp>(op))
    result = multiply(mul, build);
  else if (auto neg = dyn_cast<tosa::NegateOp>(op))
    result = negate(neg, build);
  else if (auto castOp = dyn_cast<tosa::CastOp>(op))
    result = cast(castOp, build);
  else if (auto select = dyn_cast<tosa::SelectOp>(op))
    result = build.select(select.getInput1(), select.getInput2(),
                          select.getInput3());
  else if (isa<tosa::RsqrtOp>(op))
    result = build.unary(UnaryKind::Reciprocal,
                         build.unary(UnaryKind::Sqrt, op->getOperand(0)));
  // Operands that are one number have lost their shape.
  return build.expand(result, shapeOf(op->getResult(0)));
}

} // namespace qcc::mlir_import
