// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalar arithmetic of quantization and of the elementwise functions.

#include "passes/LowerCpu/ScalarMath.h"

#include "dialects/Qcc/IR/Evaluation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

#include <cmath>

using namespace mlir;

namespace qcc {

GridBounds GridBounds::of(QuantType grid, FloatAttr lower, FloatAttr upper) {
  auto value = [](FloatAttr bound) -> std::optional<float> {
    if (!bound)
      return std::nullopt;
    return bound.getValue().convertToFloat();
  };
  int64_t zero = grid.getZeroPoint();
  numerics::Bounds bounds =
      numerics::getBounds(getGrid(grid), value(lower), value(upper));
  return {int64_t(bounds.lower) + zero, int64_t(bounds.upper) + zero};
}

Type withElement(Type type, Type element) {
  if (auto vector = dyn_cast<VectorType>(type))
    return VectorType::get(vector.getShape(), element);
  return element;
}

Value emitToGrid(KernelEmitter &e, Value t, QuantType grid, GridBounds bounds) {
  Type type = t.getType();
  int64_t zero = grid.getZeroPoint();
  t = e.maxFloat(t, e.constant(type, double(bounds.lowest - zero)));
  t = e.minFloat(t, e.constant(type, double(bounds.highest - zero)));
  Type ints = withElement(type, e.getI32Type());
  Value q = arith::FPToSIOp::create(e, ints, math::RoundEvenOp::create(e, t));
  if (zero)
    q = arith::AddIOp::create(e, q, e.constantInt(ints, zero));
  if (grid.getStorageType().getWidth() == 32)
    return q;
  return arith::TruncIOp::create(e, withElement(type, grid.getStorageType()),
                                 q);
}

Value emitQuantized(KernelEmitter &e, Value x, QuantType grid) {
  Value t = arith::DivFOp::create(
      e, x, e.constant(x.getType(), grid.getScaleValue()));
  return emitToGrid(e, t, grid, {grid.getLowest(), grid.getHighest()});
}

Value emitSteps(KernelEmitter &e, Value stored, QuantType grid) {
  Type ints = withElement(stored.getType(), e.getI32Type());
  if (grid.getStorageType().getWidth() < 32)
    stored = grid.getIsSigned()
                 ? Value(arith::ExtSIOp::create(e, ints, stored))
                 : Value(arith::ExtUIOp::create(e, ints, stored));
  if (int64_t zero = grid.getZeroPoint())
    stored = arith::SubIOp::create(e, stored, e.constantInt(ints, zero));
  return stored;
}

Value emitDequantized(KernelEmitter &e, Value stored, QuantType grid) {
  Type floats = withElement(stored.getType(), e.getF32Type());
  return arith::MulFOp::create(
      e, arith::SIToFPOp::create(e, floats, emitSteps(e, stored, grid)),
      e.constant(floats, grid.getScaleValue()));
}

namespace {

/// Float expressions without the ceremony.
struct Expression {
  KernelEmitter &e;
  Type type;

