// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.reduce`: each result element combines a box of input elements,
// vectors of results where a kept dimension is contiguous, rows of the box
// where a reduced one is.

#include "passes/LowerCpu/BoxEmitter.h"
#include "passes/LowerCpu/LoopNest.h"
#include "passes/LowerCpu/RowLoop.h"

using namespace mlir;

namespace qcc {

/// Elements combined at a time, of `size` neighbours: four times `lanes` where
/// there are that many, so that each waits a quarter as often for the last.
static int64_t chooseWidth(int64_t lanes, int64_t size) {
  return size >= 4 * lanes ? 4 * lanes : lanes;
}

int64_t emitReduce(KernelContext &context, ReduceOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  Combination combination{op.getKind(), input, result, Value(), 1};
  SmallVector<int64_t> strides;
  SmallVector<Range> ranges;
  int64_t rowLength = 0;
  for (int64_t axis : op.getAxes()) {
    combination.constantCount *= input.shape[axis];
    if (input.strides[axis] == 1 && input.shape[axis] >= kRowLanes &&
        rowLength == 0) {
      rowLength = input.shape[axis];
      continue;
    }
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
    if (rowLength == 0 && from.strides[i] == 1 && result.strides[i] == 1 &&
        sizes[i] >= e.target.lanes) {
      width = chooseWidth(e.target.lanes, sizes[i]);
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
        BoxEmitter box(e, combination,
                       rowLength > 0 ? chooseWidth(kRowLanes, rowLength) : 1);
        Value combined =
            rowLength > 0 ? box.emitRows(offsets[1], ranges, strides, rowLength)
                          : box.emit(offsets[1], ranges, strides);
        e.store(combined, result.buffer, offsets[0]);
      },
      std::max<int64_t>(1, 16384 / combination.constantCount));
}

} // namespace qcc
