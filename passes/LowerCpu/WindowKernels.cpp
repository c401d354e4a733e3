// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.max_pool`, `qcc.average_pool` and `qcc.reduce`: every result
// element combines a box of input elements. Where channels are contiguous on
// both sides, a register of channels is combined at a time.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {
namespace {

/// Input indices [low, high) in steps of `step` along one reduced dimension.
struct Range {
  Value low, high;
  int64_t step = 1;
};

/// What is combined, and how the result is made of it.
struct Combination {
  ReduceKind kind;
  TensorArgument input, result;
  // Mean: number of elements combined, or null where it is `constantCount`.
  Value count;
  int64_t constantCount = 1;
};

/// Combines `width` neighbouring elements (1: scalars) of boxes.
class BoxEmitter {
public:
  BoxEmitter(KernelEmitter &e, Combination &combination, int64_t width)
      : e(e), c(combination), width(width) {}

  /// Combines the elements at `at` + the steps through `ranges`, whose strides
  /// are `strides`, to the stored result (a vector if width > 1).
  Value emit(Value at, ArrayRef<Range> ranges, ArrayRef<int64_t> strides) {
    SmallVector<Value> sum{start()};
    sum = walk(0, at, ranges, strides, sum);
    return finish(sum[0]);
  }

private:
  bool sums() const {
    return c.kind == ReduceKind::Sum || c.kind == ReduceKind::Mean ||
           c.kind == ReduceKind::SumSquare;
  }
  /// Type of the running value: i32 for sums of grids, else what is stored.
  Type runningType() const {
    Type element = c.input.stored;
    if (c.input.grid() && sums())
      element = e.getI32Type();
    return width == 1 ? element : Type(e.vectorOf(element, width));
  }

