// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Addresses in the cache.

#include "passes/LowerCpu/CacheLayout.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace qcc {

CacheLayout::CacheLayout(KernelContext &context, size_t operand,
                         int64_t kvHeads, int64_t headSize, Value capacity)
    : e(context.e), buffer(context.operands[operand].buffer),
      stored(context.operands[operand].stored), kvHeads(kvHeads),
      headSize(headSize), capacity(capacity) {}

Value CacheLayout::narrow(Value x) const {
  if (stored.isF32())
    return x;
  int64_t count = cast<VectorType>(x.getType()).getNumElements();
  return arith::TruncFOp::create(e, e.vectorOf(stored, count), x);
}

Value CacheLayout::widen(Value x) const {
  if (stored.isF32())
    return x;
  int64_t count = cast<VectorType>(x.getType()).getNumElements();
  return arith::ExtFOp::create(e, e.vectorOf(e.getF32Type(), count), x);
}

Value CacheLayout::keyAt(Value head, Value place, Value k) const {
  Value tile = e.mul(e.div(place, kPlaces), headSize * kPlaces);
  Value at = e.mul(arith::MulIOp::create(e, head, capacity), headSize);
  at = e.add(at, tile);
  return e.add(e.add(at, e.mul(k, kPlaces)), e.rem(place, kPlaces));
}

Value CacheLayout::valueAt(Value head, Value place, Value k) const {
  Value row = arith::MulIOp::create(e, e.add(head, kvHeads), capacity);
  return e.add(e.mul(e.add(row, place), headSize), k);
}

void CacheLayout::storeKey(Value x, Value head, Value place, Value k,
                           int64_t valid) const {
  e.storeStrided(narrow(x), buffer, keyAt(head, place, k), kPlaces, valid);
}

void CacheLayout::storeValue(Value x, Value head, Value place, Value k,
                             int64_t valid) const {
  e.storePart(narrow(x), buffer, valueAt(head, place, k), e.index(valid));
}

Value CacheLayout::loadKeys(Value head, Value place, Value k) const {
  return widen(e.loadVector(buffer, keyAt(head, place, k), e.target.lanes));
}

Value CacheLayout::loadValue(Value head, Value place, Value k,
                             int64_t valid) const {
  return widen(e.loadPart(buffer, valueAt(head, place, k), e.target.lanes,
                          e.index(valid)));
}

} // namespace qcc
