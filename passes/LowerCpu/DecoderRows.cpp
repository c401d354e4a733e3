// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of activations, quantized as dialects/Qcc/Numerics/RowLayout.h draws
// them: codes are cvt_rne(x * (127 / max|x|)), the scale is max|x| / 127, for
// blocks of 32 rounded to f16 as GGUF's Q8_0 stores it.

#include "passes/LowerCpu/DecoderKernels.h"

#include "dialects/Qcc/Numerics/RowLayout.h"
#include "passes/LowerCpu/RowLoop.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

Value loadExtent(KernelContext &context, size_t operand, int64_t element) {
  KernelEmitter &e = context.e;
  Value number = e.load(context.operands[operand].buffer, e.index(element));
  return arith::IndexCastOp::create(e, e.getIndexType(), number);
}

int64_t useTaskForEach(KernelContext &context, size_t operand,
                       int64_t element) {
  context.extent = {int64_t(operand), element, 1};
  return 1;
}

namespace {

/// Quantizes one row from scratch memory into the result.
class RowQuantizer {
public:
  RowQuantizer(KernelContext &context, Value resultAt, const RowLayout &layout)
      : e(context.e), scratch(context.e, context.scratch),
        result(context.e, context.result.buffer), at(resultAt), layout(layout),
        lanes(context.e.target.lanes) {}

  void emit(RowFormat format) {
    int64_t padded = RowLayout::align(layout.columns, 128);
    Value ofRow;
    if (format == RowFormat::Token)
      ofRow = emitScale(emitLargest(e.index(0), padded), e.index(0), false);
    int64_t step = format == RowFormat::Block256 ? 256 : 128;
    int64_t unit = format == RowFormat::Block32 ? 32 : step;
    e.loop(
        e.index(0), e.index(padded), step,
        [&](Value k) {
          SmallVector<Value> codes;
          for (int64_t i = 0; i < step; i += unit) {
            Value from = e.add(k, i);
            Value inverse = ofRow;
            if (!inverse)
              inverse = emitScale(emitLargest(from, unit), e.div(from, unit),
                                  format == RowFormat::Block32);
            emitCodes(from, unit, inverse, codes);
          }
          for (int64_t i = 0; i < step; i += 128)
            emitSums(e.add(k, i),
                     ArrayRef(codes).slice(i / lanes, 128 / lanes));
        },
        /*keepRolled=*/true);
  }

private:
  Value loadValue(Value k) { return scratch.loadFloats(e.mul(k, 4), lanes); }

  /// Largest magnitude of `count` values.
  Value emitLargest(Value from, int64_t count) {
    auto larger = [&](Value a, Value b) -> Value {
      return arith::MaximumFOp::create(e, a, b);
    };
    Value start = e.constant(e.vectorOf(e.getF32Type(), lanes), 0.0);
    auto step = [&](Value i, ValueRange so) -> SmallVector<Value> {
      return {
          larger(math::AbsFOp::create(e, loadValue(e.add(from, i))), so[0])};
    };
    if (count > 256)
      return combineLanes(
          e, e.reduceLoop(e.index(0), e.index(count), lanes, start, step)[0],
          larger);
    for (int64_t i = 0; i < count; i += lanes)
      start = step(e.index(i), start)[0];
    return combineLanes(e, start, larger);
  }

  /// Stores scale number `group` of values up to `largest`, and returns what
  /// they are multiplied by.
  Value emitScale(Value largest, Value group, bool isHalf) {
    Type f32 = e.getF32Type();
    Value scale = arith::DivFOp::create(e, largest, e.constant(f32, 127.0));
    if (isHalf)
      scale = arith::ExtFOp::create(
          e, f32, Value(arith::TruncFOp::create(e, e.getF16Type(), scale)));
    result.storeScalar(scale,
                       e.add(e.add(at, layout.scalesAt), e.mul(group, 4)));
    Value isZero = arith::CmpFOp::create(e, arith::CmpFPredicate::OEQ, largest,
                                         e.constant(f32, 0.0));
    Value inverse = arith::DivFOp::create(e, e.constant(f32, 127.0), largest);
    return arith::SelectOp::create(e, isZero, e.constant(f32, 0.0), inverse);
  }

