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

Value emitDot(KernelEmitter &e, Value accumulator, Value bytes,
              Value weights) {
  if (e.target.dot == DotProduct::Madd256)
    return emitMadd(e, accumulator, bytes, weights);
  auto type = cast<VectorType>(accumulator.getType());
  return e.intrinsic(vnniIntrinsic(type.getNumElements()), type,
                     {accumulator, bytes, weights});
}

/// One step of K: `at` is where row 0 reads, `weightAt` the weight registers.
static SmallVector<Value> emitStep(KernelEmitter &e,
                                   const TileOperands &operands, int64_t rows,
                                   int64_t vectors, Value at, Value weightAt,
                                   ValueRange accumulators) {
  bool isFloat =
      isa<FloatType>(cast<VectorType>(accumulators[0].getType())
                         .getElementType());
  int64_t perVector = e.target.lanes * (isFloat ? 1 : 4);
  SmallVector<Value> weights, sums(accumulators);
  for (int64_t v = 0; v < vectors; ++v)
    weights.push_back(e.loadVector(operands.weight,
                                   e.add(weightAt, v * perVector), perVector));
  for (int64_t r = 0; r < rows; ++r) {
    Value rowAt = e.add(at, r * operands.rowStride);
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

SmallVector<Value> emitTile(KernelEmitter &e, const TileOperands &operands,
                            int64_t rows, int64_t vectors,
                            ValueRange accumulators) {
  bool isFloat =
      isa<FloatType>(cast<VectorType>(accumulators[0].getType())
                         .getElementType());
  int64_t step = isFloat ? 1 : 4;
  int64_t perStep = vectors * e.target.lanes * step;
  int64_t perInner = operands.steps * perStep;
  int64_t perOuter = operands.innerTaps * perInner;
  return e.reduceLoop(
      e.index(0), e.index(operands.outerTaps), 1, accumulators,
      [&](Value outer, ValueRange sums) {
        Value at = e.add(operands.inputAt, e.mul(outer, operands.outerStride));
        Value weightAt = e.add(operands.weightAt, e.mul(outer, perOuter));
        return e.reduceLoop(
            e.index(0), e.index(operands.innerTaps), 1, sums,
            [&](Value inner, ValueRange sums) {
              Value tapAt = e.add(at, e.mul(inner, operands.innerStride));
              Value tapWeightAt = e.add(weightAt, e.mul(inner, perInner));
              return e.reduceLoop(
                  e.index(0), e.index(operands.steps), 1, sums,
                  [&](Value k, ValueRange sums) {
                    return emitStep(e, operands, rows, vectors,
                                    e.add(tapAt, e.mul(k, step)),
                                    e.add(tapWeightAt, e.mul(k, perStep)),
                                    sums);
                  },
                  /*keepRolled=*/true);
            },
            /*keepRolled=*/true);
      },
      /*keepRolled=*/true);
}

} // namespace qcc
