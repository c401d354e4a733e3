// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes leave by saturating packs, which undo the order of the channels; floats
// are put in order by shuffles.

#include "passes/LowerCpu/DepthwiseStore.h"

#include "passes/LowerCpu/FloatEpilogue.h"

using namespace mlir;

namespace qcc {

DepthwiseStore::DepthwiseStore(KernelContext &context, PackedDepthwiseOp op)
    : e(context.e), result(context.result.buffer), lower(op.getLowerAttr()),
      upper(op.getUpperAttr()) {
  QuantType residualGrid;
  if (op.getResidual()) {
    residual = context.operands[4].buffer;
    residualGrid = context.operands[4].grid();
  }
  if (QuantType grid = context.result.grid())
    scheme =
        Requantization::of(grid, lower, upper, op.getBounded(), residualGrid);
}

void DepthwiseStore::emit(ArrayRef<Value> sums, ArrayRef<Value> multipliers,
                          Value resultAt, Value residualAt,
                          int64_t valid) const {
  if (!scheme)
    return emitFloats(sums, multipliers, resultAt, residualAt, valid);
  int64_t lanes = cast<VectorType>(sums[0].getType()).getNumElements();
  SmallVector<Value> residuals;
  if (residualAt)
    residuals.push_back(e.loadVector(residual, residualAt, 4 * lanes));
  e.storePart(emitNarrowing(e, *scheme, sums, 4, multipliers, residuals)[0],
              result, resultAt, e.index(valid));
}

void DepthwiseStore::emitFloats(ArrayRef<Value> sums,
                                ArrayRef<Value> multipliers, Value resultAt,
                                Value residualAt, int64_t valid) const {
  SmallVector<Value> scaled;
  for (auto [sum, multiplier] : llvm::zip(sums, multipliers))
    scaled.push_back(emitFloatResult(e, sum, multiplier, Value(), {}));
  int64_t lanes = cast<VectorType>(sums[0].getType()).getNumElements();
  for (auto [part, t] : llvm::enumerate(emitChannelOrder(e, scaled))) {
    int64_t first = part * lanes;
    if (first >= valid)
      break;
    Value count = e.index(std::min(lanes, valid - first)), added;
    if (residualAt)
      added = e.loadPart(residual, e.add(residualAt, first), lanes, count);
    t = emitFloatResult(e, t, Value(), added, {lower, upper});
    e.storePart(t, result, e.add(resultAt, first), count);
  }
}

} // namespace qcc