  /// Stores `count` codes and appends them to `codes`, a register each.
  void emitCodes(Value from, int64_t count, Value inverse,
                 SmallVectorImpl<Value> &codes) {
    Value factor = e.splat(inverse, lanes);
    for (int64_t i = 0; i < count; i += lanes) {
      Value k = e.add(from, i);
      Value x = arith::MulFOp::create(e, loadValue(k), factor);
      codes.push_back(e.convertToInt(x));
      Type bytes = e.vectorOf(e.getI8Type(), lanes);
      result.store(arith::TruncIOp::create(e, bytes, codes.back()),
                   e.add(at, k));
    }
  }

  /// Minus the sums of the 128 `codes` from column `k` on.
  void emitSums(Value k, ArrayRef<Value> codes) {
    // To eight registers, each with 16 columns; then to one.
    SmallVector<Value> parts(codes);
    while (parts.size() > 8) {
      SmallVector<Value> whole;
      for (size_t i = 0; i < parts.size(); i += 2)
        whole.push_back(arith::AddIOp::create(e, parts[i], parts[i + 1]));
      parts = whole;
    }
    while (parts.size() > 1) {
      SmallVector<Value> pairs;
      for (size_t i = 0; i < parts.size(); i += 2)
        pairs.push_back(addPairs(parts[i], parts[i + 1], lanes));
      parts = pairs;
    }
    Value sums = lanes == 16 ? addPairs(parts[0], parts[0], 8) : parts[0];
    sums = arith::SubIOp::create(
        e, e.constantInt(e.vectorOf(e.getI32Type(), 8), 0), sums);
    for (int64_t level = 0; level < 3; ++level) {
      int64_t size = RowLayout::kSumSizes[level];
      for (int64_t count = laneCount(sums); count > 128 / size; count /= 2)
        sums = addPairs(sums, sums, count / 2);
      Value group = e.div(k, size);
      result.store(sums,
                   e.add(e.add(at, layout.sumsAt[level]), e.mul(group, 4)));
      if (size == 32)
        result.store(arith::TruncIOp::create(
                         e, e.vectorOf(e.getI16Type(), 128 / size), sums),
                     e.add(e.add(at, layout.shortSumsAt), e.mul(group, 2)));
    }
  }

  static int64_t laneCount(Value x) {
    return cast<VectorType>(x.getType()).getNumElements();
  }

  /// Sums of neighbours, the first `count` of those of `a` and then `b`.
  Value addPairs(Value a, Value b, int64_t count) {
    SmallVector<int64_t> even, odd;
    for (int64_t i = 0; i < count; ++i) {
      even.push_back(2 * i);
      odd.push_back(2 * i + 1);
    }
    return arith::AddIOp::create(e, vector::ShuffleOp::create(e, a, b, even),
                                 vector::ShuffleOp::create(e, a, b, odd));
  }

  KernelEmitter &e;
  ByteBuffer scratch, result;
  Value at;
  const RowLayout &layout;
  int64_t lanes;
};

} // namespace

int64_t getRowScratch(int64_t columns, RowFormat format) {
  bool isPlain = format == RowFormat::Float || format == RowFormat::BFloat;
  return isPlain ? 0 : RowLayout::align(columns, 256) * 4;
}

/// Rounded to nearest even, with zeros up to whole registers.
static void emitBrainRow(KernelContext &context, Value at, int64_t columns,
                         RowValues values) {
  KernelEmitter &e = context.e;
  int64_t lanes = e.target.lanes;
  ByteBuffer result(e, context.result.buffer);
  Type brain = e.vectorOf(e.getBF16Type(), lanes);
  Value zero = e.constant(e.vectorOf(e.getF32Type(), lanes), 0.0);
  auto store = [&](Value x, Value k) {
    result.store(arith::TruncFOp::create(e, brain, x), e.add(at, e.mul(k, 2)));
  };
  emitRowLoop(e, columns, lanes, [&](Value k, int64_t valid) {
    store(selectLanes(e, values(k, valid), zero, valid), k);
  });
  int64_t padded = getRowBytes(RowFormat::BFloat, columns) / 2;
  for (int64_t k = RowLayout::align(columns, lanes); k < padded; k += lanes)
    store(zero, e.index(k));
}