  Value start() {
    Type type = runningType();
    bool isFloat = isa<FloatType>(getElementTypeOrSelf(type));
    if (c.kind == ReduceKind::Max || c.kind == ReduceKind::Min) {
      bool isMax = c.kind == ReduceKind::Max;
      if (isFloat)
        return e.constant(type, isMax ? -HUGE_VAL : HUGE_VAL);
      if (QuantType grid = c.input.grid())
        return e.constantInt(type,
                             isMax ? grid.getLowest() : grid.getHighest());
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

  SmallVector<Value> walk(size_t depth, Value at, ArrayRef<Range> ranges,
                          ArrayRef<int64_t> strides, ValueRange running) {
    if (depth == ranges.size())
      return {combine(running[0],
                      width == 1 ? e.load(c.input.buffer, at)
                                 : e.loadVector(c.input.buffer, at, width))};
    const Range &range = ranges[depth];
    return e.reduceLoop(range.low, range.high, range.step, running,
                        [&](Value i, ValueRange running) {
                          return walk(depth + 1,
                                      e.add(at, e.mul(i, strides[depth])),
                                      ranges, strides, running);
                        });
  }

  /// `combined`, or `x` where it is NaN: with vmaxps, which returns its second
  /// operand where either is NaN, three instructions for arith.maximumf's six.
  Value keepNan(Value x, Value combined) {
    Value isNan = arith::CmpFOp::create(e, arith::CmpFPredicate::UNO, x, x);
    return arith::SelectOp::create(e, isNan, x, combined);
  }

  Value combine(Value running, Value x) {
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
    if (grid)
      x = emitSteps(e, x, grid);
    if (c.kind == ReduceKind::SumSquare)
      x = isFloat ? Value(arith::MulFOp::create(e, x, x))
                  : Value(arith::MulIOp::create(e, x, x));
    return isFloat ? Value(arith::AddFOp::create(e, running, x))
                   : Value(arith::AddIOp::create(e, running, x));
  }

  Value spread(Value scalar) {
    return width == 1 ? scalar : e.splat(scalar, width);
  }

  /// f32(f64(s_x) / (n * s_y)), docs/numerics.md *average pool*.
  Value multiplier() {
    double scale = c.input.grid().getScaleValue();
    double resultScale =
        c.result.grid() ? c.result.grid().getScaleValue() : 1.0;
    if (!c.count)
      return e.constant(e.getF32Type(),
                        float(scale / (c.constantCount * resultScale)));
    Value count = arith::SIToFPOp::create(
        e, e.getF64Type(),
        arith::IndexCastOp::create(e, e.getI64Type(), c.count));
    Value divisor = arith::MulFOp::create(
        e, count, e.constant(e.getF64Type(), resultScale));
    Value quotient =
        arith::DivFOp::create(e, e.constant(e.getF64Type(), scale), divisor);
    return arith::TruncFOp::create(e, e.getF32Type(), quotient);
  }

  Value finish(Value running) {
    if (c.kind != ReduceKind::Mean)
      return running;
    Type f32 = width == 1 ? Type(e.getF32Type())
                          : Type(e.vectorOf(e.getF32Type(), width));
    if (c.input.grid()) {
      Value t = arith::MulFOp::create(
          e, arith::SIToFPOp::create(e, f32, running), spread(multiplier()));
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

  KernelEmitter &e;
  Combination &c;
  int64_t width;
};

/// A pooling window along one dimension.
struct Window {
  int64_t kernel, stride, low, high, dilation, size;

  /// Taps [first, end) of output `o` that lie inside the input, or inside the
  /// padded input.
  std::pair<Value, Value> taps(KernelEmitter &e, Value o, bool padded) const {
    Value origin = e.add(e.mul(o, stride), -low);
    auto divideUp = [&](Value v) {
      return dilation == 1 ? v : e.div(e.add(v, dilation - 1), dilation);
    };
    Value first = e.index(0);
    int64_t end = size + (padded ? high : 0);
    if (!padded && low > 0)
      first = divideUp(
          e.max(e.index(0), e.createOrFold<arith::SubIOp>(e.index(0), origin)));
    Value last = divideUp(e.createOrFold<arith::SubIOp>(e.index(end), origin));
    return {first, e.min(last, e.index(kernel))};
  }
};

/// Loops over output pixels and blocks of channels of a pool.
class PoolEmitter {
public:
  template <typename Pool>
  PoolEmitter(KernelContext &context, Pool op, ReduceKind kind,
              bool countPadding)
      : e(context.e), context(context), input(context.operands[0]),
        result(context.result), kind(kind), countPadding(countPadding) {
    for (int i = 0; i < 2; ++i)
      windows[i] = {op.getKernel()[i],    op.getStrides()[i],
                    op.getPads()[i],      op.getPads()[2 + i],
                    op.getDilations()[i], input.shape[2 + i]};
    width = kind == ReduceKind::Max
                ? e.target.vectorBytes() / getElementBytes(input.stored)
                : e.target.lanes;
    if (input.strides[1] != 1 || result.strides[1] != 1 ||
        (!input.hasRoom && input.shape[1] % width != 0))
      width = 1;
  }

  int64_t emit() {
    int64_t rows = result.shape[0] * result.shape[2];
    int64_t work = result.count() * windows[0].kernel * windows[1].kernel;
    int64_t tasks =
        std::clamp<int64_t>(work / (width == 1 ? 8192 : 131072), 1, rows);
    int64_t perTask = llvm::divideCeil(rows, tasks);
    Value first = e.mul(context.task, perTask);
    Value end = e.min(e.add(first, perTask), e.index(rows));
    e.loop(first, end, 1, [&](Value row) {
      Value n = e.div(row, result.shape[2]);
      Value y = e.rem(row, result.shape[2]);
      e.loop(result.shape[3], [&](Value x) { emitPixel(n, y, x); });
    });
    return llvm::divideCeil(rows, perTask);
  }

private:
  /// Elements of the window of (y, x) that a mean divides by.
  Value countElements(Value y, Value x) {
    auto span = [&](int i, Value at) {
      auto [first, end] = windows[i].taps(e, at, countPadding);
      return e.createOrFold<arith::SubIOp>(end, first);
    };
    return arith::MulIOp::create(e, span(0, y), span(1, x));
  }

  void emitPixel(Value n, Value y, Value x) {
    auto [firstY, endY] = windows[0].taps(e, y, false);
    auto [firstX, endX] = windows[1].taps(e, x, false);
    Combination combination{kind, input, result, Value(), 1};
    if (kind == ReduceKind::Mean)
      combination.count = countElements(y, x);
    Value origin = input.at(
        e, {n, e.index(0), e.add(e.mul(y, windows[0].stride), -windows[0].low),
            e.add(e.mul(x, windows[1].stride), -windows[1].low)});
    SmallVector<int64_t> strides{windows[0].dilation * input.strides[2],
                                 windows[1].dilation * input.strides[3]};
    SmallVector<Range> ranges{{firstY, endY}, {firstX, endX}};
    Value resultAt = result.at(e, {n, e.index(0), y, x});
    auto emitChannels = [&](Value c, int64_t valid) {
      Value combined =
          BoxEmitter(e, combination, width)
              .emit(e.add(origin, e.mul(c, input.strides[1])), ranges, strides);
      Value at = e.add(resultAt, e.mul(c, result.strides[1]));
      if (width == 1)
        e.store(combined, result.buffer, at);
      else
        e.storePart(combined, result.buffer, at, e.index(valid));
    };
    int64_t channels = result.shape[1];
    int64_t whole = channels / width * width;
    e.loop(e.index(0), e.index(whole), width,
           [&](Value c) { emitChannels(c, width); });
    if (whole < channels)
      emitChannels(e.index(whole), channels - whole);
  }

  KernelEmitter &e;
  KernelContext &context;
  const TensorArgument &input, &result;
  ReduceKind kind;
  bool countPadding;
  Window windows[2];
  int64_t width; // channels at a time
};

} // namespace

int64_t emitMaxPool(KernelContext &context, MaxPoolOp op) {
  return PoolEmitter(context, op, ReduceKind::Max, false).emit();
}

int64_t emitAveragePool(KernelContext &context, AveragePoolOp op) {
  return PoolEmitter(context, op, ReduceKind::Mean, op.getCountIncludePad())
      .emit();
}

int64_t emitReduce(KernelContext &context, ReduceOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  Combination combination{op.getKind(), input, result, Value(), 1};
  SmallVector<int64_t> strides;
  SmallVector<Range> ranges;
  for (int64_t axis : op.getAxes()) {
    combination.constantCount *= input.shape[axis];
    strides.push_back(input.strides[axis]);
    ranges.push_back({e.index(0), e.index(input.shape[axis])});
  }
  Walk from{SmallVector<int64_t>(input.strides), e.index(input.base)};
  for (int64_t axis : op.getAxes())
    from.strides[axis] = 0;
  SmallVector<int64_t> sizes(result.shape);

  // A register of neighbours where one kept dimension is contiguous in both.
  int64_t width = 1;
  for (int64_t i = 0; i < result.rank(); ++i)
    if (from.strides[i] == 1 && result.strides[i] == 1 &&
        sizes[i] >= e.target.lanes) {
      width = e.target.lanes;
      sizes[i] = llvm::divideCeil(sizes[i], width);
      int64_t last = result.shape[i] - width;
      Walk to{SmallVector<int64_t>(result.strides), e.index(result.base)};
      Walk number{SmallVector<int64_t>(result.rank(), 0), e.index(0)};
      to.strides[i] = from.strides[i] = 0;
      number.strides[i] = width;
      int64_t perTask =
          std::max<int64_t>(1, 65536 / (combination.constantCount * width));
      return emitNest(
          context, sizes, {to, from, number},
          [&](ArrayRef<Value> offsets) {
            // The last step moves back to stay inside.
            Value at = e.min(offsets[2], e.index(last));
            Value combined = BoxEmitter(e, combination, width)
                                 .emit(e.add(offsets[1], at), ranges, strides);
            e.storeVector(combined, result.buffer, e.add(offsets[0], at));
          },
          perTask);
    }
  Walk to{SmallVector<int64_t>(result.strides), e.index(result.base)};
  return emitNest(
      context, sizes, {to, from},
      [&](ArrayRef<Value> offsets) {
        Value combined =
            BoxEmitter(e, combination, 1).emit(offsets[1], ranges, strides);
        e.store(combined, result.buffer, offsets[0]);
      },
      std::max<int64_t>(1, 16384 / combination.constantCount));
}

} // namespace qcc
