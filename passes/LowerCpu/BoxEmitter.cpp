// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loops over a box, and what is done with each element.

#include "passes/LowerCpu/BoxEmitter.h"

#include "passes/LowerCpu/RowLoop.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace qcc {

Value BoxEmitter::emit(Value at, ArrayRef<Range> ranges,
                       ArrayRef<int64_t> strides) {
  return finish(walk(0, at, ranges, strides, start()));
}

Value BoxEmitter::emitRows(Value at, ArrayRef<Range> ranges,
                           ArrayRef<int64_t> strides, int64_t length) {
  rowLength = length;
  Value running = walk(0, at, ranges, strides, start());
  running =
      combineLanes(e, running, [&](Value a, Value b) { return combine(a, b); });
  width = 1;
  return finish(running);
}

bool BoxEmitter::sums() const {
  return c.kind == ReduceKind::Sum || c.kind == ReduceKind::Mean ||
         c.kind == ReduceKind::SumSquare;
}

/// Type of the running value: i32 for sums of grids, else what is stored.
Type BoxEmitter::runningType() const {
  Type element = c.input.stored;
  if (c.input.grid() && sums())
    element = e.getI32Type();
  return width == 1 ? element : Type(e.vectorOf(element, width));
}

Value BoxEmitter::start() {
  Type type = runningType();
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(type));
  if (c.kind == ReduceKind::Max || c.kind == ReduceKind::Min) {
    bool isMax = c.kind == ReduceKind::Max;
    if (isFloat)
      return e.constant(type, isMax ? -HUGE_VAL : HUGE_VAL);
    if (QuantType grid = c.input.grid())
      return e.constantInt(type, isMax ? grid.getLowest() : grid.getHighest());
    int64_t bits = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
    if (c.input.isUnsigned())
      return e.constantInt(type, isMax ? 0 : -1);
    int64_t lowest = int64_t(uint64_t(1) << (bits - 1));
    lowest = llvm::SignExtend64(lowest, bits);
    return e.constantInt(type, isMax ? lowest : ~lowest);
  }
  double value = c.kind == ReduceKind::Prod ? 1 : 0;
  return isFloat ? e.constant(type, value) : e.constantInt(type, value);
}

Value BoxEmitter::walk(size_t depth, Value at, ArrayRef<Range> ranges,
                       ArrayRef<int64_t> strides, Value running) {
  if (depth == ranges.size()) {
    if (rowLength > 0)
      return walkRow(at, running);
    Value x = width == 1 ? e.load(c.input.buffer, at)
                         : e.loadVector(c.input.buffer, at, width);
    return combine(running, prepare(x));
  }
  const Range &range = ranges[depth];
  return e.reduceLoop(range.low, range.high, range.step, running,
                      [&](Value i, ValueRange running) -> SmallVector<Value> {
                        return {walk(depth + 1,
                                     e.add(at, e.mul(i, strides[depth])),
                                     ranges, strides, running[0])};
                      })[0];
}

Value BoxEmitter::walkRow(Value at, Value running) {
  auto body = [&](Value i, int64_t valid, Value running) {
    Value x = prepare(
        e.loadPart(c.input.buffer, e.add(at, i), width, e.index(valid)));
    return selectLanes(e, combine(running, x), running, valid);
  };
  return emitRowLoop(e, rowLength, width, running, body);
}

/// `combined`, or `x` where it is NaN: with vmaxps, which returns its second
/// operand where either is NaN, three instructions for arith.maximumf's six.
Value BoxEmitter::keepNan(Value x, Value combined) {
  Value isNan = arith::CmpFOp::create(e, arith::CmpFPredicate::UNO, x, x);
  return arith::SelectOp::create(e, isNan, x, combined);
}

/// What is combined of the stored element `x`: its steps, its square.
Value BoxEmitter::prepare(Value x) {
  if (!sums())
    return x;
  if (QuantType grid = c.input.grid())
    x = emitSteps(e, x, grid);
  if (c.kind != ReduceKind::SumSquare)
    return x;
  return isa<FloatType>(getElementTypeOrSelf(x))
             ? Value(arith::MulFOp::create(e, x, x))
             : Value(arith::MulIOp::create(e, x, x));
}

Value BoxEmitter::combine(Value running, Value x) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(running.getType()));
  QuantType grid = c.input.grid();
  bool isUnsigned = grid ? !grid.getIsSigned() : c.input.isUnsigned();
  switch (c.kind) {
  case ReduceKind::Max:
    if (isFloat)
      return keepNan(x, e.maxFloat(x, running));
    return isUnsigned ? Value(arith::MaxUIOp::create(e, running, x))
                      : Value(arith::MaxSIOp::create(e, running, x));
  case ReduceKind::Min:
    if (isFloat)
      return keepNan(x, e.minFloat(x, running));
    return isUnsigned ? Value(arith::MinUIOp::create(e, running, x))
                      : Value(arith::MinSIOp::create(e, running, x));
  case ReduceKind::Prod:
    return isFloat ? Value(arith::MulFOp::create(e, running, x))
                   : Value(arith::MulIOp::create(e, running, x));
  default:
    break;
  }
  return isFloat ? Value(arith::AddFOp::create(e, running, x))
                 : Value(arith::AddIOp::create(e, running, x));
}

Value BoxEmitter::spread(Value scalar) {
  return width == 1 ? scalar : e.splat(scalar, width);
}

/// f32(f64(s_x) / (n * s_y)), docs/numerics.md *average pool*.
Value BoxEmitter::multiplier() {
  double scale = c.input.grid().getScaleValue();
  double resultScale = c.result.grid() ? c.result.grid().getScaleValue() : 1.0;
  if (!c.count)
    return e.constant(e.getF32Type(),
                      float(scale / (c.constantCount * resultScale)));
  Value count = arith::SIToFPOp::create(
      e, e.getF64Type(),
      arith::IndexCastOp::create(e, e.getI64Type(), c.count));
  Value divisor =
      arith::MulFOp::create(e, count, e.constant(e.getF64Type(), resultScale));
  Value quotient =
      arith::DivFOp::create(e, e.constant(e.getF64Type(), scale), divisor);
  return arith::TruncFOp::create(e, e.getF32Type(), quotient);
}

Value BoxEmitter::finish(Value running) {
  if (c.kind != ReduceKind::Mean)
    return running;
  Type f32 = width == 1 ? Type(e.getF32Type())
                        : Type(e.vectorOf(e.getF32Type(), width));
  if (c.input.grid()) {
    Value t = arith::MulFOp::create(e, arith::SIToFPOp::create(e, f32, running),
                                    spread(multiplier()));
    QuantType grid = c.result.grid();
    if (!grid)
      return t;
    return emitToGrid(e, t, grid, {grid.getLowest(), grid.getHighest()});
  }
  if (!isa<FloatType>(getElementTypeOrSelf(running.getType()))) {
    Value count = e.constantInt(running.getType(), c.constantCount);
    return c.input.isUnsigned()
               ? Value(arith::DivUIOp::create(e, running, count))
               : Value(arith::DivSIOp::create(e, running, count));
  }
  Value count =
      c.count ? Value(arith::SIToFPOp::create(
                    e, e.getF32Type(),
                    arith::IndexCastOp::create(e, e.getI64Type(), c.count)))
              : e.constant(c.input.stored, double(c.constantCount));
  return arith::DivFOp::create(e, running, spread(count));
}

} // namespace qcc
