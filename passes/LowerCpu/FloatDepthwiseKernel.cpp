// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.packed_depthwise` on f32: one fused multiply-add per tap and
// register of channels, for a few neighbouring outputs at once so that weights
// are loaded once and several sums are in flight.

#include "passes/LowerCpu/Kernels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {
namespace {

struct FloatDepthwise {
  KernelEmitter &e;
  PackedDepthwiseOp op;
  TensorArgument input, weight, start, residual, result;

  SmallVector<Value> addKernelRow(Value inputAt, Value weightAt,
                                  ValueRange start) {
    int64_t lanes = e.target.lanes;
    int64_t padded = llvm::alignTo(result.shape[1], lanes);
    SmallVector<Value> sums(start);
    for (int64_t x = 0; x < op.getKernel()[1]; ++x) {
      Value weights =
          e.loadVector(weight.buffer, e.add(weightAt, x * padded), lanes);
      for (auto [i, sum] : llvm::enumerate(sums)) {
        int64_t column = x * op.getDilations()[1] + i * op.getStrides()[1];
        Value loaded = e.loadVector(
            input.buffer, e.add(inputAt, column * input.strides[3]), lanes);
        sum = math::FmaOp::create(e, loaded, weights, sum);
      }
    }
    return sums;
  }

  /// `count` outputs of row `line` of image `n` from `column`, channels from
  /// `channel`.
  void emitOutputs(Value n, Value line, Value column, int64_t count,
                   Value channel, Value valid) {
    int64_t lanes = e.target.lanes;
    int64_t padded = llvm::alignTo(result.shape[1], lanes);
    SmallVector<Value> sums(count, e.loadVector(start.buffer, channel, lanes));
    Value inputAt =
        e.add(input.at(e, {n, channel, e.mul(line, op.getStrides()[0]),
                           e.mul(column, op.getStrides()[1])}),
              -op.getPads()[0] * input.strides[2] -
                  op.getPads()[1] * input.strides[3]);
    auto addRow = [&](Value y, ValueRange sums) {
      Value rowAt =
          e.add(inputAt, e.mul(y, op.getDilations()[0] * input.strides[2]));
      Value weightAt = e.add(channel, e.mul(y, op.getKernel()[1] * padded));
      return addKernelRow(rowAt, weightAt, sums);
    };
    // Rows of large kernels stay a loop: their code would be long to compile.
    if (op.getKernel()[0] > 3)
      sums = e.reduceLoop(e.index(0), e.index(op.getKernel()[0]), 1, sums,
                          addRow, /*keepRolled=*/true);
    else
      for (int64_t y = 0; y < op.getKernel()[0]; ++y)
        sums = addRow(e.index(y), sums);
    VectorType floats = e.vectorOf(e.getF32Type(), lanes);
    for (int64_t i = 0; i < count; ++i) {
      Value t = sums[i];
      if (residual.buffer) {
        Value at = e.add(residual.at(e, {n, channel, line, column}),
                         i * residual.strides[3]);
        t = arith::AddFOp::create(e, t,
                                  e.loadVector(residual.buffer, at, lanes));
      }
      if (FloatAttr lower = op.getLowerAttr())
        t = e.maxFloat(t, e.constant(floats, lower.getValueAsDouble()));
      if (FloatAttr upper = op.getUpperAttr())
        t = e.minFloat(t, e.constant(floats, upper.getValueAsDouble()));
      e.storePart(t, result.buffer,
                  e.add(result.at(e, {n, channel, line, column}),
                        i * result.strides[3]),
                  valid);
    }
  }

  void emitLine(Value n, Value line) {
    int64_t width = result.shape[3], channels = result.shape[1];
    int64_t lanes = e.target.lanes;
    int64_t tile = std::min<int64_t>(4, width);
    e.loop(llvm::divideCeil(width, tile), [&](Value number) {
      Value column = e.min(e.mul(number, tile), e.index(width - tile));
      int64_t whole = channels / lanes * lanes;
      e.loop(e.index(0), e.index(whole), lanes, [&](Value channel) {
        emitOutputs(n, line, column, tile, channel, e.index(lanes));
      });
      if (whole < channels)
        emitOutputs(n, line, column, tile, e.index(whole),
                    e.index(channels - whole));
    });
  }
};

} // namespace

int64_t emitFloatDepthwise(KernelContext &context, PackedDepthwiseOp op) {
  FloatDepthwise kernel{
      context.e,
      op,
      context.operands[0],
      context.operands[1],
      context.operands[2],
      op.getResidual() ? context.operands[3] : TensorArgument(),
      context.result};
  KernelEmitter &e = context.e;
  int64_t height = context.result.shape[2];
  int64_t rows = context.result.shape[0] * height;
  auto emitRows = [&](Value first, Value end) {
    e.loop(first, end, 1, [&](Value row) {
      kernel.emitLine(e.div(row, height), e.rem(row, height));
    });
  };
  if (context.rows) {
    emitRows(context.rows->first, context.rows->end);
    return 1;
  }
  // A task of a few thousand outputs takes some microseconds.
  int64_t tasks = std::clamp<int64_t>(context.result.count() / 4096, 1, rows);
  int64_t perTask = llvm::divideCeil(rows, tasks);
  Value first = e.mul(context.task, perTask);
  emitRows(first, e.min(e.add(first, perTask), e.index(rows)));
  return llvm::divideCeil(rows, perTask);
}

} // namespace qcc
