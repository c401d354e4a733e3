// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole vectors in a loop, then the part that is left.

#include "passes/LowerCpu/RowLoop.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <numeric>

using namespace mlir;

namespace qcc {

Value emitRowLoop(KernelEmitter &e, int64_t length, int64_t width,
                  Value running,
                  function_ref<Value(Value, int64_t, Value)> body) {
  int64_t whole = length / width * width;
  if (whole > 0)
    running = e.reduceLoop(e.index(0), e.index(whole), width, running,
                           [&](Value i, ValueRange so) -> SmallVector<Value> {
                             return {body(i, width, so[0])};
                           })[0];
  if (whole < length)
    running = body(e.index(whole), length - whole, running);
  return running;
}

void emitRowLoop(KernelEmitter &e, int64_t length, int64_t width,
                 function_ref<void(Value, int64_t)> body) {
  int64_t whole = length / width * width;
  e.loop(e.index(0), e.index(whole), width, [&](Value i) { body(i, width); });
  if (whole < length)
    body(e.index(whole), length - whole);
}

Value selectLanes(KernelEmitter &e, Value a, Value b, int64_t valid) {
  int64_t count = cast<VectorType>(a.getType()).getNumElements();
  if (valid >= count)
    return a;
  Value mask = vector::CreateMaskOp::create(e, e.vectorOf(e.getI1Type(), count),
                                            e.index(valid));
  return arith::SelectOp::create(e, mask, a, b);
}

Value combineLanes(KernelEmitter &e, Value vector,
                   function_ref<Value(Value, Value)> combine) {
  int64_t count = cast<VectorType>(vector.getType()).getNumElements();
  while (count > 1) {
    SmallVector<int64_t> low(count / 2), high(count / 2);
    std::iota(low.begin(), low.end(), 0);
    std::iota(high.begin(), high.end(), count / 2);
    vector = combine(e.shuffle(vector, vector, low),
                     e.shuffle(vector, vector, high));
    count /= 2;
  }
  return vector::ExtractOp::create(e, vector, int64_t(0));
}

} // namespace qcc
