// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes: acc[r][v] += sum over taps and k of x[r][tap][k] * w[tap][k][v].
//
// Layout: weights are one panel of `#qcc.panels`; rows of x are `rowStride`
// apart and contiguous along k. The K loop that LLVM makes of it, avx512, rows
// 14, vectors 2 (30 registers live, no spill):
//
//   vmovdqu64   zmm0, [rbx + rcx]          two weight registers
//   vmovdqu64   zmm1, [rbx + rcx + 64]
//   vpbroadcastd zmm2, [rax + 0*stride]    14 times: one row's four bytes
//   vpdpbusd    zmm3, zmm2, zmm0
//   vpdpbusd    zmm4, zmm2, zmm1
//
// K is not unrolled: measured on Zen 5 (2026-11), two steps an iteration spill
// and drop from 98 % of the peak to 34 %.

#include "passes/LowerCpu/DotProductTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

static StringRef vnniIntrinsic(int64_t lanes) {
  return lanes == 16  ? "llvm.x86.avx512.vpdpbusd.512"
         : lanes == 8 ? "llvm.x86.avx512.vpdpbusd.256"
                      : "llvm.x86.avx512.vpdpbusd.128";
}

/// Bytes 0 and 2, or 1 and 3, of each dword of `bytes` widened to i16.
static Value widenBytes(KernelEmitter &e, Value bytes, bool odd,
                        bool isSigned) {
  Value words = e.bitcast(bytes, e.getI16Type());
  Value eight = e.constantInt(words.getType(), 8);
  if (!odd)
    words = arith::ShLIOp::create(e, words, eight);
  if (isSigned)
    return arith::ShRSIOp::create(e, words, eight);
  return arith::ShRUIOp::create(e, words, eight);
}

/// Exact without VNNI: products of widened bytes summed in pairs by vpmaddwd
/// (255 * 128 * 2 fits 32 bits; vpmaddubsw would saturate at 16).
static Value emitMadd(KernelEmitter &e, Value accumulator, Value bytes,
                      Value weights) {
  auto type = cast<VectorType>(accumulator.getType());
  StringRef name = type.getNumElements() == 8 ? "llvm.x86.avx2.pmadd.wd"
                                              : "llvm.x86.sse2.pmadd.wd";
  for (bool odd : {false, true}) {
    Value product =
        e.intrinsic(name, type,
                    {widenBytes(e, bytes, odd, /*isSigned=*/false),
                     widenBytes(e, weights, odd, /*isSigned=*/true)});
    accumulator = arith::AddIOp::create(e, accumulator, product);
  }
  return accumulator;
}

Value emitDot(KernelEmitter &e, Value accumulator, Value bytes, Value weights) {
  if (e.target.dot == DotProduct::Madd256)
    return emitMadd(e, accumulator, bytes, weights);
  auto type = cast<VectorType>(accumulator.getType());
  return e.intrinsic(vnniIntrinsic(type.getNumElements()), type,
                     {accumulator, bytes, weights});
}

Value emitWordDot(KernelEmitter &e, Value accumulator, Value a, Value b) {
  auto type = cast<VectorType>(accumulator.getType());
  if (e.target.dot == DotProduct::Madd256) {
    Value product = e.intrinsic(
        "llvm.x86.avx2.pmadd.wd", type,
        {e.bitcast(a, e.getI16Type()), e.bitcast(b, e.getI16Type())});
    return arith::AddIOp::create(e, accumulator, product);
  }
  StringRef name = type.getNumElements() == 16 ? "llvm.x86.avx512.vpdpwssd.512"
                                               : "llvm.x86.avx512.vpdpwssd.256";
  return e.intrinsic(name, type,
                     {accumulator, e.bitcast(a, e.getI16Type()),
                      e.bitcast(b, e.getI16Type())});
}

namespace {

/// Offsets of one step of K: in the input of the tile's origin, in the weights,
/// and of what is asked for ahead.
struct StepPlace {
  Value input, weight, ahead;

  StepPlace advance(KernelEmitter &e, Value count, int64_t inputStride,
                    int64_t weightStride, int64_t aheadStride) const {
    StepPlace place;
    place.input = e.add(input, e.mul(count, inputStride));
    place.weight = e.add(weight, e.mul(count, weightStride));
    if (ahead)
      place.ahead = e.add(ahead, e.mul(count, aheadStride));
    return place;
  }
};

bool isFloatTile(ValueRange accumulators) {
  return isa<FloatType>(getElementTypeOrSelf(accumulators[0].getType()));
}

SmallVector<Value> emitStep(KernelEmitter &e, const TileOperands &operands,
                            int64_t vectors, const StepPlace &place,
                            ValueRange accumulators) {
  bool isFloat = isFloatTile(accumulators);
  int64_t perVector = e.target.lanes * (isFloat ? 1 : 4);
  SmallVector<Value> weights, sums(accumulators);
  if (place.ahead)
    e.prefetch(operands.weight, place.ahead);
  for (int64_t v = 0; v < vectors; ++v)
    weights.push_back(e.loadVector(
        operands.weight, e.add(place.weight, v * perVector), perVector));
  for (auto [r, offset] : llvm::enumerate(operands.rows)) {
    Value rowAt = e.add(place.input, offset);
    Value activation =
        isFloat ? e.splat(e.load(operands.input, rowAt), e.target.lanes)
                : e.broadcastDword(operands.input, rowAt);
    for (int64_t v = 0; v < vectors; ++v) {
      Value &sum = sums[r * vectors + v];
      if (isFloat)
        sum = math::FmaOp::create(e, activation, weights[v], sum);
      else
        sum = emitDot(e, sum, activation, weights[v]);
    }
  }
  return sums;
}

} // namespace

SmallVector<Value> emitTile(KernelEmitter &e, const TileOperands &operands,
                            int64_t vectors, ValueRange accumulators) {
  int64_t step = isFloatTile(accumulators) ? 1 : 4;
  int64_t perStep = vectors * e.target.lanes * step;
  int64_t innerSteps = operands.steps;
  int64_t outerSteps = operands.innerTaps * innerSteps;
  auto loop = [&](int64_t count, const StepPlace &from, int64_t inputStride,
                  int64_t steps, ValueRange sums, auto body) {
    return e.reduceLoop(
        e.index(0), e.index(count), 1, sums,
        [&](Value i, ValueRange sums) -> SmallVector<Value> {
          return body(from.advance(e, i, inputStride, steps * perStep,
                                   steps * operands.aheadStep),
                      sums);
        },
        /*keepRolled=*/true);
  };
  StepPlace start{operands.inputAt, operands.weightAt, operands.ahead};
  return loop(operands.outerTaps, start, operands.outerStride, outerSteps,
              accumulators, [&](const StepPlace &outer, ValueRange sums) {
                return loop(
                    operands.innerTaps, outer, operands.innerStride, innerSteps,
                    sums, [&](const StepPlace &inner, ValueRange sums) {
                      return loop(operands.steps, inner, step, 1, sums,
                                  [&](const StepPlace &place, ValueRange sums) {
                                    return emitStep(e, operands, vectors, place,
                                                    sums);
                                  });
                    });
              });
}

} // namespace qcc