  Value c(double value) { return e.constant(type, value); }
  Value add(Value a, Value b) { return arith::AddFOp::create(e, a, b); }
  Value sub(Value a, Value b) { return arith::SubFOp::create(e, a, b); }
  Value mul(Value a, Value b) { return arith::MulFOp::create(e, a, b); }
  Value div(Value a, Value b) { return arith::DivFOp::create(e, a, b); }
  Value exp(Value a) { return math::ExpOp::create(e, a); }
  Value tanh(Value a) { return math::TanhOp::create(e, a); }
  Value select(arith::CmpFPredicate predicate, Value a, Value b, Value yes,
               Value no) {
    return arith::SelectOp::create(e, arith::CmpFOp::create(e, predicate, a, b),
                                   yes, no);
  }
  Value clamp(Value a, double low, double high) {
    return e.minFloat(e.maxFloat(a, c(low)), c(high));
  }
  /// log(1 + exp(x)), without overflow.
  Value softplus(Value x) {
    Value positive = e.maxFloat(x, c(0));
    Value magnitude = math::AbsFOp::create(e, x);
    return add(positive, math::Log1pOp::create(e, exp(sub(c(0), magnitude))));
  }
  Value sigmoid(Value x) { return div(c(1), add(c(1), exp(sub(c(0), x)))); }
  /// x > 0 ? x : scale * (exp(x / width) - 1)
  Value elu(Value x, double scale, double width) {
    Value below = math::ExpM1Op::create(e, div(e.minFloat(x, c(0)), c(width)));
    return select(arith::CmpFPredicate::OGT, x, c(0), x, mul(c(scale), below));
  }
};

} // namespace

static Value emitActivation(Expression &x, UnaryKind kind, Value v,
                            double alpha, double beta) {
  switch (kind) {
  case UnaryKind::Relu:
    return x.e.maxFloat(v, x.c(0));
  case UnaryKind::LeakyRelu:
    return x.select(arith::CmpFPredicate::OLT, v, x.c(0), x.mul(v, x.c(alpha)),
                    v);
  case UnaryKind::Sigmoid:
    return x.sigmoid(v);
  case UnaryKind::Tanh:
    return x.tanh(v);
  case UnaryKind::HardSigmoid:
    return x.clamp(x.add(x.mul(v, x.c(alpha)), x.c(beta)), 0, 1);
  case UnaryKind::HardSwish:
    return x.mul(v, x.clamp(x.add(x.mul(v, x.c(1.0 / 6)), x.c(0.5)), 0, 1));
  case UnaryKind::Silu:
    return x.mul(v, x.sigmoid(v));
  case UnaryKind::Elu:
    return x.elu(v, alpha, 1);
  case UnaryKind::Celu:
    return x.elu(v, alpha, alpha);
  case UnaryKind::Selu:
    return x.mul(x.c(beta), x.elu(v, alpha, 1));
  case UnaryKind::Gelu:
    return x.mul(
        x.mul(x.c(0.5), v),
        x.add(x.c(1), math::ErfOp::create(x.e, x.mul(v, x.c(std::sqrt(0.5))))));
  case UnaryKind::GeluTanh: {
    Value cube = x.mul(x.mul(v, v), v);
    Value inner =
        x.mul(x.c(0.7978845608028654), x.add(v, x.mul(x.c(0.044715), cube)));
    return x.mul(x.mul(x.c(0.5), v), x.add(x.c(1), x.tanh(inner)));
  }
  case UnaryKind::Mish:
    return x.mul(v, x.tanh(x.softplus(v)));
  case UnaryKind::Softplus:
    return x.softplus(v);
  case UnaryKind::Softsign:
    return x.div(v, x.add(x.c(1), math::AbsFOp::create(x.e, v)));
  case UnaryKind::ThresholdedRelu:
    return x.select(arith::CmpFPredicate::OGT, v, x.c(alpha), v, x.c(0));
  default:
    return nullptr;
  }
}

static Value emitMathFunction(KernelEmitter &e, UnaryKind kind, Value v) {
  Type type = v.getType();
  switch (kind) {
  case UnaryKind::Erf:
    return math::ErfOp::create(e, v);
  case UnaryKind::Exp:
    return math::ExpOp::create(e, v);
  case UnaryKind::Log:
    return math::LogOp::create(e, v);
  case UnaryKind::Sqrt:
    return math::SqrtOp::create(e, v);
  case UnaryKind::Reciprocal:
    return arith::DivFOp::create(e, e.constant(type, 1), v);
  case UnaryKind::Neg:
    return arith::NegFOp::create(e, v);
  case UnaryKind::Abs:
    return math::AbsFOp::create(e, v);
  case UnaryKind::Floor:
    return math::FloorOp::create(e, v);
  case UnaryKind::Ceil:
    return math::CeilOp::create(e, v);
  case UnaryKind::Round:
    return math::RoundEvenOp::create(e, v);
  case UnaryKind::Sin:
    return math::SinOp::create(e, v);
  case UnaryKind::Cos:
    return math::CosOp::create(e, v);
  case UnaryKind::Sign: {
    Value zero = e.constant(type, 0);
    Value positive =
        arith::CmpFOp::create(e, arith::CmpFPredicate::OGT, v, zero);
    Value negative =
        arith::CmpFOp::create(e, arith::CmpFPredicate::OLT, v, zero);
    Value rest = arith::SelectOp::create(e, negative, e.constant(type, -1), v);
    return arith::SelectOp::create(e, positive, e.constant(type, 1), rest);
  }
  default:
    return nullptr;
  }
}

/// The functions that integers have as well.
static Value emitIntegerFunction(KernelEmitter &e, UnaryKind kind, Value v,
                                 bool isUnsigned) {
  Value zero = e.constantInt(v.getType(), 0);
  switch (kind) {
  case UnaryKind::Relu:
    return isUnsigned ? v : Value(arith::MaxSIOp::create(e, v, zero));
  case UnaryKind::Neg:
    return arith::SubIOp::create(e, zero, v);
  case UnaryKind::Abs:
    return isUnsigned ? v : Value(math::AbsIOp::create(e, v));
  case UnaryKind::Not:
    return arith::ExtUIOp::create(
        e, v.getType(),
        arith::CmpIOp::create(e, arith::CmpIPredicate::eq, v, zero));
  case UnaryKind::Floor:
  case UnaryKind::Ceil:
  case UnaryKind::Round:
    return v;
  case UnaryKind::Sign: {
    Value one = e.constantInt(v.getType(), 1);
    if (isUnsigned)
      return arith::MinUIOp::create(e, v, one);
    Value minusOne = e.constantInt(v.getType(), -1);
    return arith::MinSIOp::create(e, arith::MaxSIOp::create(e, v, minusOne),
                                  one);
  }
  default:
    return nullptr;
  }
}

Value emitUnaryFunction(KernelEmitter &e, UnaryKind kind, Value v, double alpha,
                        double beta, bool isUnsigned) {
  if (!isa<FloatType>(getElementTypeOrSelf(v.getType())))
    return emitIntegerFunction(e, kind, v, isUnsigned);
  Expression expression{e, v.getType()};
  if (Value result = emitActivation(expression, kind, v, alpha, beta))
    return result;
  return emitMathFunction(e, kind, v);
}

static Value emitComparison(KernelEmitter &e, BinaryKind kind, Value a, Value b,
                            bool isUnsigned) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(a));
  auto compare = [&](arith::CmpFPredicate floats, arith::CmpIPredicate ints) {
    Value truth = isFloat ? Value(arith::CmpFOp::create(e, floats, a, b))
                          : Value(arith::CmpIOp::create(e, ints, a, b));
    return arith::ExtUIOp::create(e, withElement(a.getType(), e.getI8Type()),
                                  truth);
  };
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  switch (kind) {
  case BinaryKind::Equal:
    return compare(F::OEQ, I::eq);
  case BinaryKind::Less:
    return compare(F::OLT, isUnsigned ? I::ult : I::slt);
  case BinaryKind::LessOrEqual:
    return compare(F::OLE, isUnsigned ? I::ule : I::sle);
  case BinaryKind::Greater:
    return compare(F::OGT, isUnsigned ? I::ugt : I::sgt);
  case BinaryKind::GreaterOrEqual:
    return compare(F::OGE, isUnsigned ? I::uge : I::sge);
  case BinaryKind::And:
    return arith::AndIOp::create(e, a, b);
  case BinaryKind::Or:
    return arith::OrIOp::create(e, a, b);
  case BinaryKind::Xor:
    return arith::XOrIOp::create(e, a, b);
  default:
    return nullptr;
  }
}

