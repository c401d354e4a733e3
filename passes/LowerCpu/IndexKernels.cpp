// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.top_k` and `qcc.scatter`.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace qcc {

//===-- qcc.top_k ---------------------------------------------------------===//

/// Whether `x` comes before `y` whatever their places: a number before NaN.
static Value emitBeats(KernelEmitter &e, Value x, Value y, bool isLargest,
                       bool isUnsigned) {
  if (isa<FloatType>(x.getType())) {
    Value isNumber = arith::CmpFOp::create(e, arith::CmpFPredicate::ORD, x, x);
    Value isBetter = arith::CmpFOp::create(
        e, isLargest ? arith::CmpFPredicate::UGT : arith::CmpFPredicate::ULT, x,
        y);
    return arith::AndIOp::create(e, isNumber, isBetter);
  }
  using Predicate = arith::CmpIPredicate;
  Predicate predicate = isUnsigned
                            ? (isLargest ? Predicate::ugt : Predicate::ult)
                            : (isLargest ? Predicate::sgt : Predicate::slt);
  return arith::CmpIOp::create(e, predicate, x, y);
}

namespace {

/// The places found so far along one line, best first, in the result itself.
struct BestPlaces {
  KernelContext &context;
  int64_t axis;
  bool isLargest;
  Value from, to; // where the line starts in the input and in the result

  Value readInput(Value place) const {
    const TensorArgument &input = context.operands[0];
    KernelEmitter &e = context.e;
    return e.load(input.buffer, e.add(from, e.mul(place, input.strides[axis])));
  }
  Value slot(Value rank) const {
    KernelEmitter &e = context.e;
    return e.add(to, e.mul(rank, context.result.strides[axis]));
  }
  /// The place that is number `rank`.
  Value readPlace(Value rank) const {
    KernelEmitter &e = context.e;
    return arith::IndexCastOp::create(
        e, e.getIndexType(), e.load(context.result.buffer, slot(rank)));
  }
  Value beats(Value x, Value y) const {
    return emitBeats(context.e, x, y, isLargest,
                     context.operands[0].isUnsigned());
  }
  void insert(Value place, Value x, Value rank) const;
};

} // namespace

/// Moves worse ones on from `rank` up, and puts `place` in front of them.
void BestPlaces::insert(Value place, Value x, Value rank) const {
  KernelEmitter &e = context.e;
  Value zero = e.index(0), one = e.index(1);
  auto loop = scf::WhileOp::create(
      e, TypeRange(e.getIndexType()), ValueRange(rank),
      [&](OpBuilder &, Location, ValueRange now) {
        Value isAbove =
            arith::CmpIOp::create(e, arith::CmpIPredicate::sgt, now[0], zero);
        Value above =
            e.max(arith::SubIOp::create(e, now[0], one).getResult(), zero);
        // Nothing has been stored where there is none above.
        Value place =
            arith::SelectOp::create(e, isAbove, readPlace(above), zero);
        Value isWorse = beats(x, readInput(place));
        scf::ConditionOp::create(e, arith::AndIOp::create(e, isAbove, isWorse),
                                 now);
      },
      [&](OpBuilder &, Location, ValueRange now) {
        Value above = arith::SubIOp::create(e, now[0], one);
        e.store(e.load(context.result.buffer, slot(above)),
                context.result.buffer, slot(now[0]));
        scf::YieldOp::create(e, above);
      });
  e.store(arith::IndexCastOp::create(e, e.getI64Type(), place),
          context.result.buffer, slot(loop.getResult(0)));
}

int64_t emitTopK(KernelContext &context, TopKOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  int64_t axis = op.getAxis(), length = input.shape[axis];
  int64_t count = result.shape[axis];
  SmallVector<int64_t> sizes(result.shape);
  sizes[axis] = 1;
  Walk to{SmallVector<int64_t>(result.strides), e.index(result.base)};
  Walk from{SmallVector<int64_t>(input.strides), e.index(input.base)};
  return emitNest(
      context, sizes, {to, from},
      [&](ArrayRef<Value> offsets) {
        BestPlaces best{context, axis, op.getLargest(), offsets[1], offsets[0]};
        // The first ones have room; each later one must beat the last.
        e.loop(count, [&](Value place) {
          best.insert(place, best.readInput(place), place);
        });
        e.loop(e.index(count), e.index(length), 1, [&](Value place) {
          Value x = best.readInput(place);
          Value last = e.index(count - 1);
          e.ifThen(best.beats(x, best.readInput(best.readPlace(last))),
                   [&] { best.insert(place, x, last); });
        });
      },
      std::max<int64_t>(1, 4096 / length));
}

//===-- qcc.scatter -------------------------------------------------------===//

static Value emitCombined(KernelContext &context, ScatterKind kind, Value old,
                          Value update) {
  if (kind == ScatterKind::Set)
    return update;
  BinaryKind function = kind == ScatterKind::Add   ? BinaryKind::Add
                        : kind == ScatterKind::Mul ? BinaryKind::Mul
                        : kind == ScatterKind::Max ? BinaryKind::Max
                                                   : BinaryKind::Min;
  return emitBinaryFunction(context.e, function, old, update, /*cStyle=*/false,
                            context.result.isUnsigned());
}

// Updates may meet in one place, and their order counts: one task.
int64_t emitScatter(KernelContext &context, ScatterOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  const TensorArgument &indices = context.operands[1];
  const TensorArgument &updates = context.operands[2], &result = context.result;
  int64_t width =
      e.target.vectorBytes() / getElementBytes(context.result.stored);
  auto emitSlices = [&](ArrayRef<int64_t> sizes, ArrayRef<Walk> walks,
                        function_ref<void(const Run &)> body) {
    emitRunNest(context, sizes, walks, width, body,
                std::numeric_limits<int64_t>::max());
  };
  auto walk = [](const TensorArgument &tensor, Value start) {
    return Walk{SmallVector<int64_t>(tensor.strides), start};
  };
  emitSlices(
      result.shape,
      {walk(result, e.index(result.base)), walk(input, e.index(input.base))},
      [&](const Run &run) {
        run.store(run.load(input.buffer, 1), result.buffer);
      });

  SmallVector<int64_t> slice(result.shape);
  slice[0] = 1;
  Value rows = e.index(result.shape[0]);
  e.loop(indices.shape[0], [&](Value i) {
    Value row = arith::IndexCastOp::create(
        e, e.getIndexType(), e.load(indices.buffer, indices.at(e, {i})));
    Value isNegative =
        arith::CmpIOp::create(e, arith::CmpIPredicate::slt, row, e.index(0));
    row = arith::SelectOp::create(e, isNegative, e.add(row, rows), row);
    Value isInside =
        arith::CmpIOp::create(e, arith::CmpIPredicate::ult, row, rows);
    Value to = e.add(e.mul(row, result.strides[0]), result.base);
    Value from = e.add(e.mul(i, updates.strides[0]), updates.base);
    e.ifThen(isInside, [&] {
      emitSlices(slice, {walk(result, to), walk(updates, from)},
                 [&](const Run &run) {
                   Value old = run.load(result.buffer, 0);
                   Value update = run.load(updates.buffer, 1);
                   run.store(emitCombined(context, op.getKind(), old, update),
                             result.buffer);
                 });
    });
  });
  return 1;
}

} // namespace qcc