static void emitQuantizedRow(KernelContext &context, Value at, int64_t columns,
                             RowFormat format, RowValues values) {
  KernelEmitter &e = context.e;
  int64_t lanes = e.target.lanes;
  ByteBuffer scratch(e, context.scratch);
  Value zero = e.constant(e.vectorOf(e.getF32Type(), lanes), 0.0);
  emitRowLoop(e, columns, lanes, [&](Value k, int64_t valid) {
    scratch.store(selectLanes(e, values(k, valid), zero, valid), e.mul(k, 4));
  });
  for (int64_t k = RowLayout::align(columns, lanes);
       k < RowLayout::align(columns, 256); k += lanes)
    scratch.store(zero, e.index(4 * k));
  context.scratchBytes =
      std::max(context.scratchBytes, getRowScratch(columns, format));
  int64_t group = format == RowFormat::Block32    ? 32
                  : format == RowFormat::Block256 ? 256
                                                  : columns;
  RowLayout layout = RowLayout::of(columns, group);
  RowQuantizer(context, at, layout).emit(format);
}

/// The values in order: they wait in scratch memory behind what storing needs.
static void emitOrdered(KernelContext &context, const StoredRow &row,
                        RowValues values) {
  KernelEmitter &e = context.e;
  int64_t lanes = e.target.lanes;
  const TensorArgument &order = *row.order;
  int64_t places = order.shape[0];
  int64_t first = getRowScratch(places, row.format);
  int64_t room = RowLayout::align(row.columns, lanes);
  ByteBuffer scratch(e, context.scratch);
  emitRowLoop(e, row.columns, lanes, [&](Value k, int64_t valid) {
    scratch.store(values(k, valid), e.add(e.mul(k, 4), first));
  });
  context.scratchBytes = std::max(context.scratchBytes, first + room * 4);
  Value floats =
      memref::ViewOp::create(e, MemRefType::get({room}, e.getF32Type()),
                             context.scratch, e.index(first), ValueRange());
  Type i32 = e.vectorOf(e.getI32Type(), lanes);
  Value none = e.constantInt(i32, 0);
  Value zero = e.constant(e.vectorOf(e.getF32Type(), lanes), 0.0);
  auto gather = [&](Value k, int64_t valid) -> Value {
    Value place =
        e.loadPart(order.buffer, e.add(k, order.base), lanes, e.index(valid));
    Value isColumn =
        arith::CmpIOp::create(e, arith::CmpIPredicate::sge, place, none);
    place = arith::MaxSIOp::create(e, place, none);
    Value x = e.gather(floats, e.index(0), place, lanes);
    return arith::SelectOp::create(e, isColumn, x, zero);
  };
  emitRow(context, {places, nullptr, row.format}, gather);
}

void emitRow(KernelContext &context, const StoredRow &row, RowValues values) {
  KernelEmitter &e = context.e;
  if (row.order)
    return emitOrdered(context, row, values);
  const TensorArgument &result = context.result;
  Value at = e.add(e.mul(context.task, result.strides[0]), result.base);
  switch (row.format) {
  case RowFormat::Float:
    return emitRowLoop(e, row.columns, e.target.lanes,
                       [&](Value k, int64_t valid) {
                         e.storePart(values(k, valid), result.buffer,
                                     e.add(at, k), e.index(valid));
                       });
  case RowFormat::BFloat:
    return emitBrainRow(context, at, row.columns, values);
  default:
    return emitQuantizedRow(context, at, row.columns, row.format, values);
  }
}

} // namespace qcc