static Value emitFloatBinary(KernelEmitter &e, BinaryKind kind, Value a,
                             Value b, bool cStyle) {
  switch (kind) {
  case BinaryKind::Add:
    return arith::AddFOp::create(e, a, b);
  case BinaryKind::Sub:
    return arith::SubFOp::create(e, a, b);
  case BinaryKind::Mul:
    return arith::MulFOp::create(e, a, b);
  case BinaryKind::Div:
    return arith::DivFOp::create(e, a, b);
  case BinaryKind::Pow:
    return math::PowFOp::create(e, a, b);
  case BinaryKind::Max:
    return arith::MaximumFOp::create(e, a, b);
  case BinaryKind::Min:
    return arith::MinimumFOp::create(e, a, b);
  case BinaryKind::Mod: {
    Value quotient = arith::DivFOp::create(e, a, b);
    quotient = cStyle ? Value(math::TruncOp::create(e, quotient))
                      : Value(math::FloorOp::create(e, quotient));
    return arith::SubFOp::create(e, a, arith::MulFOp::create(e, quotient, b));
  }
  default: { // Prelu
    Value negative = arith::CmpFOp::create(e, arith::CmpFPredicate::OLT, a,
                                           e.constant(a.getType(), 0));
    return arith::SelectOp::create(e, negative, arith::MulFOp::create(e, a, b),
                                   a);
  }
  }
}

