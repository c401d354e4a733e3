// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes docs/numerics.md *requantize*: q = cvt_rne(clamp(f32(acc) * m)) + z.
//
// Where the compiler proved that |f32(acc) * m| stays below 2^30, the clamp
// moves behind the conversion and costs nothing: narrowing saturates. Per 64
// results on avx512: 4 vcvtdq2ps, 4 vmulps, 4 vcvtps2dq, 2 vpackssdw,
// 1 vpackuswb, 1 vpermd (and 2 vpaddsw for a zero point), 5 instructions per
// register of sums. Saturation to i16 first is exact, because adding a zero
// point of at most 255 to +-32767 still saturates to the same byte.

#include "passes/LowerCpu/NarrowingEpilogue.h"

#include "dialects/Qcc/Target/PanelLayout.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

Requantization Requantization::of(QuantType result, FloatAttr lower,
                                  FloatAttr upper, bool bounded,
                                  QuantType residual) {
  Requantization scheme;
  scheme.result = result;
  scheme.stored = result.getStorageType();
  GridBounds bounds = GridBounds::of(result, lower, upper);
  scheme.lowest = bounds.lowest;
  scheme.highest = bounds.highest;
  scheme.bounded = bounded;
  scheme.residual = residual;
  if (residual)
    scheme.residualScale =
        float(double(residual.getScaleValue()) / result.getScaleValue());
  return scheme;
}

namespace {

struct Narrowing {
  KernelEmitter &e;
  const Requantization &scheme;
  int64_t vectors;
  int64_t lanes; // of one register of sums

  /// The bytes of a row that belong to register `v`, as i32.
  Value widen(Value bytes, int64_t v, bool isSigned) {
    VectorType ints = e.vectorOf(e.getI32Type(), lanes);
    int64_t count = cast<VectorType>(bytes.getType()).getNumElements();
    SmallVector<int64_t> mask;
    // One vpermt2b with zeros where picking and widening are two steps.
    bool isOneStep = !isSigned && vectors > 1 && lanes == 16;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      mask.push_back(interleavedChannel(vectors, v, lane));
      if (isOneStep)
        mask.append(3, count);
    }
    if (isOneStep)
      return e.bitcast(
          e.shuffle(bytes, e.constantInt(bytes.getType(), 0), mask),
          e.getI32Type());
    Value part = e.shuffle(bytes, bytes, mask);
    return isSigned ? Value(arith::ExtSIOp::create(e, ints, part))
                    : Value(arith::ExtUIOp::create(e, ints, part));
  }

  /// A row's residual bytes that belong to register `v`, minus their zero
  /// point.
  Value residualOf(Value bytes, int64_t v) {
    Value part = widen(bytes, v, scheme.residual.getIsSigned());
    if (int64_t zero = scheme.residual.getZeroPoint())
      part =
          arith::SubIOp::create(e, part, e.constantInt(part.getType(), zero));
    return part;
  }

  /// One register of sums to i32 before the zero point.
  Value scale(Value sum, Value multiplier, Value residual) {
    VectorType floats = e.vectorOf(e.getF32Type(), lanes);
    Value t = arith::MulFOp::create(e, arith::SIToFPOp::create(e, floats, sum),
                                    multiplier);
    if (residual)
      t = math::FmaOp::create(e, arith::SIToFPOp::create(e, floats, residual),
                              e.constant(floats, scheme.residualScale), t);
    if (!scheme.bounded) {
      int64_t zero = scheme.result.getZeroPoint();
      t = e.maxFloat(t, e.constant(floats, double(scheme.lowest - zero)));
      t = e.minFloat(t, e.constant(floats, double(scheme.highest - zero)));
    }
    return e.convertToInt(t);
  }

  Value pack(Value a, Value b, bool toBytes) {
    bool isUnsigned = toBytes && !scheme.result.getIsSigned();
    StringRef name;
    if (lanes == 16)
      name = !toBytes     ? "llvm.x86.avx512.packssdw.512"
             : isUnsigned ? "llvm.x86.avx512.packuswb.512"
                          : "llvm.x86.avx512.packsswb.512";
    else if (lanes == 8)
      name = !toBytes     ? "llvm.x86.avx2.packssdw"
             : isUnsigned ? "llvm.x86.avx2.packuswb"
                          : "llvm.x86.avx2.packsswb";
    else
      name = !toBytes     ? "llvm.x86.sse2.packssdw.128"
             : isUnsigned ? "llvm.x86.sse2.packuswb.128"
                          : "llvm.x86.sse2.packsswb.128";
    Type element = toBytes ? e.getI8Type() : Type(e.getI16Type());
    int64_t count = toBytes ? lanes * 4 : lanes * 2;
    return e.intrinsic(name, e.vectorOf(element, count), {a, b});
  }

