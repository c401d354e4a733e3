// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function for each elementwise op that is more than a call.

#include "passes/LowerCpu/ElementMath.h"

#include "passes/LowerCpu/ScalarMath.h"
#include "passes/LowerCpu/TensorArgument.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace qcc {
namespace {

QuantType gridOf(Value tensor) { return getQuantType(tensor.getType()); }

bool isUnsigned(Value tensor) {
  return getElementTypeOrSelf(tensor).isUnsignedInteger();
}

/// min(max(x, lower), upper) with the bounds that are there.
Value clampTo(KernelEmitter &e, Value x, FloatAttr lower, FloatAttr upper) {
  if (lower)
    x = e.maxFloat(x, e.constant(x.getType(), lower.getValueAsDouble()));
  if (upper)
    x = e.minFloat(x, e.constant(x.getType(), upper.getValueAsDouble()));
  return x;
}

Value emitClamp(KernelEmitter &e, ClampOp op, Value x) {
  if (isa<FloatType>(getElementTypeOrSelf(x)))
    return clampTo(e, x, op.getLowerAttr(), op.getUpperAttr());
  auto limit = [&](BinaryKind kind, FloatAttr bound) {
    if (bound)
      x = emitBinaryFunction(
          e, kind, x, e.constantInt(x.getType(), bound.getValueAsDouble()),
          false, isUnsigned(op.getInput()));
  };
  limit(BinaryKind::Max, op.getLowerAttr());
  limit(BinaryKind::Min, op.getUpperAttr());
  return x;
}

/// docs/numerics.md *add* and *mul*, from integers minus zero points.
Value emitGridBinary(KernelEmitter &e, BinaryOp op, Value a, Value b) {
  QuantType left = gridOf(op.getLhs());
  QuantType right = gridOf(op.getRhs());
  QuantType grid = gridOf(op.getResult());
  double scaleA = left.getScaleValue(), scaleB = right.getScaleValue();
  double scaleY = grid.getScaleValue();
  Type f32 = withElement(a.getType(), e.getF32Type());
  a = emitSteps(e, a, left);
  b = emitSteps(e, b, right);
  Value t;
  if (op.getKind() == BinaryKind::Mul) {
    Value product =
        arith::SIToFPOp::create(e, f32, arith::MulIOp::create(e, a, b));
    t = arith::MulFOp::create(e, product,
                              e.constant(f32, float(scaleA * scaleB / scaleY)));
  } else {
    float sign = op.getKind() == BinaryKind::Sub ? -1.0f : 1.0f;
    Value scaledA =
        arith::MulFOp::create(e, arith::SIToFPOp::create(e, f32, a),
                              e.constant(f32, float(scaleA / scaleY)));
    t = math::FmaOp::create(e, arith::SIToFPOp::create(e, f32, b),
                            e.constant(f32, sign * float(scaleB / scaleY)),
                            scaledA);
  }
  return emitToGrid(e, t, grid,
                    GridBounds::of(grid, op.getLowerAttr(), op.getUpperAttr()));
}

Value emitBinary(KernelEmitter &e, BinaryOp op, Value a, Value b) {
  if (gridOf(op.getResult()))
    return emitGridBinary(e, op, a, b);
  Value result = emitBinaryFunction(e, op.getKind(), a, b, op.getCStyle(),
                                    isUnsigned(op.getLhs()));
  return clampTo(e, result, op.getLowerAttr(), op.getUpperAttr());
}

Value emitSelect(KernelEmitter &e, ArrayRef<Value> x) {
  Value truth = arith::CmpIOp::create(e, arith::CmpIPredicate::ne, x[0],
                                      e.constantInt(x[0].getType(), 0));
  return arith::SelectOp::create(e, truth, x[1], x[2]);
}

/// f32 to bf16, to the nearest, ties to even; LLVM would call a function that
/// is in no library for machines without the instruction.
Value emitBfloat(KernelEmitter &e, Value x, Type type) {
  Type ints = withElement(x.getType(), e.getI32Type());
  auto number = [&](int64_t value) { return e.constantInt(ints, value); };
  Value bits = arith::BitcastOp::create(e, ints, x);
  Value high = arith::ShRUIOp::create(e, bits, number(16));
  Value isOdd = arith::AndIOp::create(e, high, number(1));
  Value half = arith::AddIOp::create(e, isOdd, number(0x7fff));
  Value rounded = arith::ShRUIOp::create(
      e, arith::AddIOp::create(e, bits, half), number(16));
  // Rounding could carry a NaN's payload into its sign: it stays quiet.
  Value isNan = arith::CmpFOp::create(e, arith::CmpFPredicate::UNO, x, x);
  Value quiet = arith::OrIOp::create(e, high, number(0x40));
  Value result = arith::SelectOp::create(e, isNan, quiet, rounded);
  Value narrow = arith::TruncIOp::create(
      e, withElement(x.getType(), e.getI16Type()), result);
  return arith::BitcastOp::create(e, type, narrow);
}

/// Floats to the nearest integer towards zero inside `to`, NaN to 0: in vectors
/// where LLVM would saturate lane by lane.
Value emitSaturated(KernelEmitter &e, Value x, Type to, Type type) {
  if (getElementTypeOrSelf(x).getIntOrFloatBitWidth() < 32)
    x = arith::ExtFOp::create(e, withElement(x.getType(), e.getF32Type()), x);
  unsigned width = to.getIntOrFloatBitWidth();
  bool isUnsigned = to.isUnsignedInteger();
  Type element = getElementTypeOrSelf(x);
  // The outermost integers that are floats, too.
  auto toFloat = [&](const llvm::APInt &integer) {
    llvm::APFloat real(cast<FloatType>(element).getFloatSemantics());
    real.convertFromAPInt(integer, !isUnsigned, llvm::APFloat::rmTowardZero);
    return real.convertToDouble();
  };
  llvm::APInt highest = isUnsigned ? llvm::APInt::getMaxValue(width)
                                   : llvm::APInt::getSignedMaxValue(width);
  double lower =
      isUnsigned ? 0 : toFloat(llvm::APInt::getSignedMinValue(width));
  double upper = toFloat(highest);
  Value low = e.constant(x.getType(), lower);
  Value inside = e.minFloat(e.maxFloat(x, low), e.constant(x.getType(), upper));
  Type wide = withElement(x.getType(), e.getIntegerType(std::max(width, 32u)));
  Value q = isUnsigned && width >= 32
                ? Value(arith::FPToUIOp::create(e, wide, inside))
                : Value(arith::FPToSIOp::create(e, wide, inside));
  if (wide != type)
    q = arith::TruncIOp::create(e, type, q);
  auto select = [&](arith::CmpFPredicate predicate, double bound, Value value) {
    Value holds =
        arith::CmpFOp::create(e, predicate, x, e.constant(x.getType(), bound));
    q = arith::SelectOp::create(e, holds, value, q);
  };
  if (width >= 32)
    select(arith::CmpFPredicate::OGT, upper,
           e.constantInt(type, highest.getSExtValue()));
  if (lower != 0)
    select(arith::CmpFPredicate::UNO, 0, e.constantInt(type, 0));
  return q;
}

/// `qcc.cast` between stored types; `to` an i1 gives 0 or 1.
Value emitConversion(KernelEmitter &e, Value x, Type from, Type to,
                     Type stored) {
  bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(to);
  Type type = withElement(x.getType(), stored);
  if (to.isInteger(1)) {
    Value truth =
        fromFloat ? Value(arith::CmpFOp::create(e, arith::CmpFPredicate::UNE, x,
                                                e.constant(x.getType(), 0)))
                  : Value(arith::CmpIOp::create(e, arith::CmpIPredicate::ne, x,
                                                e.constantInt(x.getType(), 0)));
    return arith::ExtUIOp::create(e, type, truth);
  }
  bool isUnsigned = from.isInteger(1) || from.isUnsignedInteger();
  if (fromFloat && toFloat) {
    if (from == to)
      return x;
    if (from.isF32() && to.isBF16())
      return emitBfloat(e, x, type);
    bool wider = to.getIntOrFloatBitWidth() > from.getIntOrFloatBitWidth();
    return wider ? Value(arith::ExtFOp::create(e, type, x))
                 : Value(arith::TruncFOp::create(e, type, x));
  }
  if (fromFloat)
    return emitSaturated(e, x, to, type);
  if (toFloat)
    return isUnsigned ? Value(arith::UIToFPOp::create(e, type, x))
                      : Value(arith::SIToFPOp::create(e, type, x));
  int64_t width = stored.getIntOrFloatBitWidth();
  int64_t before = getElementTypeOrSelf(x).getIntOrFloatBitWidth();
  if (width == before)
    return x;
  if (width < before)
    return arith::TruncIOp::create(e, type, x);
  return isUnsigned ? Value(arith::ExtUIOp::create(e, type, x))
                    : Value(arith::ExtSIOp::create(e, type, x));
}

Value emitCast(KernelEmitter &e, CastOp op, Value x) {
  Type to = getElementTypeOrSelf(op.getResult());
  return emitConversion(e, x, getElementTypeOrSelf(op.getInput()), to,
                        getStoredType(to));
}

Value emitRequantize(KernelEmitter &e, RequantizeOp op, Value x) {
  QuantType from = gridOf(op.getInput()), to = gridOf(op.getResult());
  float multiplier = float(double(from.getScaleValue()) / to.getScaleValue());
  Type f32 = withElement(x.getType(), e.getF32Type());
  Value steps = arith::SIToFPOp::create(e, f32, emitSteps(e, x, from));
  Value t = arith::MulFOp::create(e, steps, e.constant(f32, multiplier));
  return emitToGrid(e, t, to, {to.getLowest(), to.getHighest()});
}

} // namespace

Value emitElements(KernelEmitter &e, Operation *op, ArrayRef<Value> x) {
  return TypeSwitch<Operation *, Value>(op)
      .Case([&](UnaryOp op) {
        return emitUnaryFunction(
            e, op.getKind(), x[0], op.getAlpha().convertToDouble(),
            op.getBeta().convertToDouble(), isUnsigned(op.getInput()));
      })
      .Case([&](BinaryOp op) { return emitBinary(e, op, x[0], x[1]); })
      .Case([&](ClampOp op) { return emitClamp(e, op, x[0]); })
      .Case([&](SelectOp op) { return emitSelect(e, x); })
      .Case([&](CastOp op) { return emitCast(e, op, x[0]); })
      .Case([&](QuantizeOp op) {
        return emitQuantized(e, x[0], gridOf(op.getResult()));
      })
      .Case([&](DequantizeOp op) {
        return emitDequantized(e, x[0], gridOf(op.getInput()));
      })
      .Case([&](RequantizeOp op) { return emitRequantize(e, op, x[0]); });
}

} // namespace qcc
