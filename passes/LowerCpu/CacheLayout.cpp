// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Addresses in the cache, and its numbers.

#include "passes/LowerCpu/CacheLayout.h"

#include "dialects/Qcc/Numerics/CacheFormat.h"
#include "passes/LowerCpu/RowLoop.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <limits>

using namespace mlir;

namespace qcc {

static constexpr int64_t kPlaces = CacheFormat::kPlaces;

CacheLayout::CacheLayout(KernelContext &context, size_t operand,
                         int64_t kvHeads, int64_t headSize, Value capacity)
    : e(context.e), buffer(context.operands[operand].buffer),
      stored(context.operands[operand].stored), kvHeads(kvHeads),
      headSize(headSize),
      numbers(CacheFormat::countNumbers(headSize, stored.isInteger(8))),
      capacity(capacity) {}

Value CacheLayout::narrow(Value x) const {
  if (stored.isF32())
    return x;
  int64_t count = cast<VectorType>(x.getType()).getNumElements();
  return arith::TruncFOp::create(e, e.vectorOf(stored, count), x);
}

Value CacheLayout::widen(Value x) const {
  int64_t count = cast<VectorType>(x.getType()).getNumElements();
  Type f32 = e.vectorOf(e.getF32Type(), count);
  if (stored.isF32())
    return x;
  if (!isQuantized())
    return arith::ExtFOp::create(e, f32, x);
  Type i32 = e.vectorOf(e.getI32Type(), count);
  return arith::SIToFPOp::create(e, f32,
                                 Value(arith::ExtSIOp::create(e, i32, x)));
}

/// The tile that `place` is in.
Value CacheLayout::tileAt(Part part, Value head, Value place) const {
  Value row = part == Part::Keys ? head : e.add(head, kvHeads);
  Value at = e.mul(arith::MulIOp::create(e, row, capacity), numbers);
  return e.add(at, e.mul(e.div(place, kPlaces), kPlaces * numbers));
}

Value CacheLayout::keyAt(Value head, Value place, Value k) const {
  Value at = e.add(tileAt(Part::Keys, head, place), e.mul(k, kPlaces));
  return e.add(at, e.rem(place, kPlaces));
}

Value CacheLayout::valueAt(Value head, Value place, Value k) const {
  if (isQuantized()) {
    Value at = tileAt(Part::Values, head, place);
    return e.add(e.add(at, e.mul(e.rem(place, kPlaces), headSize)), k);
  }
  // Tiles are as long as their places together.
  Value row = arith::MulIOp::create(e, e.add(head, kvHeads), capacity);
  return e.add(e.mul(e.add(row, place), headSize), k);
}

Value CacheLayout::scaleAt(Part part, Value head, Value place,
                           Value group) const {
  Value at = e.add(tileAt(part, head, place), headSize * kPlaces);
  Value number = e.add(e.mul(group, kPlaces), e.rem(place, kPlaces));
  return e.add(at, e.mul(number, CacheFormat::kScaleBytes));
}

void CacheLayout::store(Part part, Value x, Value head, Value place, Value k,
                        int64_t valid) const {
  if (part == Part::Keys)
    e.storeStrided(narrow(x), buffer, keyAt(head, place, k), kPlaces, valid);
  else
    e.storePart(narrow(x), buffer, valueAt(head, place, k), e.index(valid));
}

/// The smallest bf16 that is not below `x`, as f32: codes never leave 8 bits.
static Value roundUp(KernelEmitter &e, Value x) {
  Type i32 = e.getI32Type();
  Value bits = arith::BitcastOp::create(e, i32, x);
  bits = arith::AddIOp::create(e, bits, e.constantInt(i32, 0xFFFF));
  bits = arith::AndIOp::create(e, bits, e.constantInt(i32, -0x10000));
  return arith::BitcastOp::create(e, e.getF32Type(), bits);
}

void CacheLayout::storeHead(Part part, const ByteBuffer &row, Value head,
                            Value place) const {
  Type f32 = e.getF32Type();
  int64_t lanes = e.target.lanes, group = CacheFormat::kGroup;
  auto larger = [&](Value a, Value b) -> Value {
    return arith::MaximumFOp::create(e, a, b);
  };
  ByteBuffer bytes(e, buffer);
  for (int64_t first = 0; first < headSize; first += group) {
    SmallVector<Value> numbers;
    Value most = e.constant(e.vectorOf(f32, lanes), 0.0);
    for (int64_t k = first; k < first + group; k += lanes) {
      numbers.push_back(row.loadFloats(e.index(4 * k), lanes));
      most = larger(most, math::AbsFOp::create(e, numbers.back()));
    }
    Value scale =
        roundUp(e, arith::DivFOp::create(e, combineLanes(e, most, larger),
                                         e.constant(f32, 127.0)));
    Value bits = arith::BitcastOp::create(e, e.getI32Type(), scale);
    bits = arith::ShRUIOp::create(e, bits, e.constantInt(e.getI32Type(), 16));
    bytes.storeScalar(arith::TruncIOp::create(e, e.getI16Type(), bits),
                      scaleAt(part, head, place, e.index(first / group)));
    Value isUsable = arith::CmpFOp::create(
        e, arith::CmpFPredicate::OGE, scale,
        e.constant(f32, std::numeric_limits<float>::min()));
    Value inverse = arith::SelectOp::create(
        e, isUsable, arith::DivFOp::create(e, e.constant(f32, 1.0), scale),
        e.constant(f32, 0.0));
    for (auto [i, x] : llvm::enumerate(numbers)) {
      int64_t k = first + int64_t(i) * lanes;
      if (k >= headSize)
        break;
      Value code =
          e.convertToInt(arith::MulFOp::create(e, x, e.splat(inverse, lanes)));
      code = arith::TruncIOp::create(e, e.vectorOf(stored, lanes), code);
      int64_t valid = std::min(lanes, headSize - k);
      if (part == Part::Keys)
        e.storeStrided(code, buffer, keyAt(head, place, e.index(k)), kPlaces,
                       valid);
      else
        e.storePart(code, buffer, valueAt(head, place, e.index(k)),
                    e.index(valid));
    }
  }
}

Value CacheLayout::loadKeys(Value head, Value place, Value k) const {
  return widen(e.loadVector(buffer, keyAt(head, place, k), e.target.lanes));
}

Value CacheLayout::loadValue(Value head, Value place, Value k,
                             int64_t valid) const {
  return widen(e.loadPart(buffer, valueAt(head, place, k), e.target.lanes,
                          e.index(valid)));
}

void CacheLayout::prefetch(Part part, Value head, Value place, Value first,
                           int64_t count) const {
  int64_t line = 64 * 8 / stored.getIntOrFloatBitWidth();
  Value at = e.add(tileAt(part, head, place), first);
  for (int64_t i = 0; i < count; i += line)
    e.prefetch(buffer, e.add(at, i));
}

Value CacheLayout::loadScales(Part part, Value head, Value place,
                              Value group) const {
  int64_t lanes = e.target.lanes;
  Type i32 = e.vectorOf(e.getI32Type(), lanes);
  Value halves = ByteBuffer(e, buffer).load(scaleAt(part, head, place, group),
                                            e.getI16Type(), lanes);
  Value bits = arith::ExtUIOp::create(e, i32, halves);
  bits = arith::ShLIOp::create(e, bits, e.constantInt(i32, 16));
  return e.bitcast(bits, e.getF32Type());
}

} // namespace qcc
