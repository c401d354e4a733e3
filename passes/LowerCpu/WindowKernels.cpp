// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.max_pool` and `qcc.average_pool`: every result element combines
// a window of input elements. Where channels are contiguous on both sides, a
// register of channels is combined at a time.

#include "passes/LowerCpu/BoxEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace qcc {
namespace {

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
    if (width == 1 || input.shape[1] == 1)
      op.emitRemark("pools an image of one channel or of planes pixel by "
                    "pixel: slower than pixels with channels");
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

} // namespace qcc
