// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.softmax`: the largest element of each row, exponentials of the
// differences to it, their sum, and the quotients. Vectors lie along the row
// where it is contiguous, across rows where another dimension is.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"
#include "passes/LowerCpu/RowLoop.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {
namespace {

/// A row, or one row in each lane: how to get at its elements.
struct Rows {
  int64_t length;
  int64_t width; // elements of a row in a vector; 1: the lanes are rows
  function_ref<Value(Value i, int64_t valid)> load, loadResult;
  function_ref<void(Value x, Value i, int64_t valid)> store;
};

/// One value for each row, in every lane that belongs to it.
Value combineRows(KernelEmitter &e, const Rows &rows, Value start,
                  function_ref<Value(Value i, int64_t valid)> load,
                  function_ref<Value(Value, Value)> combine) {
  Value all = emitRowLoop(
      e, rows.length, rows.width, start, [&](Value i, int64_t valid, Value so) {
        Value next = combine(so, load(i, valid));
        return rows.width == 1 ? next : selectLanes(e, next, so, valid);
      });
  if (rows.width == 1)
    return all;
  return e.splat(combineLanes(e, all, combine), rows.width);
}

void emitRows(KernelEmitter &e, const Rows &rows, Type type, bool isLog) {
  Value largest = combineRows(e, rows, e.constant(type, -HUGE_VAL), rows.load,
                              [&](Value a, Value b) -> Value {
                                return arith::MaximumFOp::create(e, a, b);
                              });
  auto shifted = [&](Value i, int64_t valid) -> Value {
    return arith::SubFOp::create(e, rows.load(i, valid), largest);
  };
  emitRowLoop(e, rows.length, rows.width, [&](Value i, int64_t valid) {
    rows.store(math::ExpOp::create(e, shifted(i, valid)), i, valid);
  });
  Value sum = combineRows(e, rows, e.constant(type, 0), rows.loadResult,
                          [&](Value a, Value b) -> Value {
                            return arith::AddFOp::create(e, a, b);
                          });
  Value logSum = isLog ? Value(math::LogOp::create(e, sum)) : Value();
  emitRowLoop(e, rows.length, rows.width, [&](Value i, int64_t valid) {
    Value x =
        isLog ? Value(arith::SubFOp::create(e, shifted(i, valid), logSum))
              : Value(arith::DivFOp::create(e, rows.loadResult(i, valid), sum));
    rows.store(x, i, valid);
  });
}

/// Vectors along rows, which are contiguous.
int64_t emitAlong(KernelContext &context, SoftmaxOp op, ArrayRef<int64_t> sizes,
                  ArrayRef<Walk> walks, int64_t length) {
  KernelEmitter &e = context.e;
  Value from = context.operands[0].buffer, to = context.result.buffer;
  return emitNest(
      context, sizes, walks,
      [&](ArrayRef<Value> offsets) {
        auto load = [&](Value i, int64_t valid) {
          return e.loadPart(from, e.add(offsets[1], i), kRowLanes,
                            e.index(valid));
        };
        auto loadResult = [&](Value i, int64_t valid) {
          return e.loadPart(to, e.add(offsets[0], i), kRowLanes,
                            e.index(valid));
        };
        auto store = [&](Value x, Value i, int64_t valid) {
          e.storePart(x, to, e.add(offsets[0], i), e.index(valid));
        };
        emitRows(e, {length, kRowLanes, load, loadResult, store},
                 e.vectorOf(e.getF32Type(), kRowLanes), op.getLog());
      },
      std::max<int64_t>(1, 8192 / length));
}

/// Vectors across rows.
int64_t emitAcross(KernelContext &context, SoftmaxOp op,
                   ArrayRef<int64_t> sizes, ArrayRef<Walk> walks,
                   int64_t length) {
  KernelEmitter &e = context.e;
  Value from = context.operands[0].buffer, to = context.result.buffer;
  int64_t stepFrom = context.operands[0].strides[op.getAxis()];
  int64_t stepTo = context.result.strides[op.getAxis()];
  return emitRunNest(
      context, sizes, walks, e.target.lanes,
      [&](const Run &run) {
        auto load = [&](Value i, int64_t) {
          return run.load(from, 1, e.mul(i, stepFrom));
        };
        auto loadResult = [&](Value i, int64_t) {
          return run.load(to, 0, e.mul(i, stepTo));
        };
        auto store = [&](Value x, Value i, int64_t) {
          run.store(x, to, e.mul(i, stepTo));
        };
        emitRows(e, {length, 1, load, loadResult, store},
                 e.vectorOf(e.getF32Type(), run.getWidth()), op.getLog());
      },
      std::max<int64_t>(1, 8192 / length));
}

} // namespace

int64_t emitSoftmax(KernelContext &context, SoftmaxOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  int64_t axis = op.getAxis();
  SmallVector<int64_t> sizes(result.shape);
  sizes[axis] = 1;
  SmallVector<Walk> walks{
      Walk{SmallVector<int64_t>(result.strides), e.index(result.base)},
      Walk{SmallVector<int64_t>(input.strides), e.index(input.base)}};
  bool isAlong = input.strides[axis] == 1 && result.strides[axis] == 1;
  return isAlong ? emitAlong(context, op, sizes, walks, input.shape[axis])
                 : emitAcross(context, op, sizes, walks, input.shape[axis]);
}

} // namespace qcc
