// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.softmax` and `qcc.matmul`: rows of floats combined in several
// passes.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {

int64_t emitSoftmax(KernelContext &context, SoftmaxOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  int64_t axis = op.getAxis(), length = input.shape[axis];
  int64_t from = input.strides[axis], to = result.strides[axis];
  SmallVector<int64_t> sizes(result.shape);
  sizes[axis] = 1;
  Walk walkTo{SmallVector<int64_t>(result.strides), e.index(result.base)};
  Walk walkFrom{SmallVector<int64_t>(input.strides), e.index(input.base)};
  Type f32 = e.getF32Type();
  auto element = [&](Value at, Value i) {
    return e.load(input.buffer, e.add(at, e.mul(i, from)));
  };
  return emitNest(
      context, sizes, {walkTo, walkFrom},
      [&](ArrayRef<Value> offsets) {
        Value zero = e.index(0), end = e.index(length);
        Value largest =
            e.reduceLoop(zero, end, 1, e.constant(f32, -HUGE_VAL),
                         [&](Value i, ValueRange so) -> SmallVector<Value> {
                           return {arith::MaximumFOp::create(
                               e, so[0], element(offsets[1], i))};
                         })[0];
        auto shifted = [&](Value i) -> Value {
          return arith::SubFOp::create(e, element(offsets[1], i), largest);
        };
        // Exponentials first, in a loop of their own that vectorizes.
        auto slot = [&](Value i) {
          return e.add(offsets[0], e.mul(i, to));
        };
        e.loop(length, [&](Value i) {
          e.store(math::ExpOp::create(e, shifted(i)), result.buffer, slot(i));
        });
        Value sum =
            e.reduceLoop(zero, end, 1, e.constant(f32, 0),
                         [&](Value i, ValueRange so) -> SmallVector<Value> {
                           return {arith::AddFOp::create(
                               e, so[0], e.load(result.buffer, slot(i)))};
                         })[0];
        if (op.getLog()) {
          Value logSum = math::LogOp::create(e, sum);
          e.loop(length, [&](Value i) {
            e.store(arith::SubFOp::create(e, shifted(i), logSum),
                    result.buffer, slot(i));
          });
          return;
        }
        e.loop(length, [&](Value i) {
          e.store(arith::DivFOp::create(e, e.load(result.buffer, slot(i)),
                                        sum),
                  result.buffer, slot(i));
        });
      },
      std::max<int64_t>(1, 8192 / length));
}

int64_t emitMatmul(KernelContext &context, MatmulOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &lhs = context.operands[0], &rhs = context.operands[1];
  const TensorArgument &result = context.result;
  int64_t rank = result.rank(), depth = lhs.shape.back();
  // Rows of the result: sums in place over a contiguous row of rhs vectorize.
  SmallVector<int64_t> sizes(result.shape);
  sizes[rank - 1] = 1;
  SmallVector<int64_t> batch(result.shape);
  Walk to{SmallVector<int64_t>(result.strides), e.index(result.base)};
  auto walk = [&](const TensorArgument &operand, bool isLeft) {
    Walk walk;
    walk.strides.assign(rank, 0);
    int64_t shift = rank - operand.rank();
    for (int64_t i = 0; i + 2 < operand.rank(); ++i)
      walk.strides[shift + i] =
          operand.shape[i] == 1 ? 0 : operand.strides[i];
    if (isLeft)
      walk.strides[rank - 2] = operand.strides[operand.rank() - 2];
    walk.start = e.index(operand.base);
    return walk;
  };
  int64_t columns = result.shape.back();
  int64_t stepK = rhs.strides[rhs.rank() - 2];
  int64_t stepN = rhs.strides[rhs.rank() - 1];
  return emitNest(
      context, sizes, {to, walk(lhs, true), walk(rhs, false)},
      [&](ArrayRef<Value> offsets) {
        auto slot = [&](Value n) {
          return e.add(offsets[0], e.mul(n, result.strides[rank - 1]));
        };
        e.loop(columns, [&](Value n) {
          e.store(e.constant(e.getF32Type(), 0), result.buffer, slot(n));
        });
        e.loop(depth, [&](Value k) {
          Value a = e.load(lhs.buffer,
                           e.add(offsets[1],
                                 e.mul(k, lhs.strides[lhs.rank() - 1])));
          e.loop(columns, [&](Value n) {
            Value b = e.load(rhs.buffer, e.add(e.add(offsets[2],
                                                     e.mul(k, stepK)),
                                               e.mul(n, stepN)));
            Value sum = math::FmaOp::create(
                e, a, b, e.load(result.buffer, slot(n)));
            e.store(sum, result.buffer, slot(n));
          });
        });
      },
      std::max<int64_t>(1, 65536 / std::max<int64_t>(1, depth * columns)));
}

} // namespace qcc
