// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that compute each result element from the elements at its place.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace qcc {

/// Bytes of `tensor`'s elements in a register: grids are computed in 32 bits.
static int64_t computedBytes(const TensorArgument &tensor) {
  return tensor.grid() ? 4 : getElementBytes(tensor.stored);
}

/// Loops over the result with all operands broadcast to it; `compute` maps
/// vectors of loaded elements to the stored ones. Two registers at a time hide
/// the latency of short functions.
static int64_t emitElementwise(KernelContext &context,
                               function_ref<Value(ArrayRef<Value>)> compute) {
  KernelEmitter &e = context.e;
  const TensorArgument &result = context.result;
  SmallVector<Walk> walks{
      Walk{SmallVector<int64_t>(result.strides), e.index(result.base)}};
  int64_t widest = computedBytes(result);
  for (const TensorArgument &operand : context.operands) {
    walks.push_back(walkBroadcast(e, operand, result.shape));
    widest = std::max(widest, computedBytes(operand));
  }
  return emitRunNest(context, result.shape, walks,
                     2 * e.target.vectorBytes() / widest, [&](const Run &run) {
                       SmallVector<Value> elements;
                       for (auto [i, operand] :
                            llvm::enumerate(context.operands))
                         elements.push_back(run.load(operand.buffer, i + 1));
                       run.store(compute(elements), result.buffer);
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
    if (isa<FloatType>(getElementTypeOrSelf(x[0])))
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

/// `qcc.cast` between stored types; `to` an i1 gives 0 or 1.
static Value emitConversion(KernelEmitter &e, Value x, Type from, Type to,
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
    bool wider = to.getIntOrFloatBitWidth() > from.getIntOrFloatBitWidth();
    return wider ? Value(arith::ExtFOp::create(e, type, x))
                 : Value(arith::TruncFOp::create(e, type, x));
  }
  if (fromFloat)
    return e.intrinsic(to.isUnsignedInteger() ? "llvm.fptoui.sat"
                                              : "llvm.fptosi.sat",
                       type, x);
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
    Type f32 = withElement(x[0].getType(), e.getF32Type());
    Value steps = arith::SIToFPOp::create(e, f32, emitSteps(e, x[0], from));
    Value t = arith::MulFOp::create(e, steps, e.constant(f32, multiplier));
    return emitToGrid(e, t, to, {to.getLowest(), to.getHighest()});
  });
}

} // namespace qcc
