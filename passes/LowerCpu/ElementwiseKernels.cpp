// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that compute each result element from the elements at its place:
// single ops, and the bodies of `qcc.fused`.

#include "passes/LowerCpu/ElementMath.h"
#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace qcc {

/// Bytes of `tensor`'s elements in a register: grids are computed in 32 bits.
static int64_t computedBytes(const TensorArgument &tensor) {
  return tensor.grid() ? 4 : getElementBytes(tensor.stored);
}

/// Loops over the result with all operands broadcast to it; `compute` maps
/// vectors of loaded elements to the stored ones. Two registers at a time hide
/// the latency of short functions.
static int64_t emitRuns(KernelContext &context,
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

int64_t emitElementwise(KernelContext &context, Operation *op) {
  if (isa<QuantizeOp>(op))
    if (std::optional<int64_t> tasks = emitInterleavedPlanes(context))
      return *tasks;
  return emitRuns(context, [&](ArrayRef<Value> x) {
    return emitElements(context.e, op, x);
  });
}

int64_t emitFused(KernelContext &context, FusedOp op) {
  return emitRuns(context, [&](ArrayRef<Value> x) {
    Block &body = op.getBody().front();
    IRMapping elements;
    for (auto [argument, element] : llvm::zip(body.getArguments(), x))
      elements.map(argument, element);
    for (Operation &inner : body.without_terminator()) {
      SmallVector<Value> operands;
      for (Value operand : inner.getOperands())
        operands.push_back(elements.lookup(operand));
      elements.map(inner.getResult(0),
                   emitElements(context.e, &inner, operands));
    }
    return elements.lookup(cast<YieldOp>(body.getTerminator()).getValue());
  });
}

} // namespace qcc