/// a / b, or the rest of it, without a trap: 0 where b is 0, and the lowest
/// number over -1 wraps around.
static Value emitDivision(KernelEmitter &e, Value a, Value b, bool isRest) {
  Value zero = e.constantInt(a.getType(), 0);
  Value one = e.constantInt(a.getType(), 1);
  auto equals = [&](int64_t number) {
    return arith::CmpIOp::create(e, arith::CmpIPredicate::eq, b,
                                 e.constantInt(a.getType(), number));
  };
  Value byZero = equals(0), byMinusOne = equals(-1);
  Value isUnsafe = arith::OrIOp::create(e, byZero, byMinusOne);
  Value divisor = arith::SelectOp::create(e, isUnsafe, one, b);
  if (isRest)
    return arith::RemSIOp::create(e, a, divisor);
  Value quotient = arith::DivSIOp::create(e, a, divisor);
  quotient = arith::SelectOp::create(
      e, byMinusOne, arith::SubIOp::create(e, zero, a), quotient);
  return arith::SelectOp::create(e, byZero, zero, quotient);
}

/// The functions in which the sign of integers matters, for unsigned ones;
/// null for the others.
static Value emitUnsignedBinary(KernelEmitter &e, BinaryKind kind, Value a,
                                Value b) {
  if (kind == BinaryKind::Max)
    return arith::MaxUIOp::create(e, a, b);
  if (kind == BinaryKind::Min)
    return arith::MinUIOp::create(e, a, b);
  if (kind != BinaryKind::Div && kind != BinaryKind::Mod)
    return nullptr;
  Value zero = e.constantInt(a.getType(), 0);
  Value byZero = arith::CmpIOp::create(e, arith::CmpIPredicate::eq, b, zero);
  Value divisor =
      arith::SelectOp::create(e, byZero, e.constantInt(a.getType(), 1), b);
  Value result = kind == BinaryKind::Div
                     ? Value(arith::DivUIOp::create(e, a, divisor))
                     : Value(arith::RemUIOp::create(e, a, divisor));
  return arith::SelectOp::create(e, byZero, zero, result);
}

static Value emitIntegerBinary(KernelEmitter &e, BinaryKind kind, Value a,
                               Value b, bool cStyle) {
  switch (kind) {
  case BinaryKind::Add:
    return arith::AddIOp::create(e, a, b);
  case BinaryKind::Sub:
    return arith::SubIOp::create(e, a, b);
  case BinaryKind::Mul:
    return arith::MulIOp::create(e, a, b);
  case BinaryKind::Div:
    return emitDivision(e, a, b, /*isRest=*/false);
  case BinaryKind::Max:
    return arith::MaxSIOp::create(e, a, b);
  case BinaryKind::Min:
    return arith::MinSIOp::create(e, a, b);
  case BinaryKind::Mod: {
    Value rest = emitDivision(e, a, b, /*isRest=*/true);
    if (cStyle)
      return rest;
    // Python's sign: a rest of the other sign than b moves by b.
    Value zero = e.constantInt(a.getType(), 0);
    Value differs = arith::CmpIOp::create(
        e, arith::CmpIPredicate::slt, arith::XOrIOp::create(e, rest, b), zero);
    Value isRest =
        arith::CmpIOp::create(e, arith::CmpIPredicate::ne, rest, zero);
    return arith::SelectOp::create(e, arith::AndIOp::create(e, differs, isRest),
                                   arith::AddIOp::create(e, rest, b), rest);
  }
  default:
    return nullptr;
  }
}

Value emitBinaryFunction(KernelEmitter &e, BinaryKind kind, Value a, Value b,
                         bool cStyle, bool isUnsigned) {
  if (Value truth = emitComparison(e, kind, a, b, isUnsigned))
    return truth;
  if (isa<FloatType>(getElementTypeOrSelf(a)))
    return emitFloatBinary(e, kind, a, b, cStyle);
  if (isUnsigned)
    if (Value result = emitUnsignedBinary(e, kind, a, b))
      return result;
  return emitIntegerBinary(e, kind, a, b, cStyle);
}

} // namespace qcc
