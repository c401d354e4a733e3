// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that compute each result element from the elements at its place.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {

/// Loops over the result with all operands broadcast to it; `compute` maps
/// loaded elements to the stored one.
static int64_t emitElementwise(KernelContext &context,
                               function_ref<Value(ArrayRef<Value>)> compute) {
  KernelEmitter &e = context.e;
  const TensorArgument &result = context.result;
  SmallVector<Walk> walks{
      Walk{SmallVector<int64_t>(result.strides), e.index(result.base)}};
  for (const TensorArgument &operand : context.operands)
    walks.push_back(walkBroadcast(e, operand, result.shape));
  return emitNest(context, result.shape, walks, [&](ArrayRef<Value> offsets) {
    SmallVector<Value> elements;
    for (auto [operand, offset] :
         llvm::zip(context.operands, offsets.drop_front()))
      elements.push_back(e.load(operand.buffer, offset));
    e.store(compute(elements), result.buffer, offsets[0]);
  });
}

/// min(max(x, lower), upper) with the bounds that are there.
static Value clampTo(KernelEmitter &e, Value x, FloatAttr lower,
                     FloatAttr upper) {
  if (lower)
    x = e.maxFloat(x, e.constant(x.getType(), lower.getValueAsDouble()));
  if (upper)
    x = e.minFloat(x, e.constant(x.getType(), upper.getValueAsDouble()));
  return x;
}

int64_t emitUnary(KernelContext &context, UnaryOp op) {
  return emitElementwise(context, [&](ArrayRef<Value> x) {
    return emitUnaryFunction(
        context.e, op.getKind(), x[0], op.getAlpha().convertToDouble(),
        op.getBeta().convertToDouble(), context.operands[0].isUnsigned());
  });
}

int64_t emitClamp(KernelContext &context, ClampOp op) {
  return emitElementwise(context, [&](ArrayRef<Value> x) -> Value {
    if (isa<FloatType>(x[0].getType()))
      return clampTo(context.e, x[0], op.getLowerAttr(), op.getUpperAttr());
    Value result = x[0];
    KernelEmitter &e = context.e;
    bool isUnsigned = context.operands[0].isUnsigned();
    auto limit = [&](BinaryKind kind, FloatAttr bound) {
      if (bound)
        result = emitBinaryFunction(
            e, kind, result,
            e.constantInt(x[0].getType(), bound.getValueAsDouble()), false,
            isUnsigned);
    };
    limit(BinaryKind::Max, op.getLowerAttr());
    limit(BinaryKind::Min, op.getUpperAttr());
    return result;
  });
}

/// docs/numerics.md *add* and *mul*, from integers minus zero points.
static Value emitGridBinary(KernelContext &context, BinaryOp op, Value a,
                            Value b) {
  KernelEmitter &e = context.e;
  QuantType left = context.operands[0].grid();
  QuantType right = context.operands[1].grid();
  QuantType grid = context.result.grid();
  double scaleA = left.getScaleValue(), scaleB = right.getScaleValue();
  double scaleY = grid.getScaleValue();
  Type f32 = e.getF32Type();
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

int64_t emitBinary(KernelContext &context, BinaryOp op) {
  return emitElementwise(context, [&](ArrayRef<Value> x) {
    if (context.result.grid())
      return emitGridBinary(context, op, x[0], x[1]);
    Value result =
        emitBinaryFunction(context.e, op.getKind(), x[0], x[1], op.getCStyle(),
                           context.operands[0].isUnsigned());
    return clampTo(context.e, result, op.getLowerAttr(), op.getUpperAttr());
  });
}

int64_t emitSelect(KernelContext &context, SelectOp op) {
  return emitElementwise(context, [&](ArrayRef<Value> x) -> Value {
    KernelEmitter &e = context.e;
    Value truth = arith::CmpIOp::create(e, arith::CmpIPredicate::ne, x[0],
                                        e.constantInt(x[0].getType(), 0));
    return arith::SelectOp::create(e, truth, x[1], x[2]);
  });
}

/// `qcc.cast` of one element between stored types; `toTruth` gives 0 or 1.
static Value emitConversion(KernelEmitter &e, Value x, Type from, Type to,
                            Type stored) {
  bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(to);
  if (to.isInteger(1)) {
    Value truth =
        fromFloat ? Value(arith::CmpFOp::create(e, arith::CmpFPredicate::UNE, x,
                                                e.constant(x.getType(), 0)))
                  : Value(arith::CmpIOp::create(e, arith::CmpIPredicate::ne, x,
                                                e.constantInt(x.getType(), 0)));
    return arith::ExtUIOp::create(e, stored, truth);
  }
  bool isUnsigned = from.isInteger(1) || from.isUnsignedInteger();
  if (fromFloat && toFloat) {
    if (from == to)
      return x;
    bool wider = to.getIntOrFloatBitWidth() > from.getIntOrFloatBitWidth();
    return wider ? Value(arith::ExtFOp::create(e, to, x))
                 : Value(arith::TruncFOp::create(e, to, x));
  }
  if (fromFloat)
    return e.intrinsic(to.isUnsignedInteger() ? "llvm.fptoui.sat"
                                              : "llvm.fptosi.sat",
                       stored, x);
  if (toFloat)
    return isUnsigned ? Value(arith::UIToFPOp::create(e, to, x))
                      : Value(arith::SIToFPOp::create(e, to, x));
  int64_t width = stored.getIntOrFloatBitWidth();
  int64_t before = x.getType().getIntOrFloatBitWidth();
  if (width == before)
    return x;
  if (width < before)
    return arith::TruncIOp::create(e, stored, x);
  return isUnsigned ? Value(arith::ExtUIOp::create(e, stored, x))
                    : Value(arith::ExtSIOp::create(e, stored, x));
}

int64_t emitCast(KernelContext &context, CastOp op) {
  return emitElementwise(context, [&](ArrayRef<Value> x) {
    return emitConversion(context.e, x[0], context.operands[0].element,
                          context.result.element, context.result.stored);
  });
}

int64_t emitQuantize(KernelContext &context, QuantizeOp op) {
  if (std::optional<int64_t> tasks = emitInterleavedPlanes(context))
    return *tasks;
  return emitElementwise(context, [&](ArrayRef<Value> x) {
    return emitQuantized(context.e, x[0], context.result.grid());
  });
}

int64_t emitDequantize(KernelContext &context, DequantizeOp op) {
  return emitElementwise(context, [&](ArrayRef<Value> x) {
    return emitDequantized(context.e, x[0], context.operands[0].grid());
  });
}

int64_t emitRequantize(KernelContext &context, RequantizeOp op) {
  KernelEmitter &e = context.e;
  QuantType from = context.operands[0].grid(), to = context.result.grid();
  float multiplier = float(double(from.getScaleValue()) / to.getScaleValue());
  return emitElementwise(context, [&](ArrayRef<Value> x) {
    Value steps =
        arith::SIToFPOp::create(e, e.getF32Type(), emitSteps(e, x[0], from));
    Value t =
        arith::MulFOp::create(e, steps, e.constant(e.getF32Type(), multiplier));
    return emitToGrid(e, t, to, {to.getLowest(), to.getHighest()});
  });
}

} // namespace qcc