  Value addZeroPoint(Value words) {
    int64_t zero = scheme.result.getZeroPoint();
    if (zero == 0)
      return words;
    return e.intrinsic("llvm.sadd.sat", words.getType(),
                       {words, e.constantInt(words.getType(), zero)});
  }

  Value clampBytes(Value bytes) {
    bool isSigned = scheme.result.getIsSigned();
    if (scheme.lowest > scheme.result.getLowest()) {
      Value low = e.constantInt(bytes.getType(), scheme.lowest);
      bytes = isSigned ? Value(arith::MaxSIOp::create(e, bytes, low))
                       : Value(arith::MaxUIOp::create(e, bytes, low));
    }
    if (scheme.highest < scheme.result.getHighest()) {
      Value high = e.constantInt(bytes.getType(), scheme.highest);
      bytes = isSigned ? Value(arith::MinSIOp::create(e, bytes, high))
                       : Value(arith::MinUIOp::create(e, bytes, high));
    }
    return bytes;
  }

  /// The even and the odd quadwords of a register of 64 bytes. One vpermq:
  /// left to choose, LLVM takes five instructions.
  SmallVector<Value> splitPairs(Value bytes) {
    VectorType type = e.vectorOf(e.getI64Type(), 8);
    const int64_t order[] = {0, 2, 4, 6, 1, 3, 5, 7};
    Value index = arith::ConstantOp::create(
        e, DenseElementsAttr::get(type, ArrayRef<int64_t>(order)));
    Value sorted = e.intrinsic("llvm.x86.avx512.permvar.di.512", type,
                               {e.bitcast(bytes, e.getI64Type()), index});
    SmallVector<Value> halves;
    for (int64_t first : {0, 4})
      halves.push_back(e.bitcast(
          e.shuffle(sorted, sorted, {first, first + 1, first + 2, first + 3}),
          e.getI8Type()));
    return halves;
  }

  /// Four registers to one of bytes; then the dwords of each row together.
  SmallVector<Value> finish(ArrayRef<Value> four, int64_t rows) {
    Value low = addZeroPoint(pack(four[0], four[1], false));
    Value high = addZeroPoint(pack(four[2], four[3], false));
    Value bytes = clampBytes(pack(low, high, true));
    if (rows == 1)
      return {bytes};
    if (rows == 2 && lanes == 16)
      return splitPairs(bytes);
    Value dwords = e.bitcast(bytes, e.getI32Type());
    SmallVector<Value> result;
    for (int64_t row = 0; row < rows; ++row) {
      SmallVector<int64_t> mask;
      for (int64_t lane = 0; lane < lanes / 4; ++lane)
        for (int64_t v = 0; v < vectors; ++v)
          mask.push_back(lane * 4 + row * vectors + v);
      result.push_back(
          e.bitcast(e.shuffle(dwords, dwords, mask), e.getI8Type()));
    }
    return result;
  }
};

} // namespace

SmallVector<Value> emitNarrowing(KernelEmitter &e, const Requantization &scheme,
                                 ArrayRef<Value> sums, int64_t vectors,
                                 ValueRange multipliers,
                                 ArrayRef<Value> residuals) {
  Narrowing narrowing{e, scheme, vectors,
                      cast<VectorType>(sums[0].getType()).getNumElements()};
  int64_t rows = sums.size() / vectors;
  int64_t rowsPerGroup = 4 / vectors;
  SmallVector<Value> result;
  for (int64_t row = 0; row < rows; row += rowsPerGroup) {
    int64_t count = std::min(rowsPerGroup, rows - row);
    SmallVector<Value> four;
    for (int64_t r = row; r < row + count; ++r)
      for (int64_t v = 0; v < vectors; ++v)
        four.push_back(narrowing.scale(
            sums[r * vectors + v], multipliers[v],
            residuals.empty() ? Value()
                              : narrowing.residualOf(residuals[r], v)));
    while (four.size() < 4)
      four.push_back(four.back());
    SmallVector<Value> bytes = narrowing.finish(four, rowsPerGroup);
    result.append(bytes.begin(), bytes.begin() + count);
  }
  return result;
}

} // namespace qcc
