// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes: sum over k of x[r][k] * w[n][k], both bf16. A lane holds a pair of
// columns, and their products are added one by one, the odd column's first:
//
//   avx512bf16   vdpbf16ps zmm, zmm, m32{1to16}
//   elsewhere    pairs are two f32 after a shift or an and: two FMAs

#include "passes/LowerCpu/BlockLinear.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {

namespace {

constexpr int64_t kPrefetchBytes = 8 << 10;

class BrainTile {
public:
  BrainTile(const BlockLinear &linear, ArrayRef<Value> panelsAt,
            ArrayRef<Value> rowsAt)
      : linear(linear), e(linear.e), weight(linear.e, linear.weight.buffer),
        panelsAt(panelsAt), rowsAt(rowsAt) {}

  /// Sums [row][panel] of columns `from` to `end`, `step` of them a trip, with
  /// `parts` chains of additions for each.
  SmallVector<Value> emit(Value from, Value end, int64_t step, int64_t parts,
                          ValueRange before);

private:
  Value addPair(Value sum, Value w, Value x);
  Value half(Value pair, bool isOdd);
  int64_t pairBytes() const { return linear.lanes * 4; }

  const BlockLinear &linear;
  KernelEmitter &e;
  ByteBuffer weight;
  ArrayRef<Value> panelsAt, rowsAt;
};

} // namespace

Value BrainTile::half(Value pair, bool isOdd) {
  Type i32 = linear.i32();
  Value bits = e.bitcast(pair, e.getI32Type());
  Value wide =
      isOdd ? Value(arith::AndIOp::create(
                  e, bits, e.constantInt(i32, int32_t(0xffff0000))))
            : Value(arith::ShLIOp::create(e, bits, e.constantInt(i32, 16)));
  return e.bitcast(wide, e.getF32Type());
}

/// `w` and `x` are bytes.
Value BrainTile::addPair(Value sum, Value w, Value x) {
  if (e.target.hasBrainDot)
    return e.intrinsic(
        "llvm.x86.avx512bf16.dpbf16ps.512", linear.f32(),
        {sum, e.bitcast(w, e.getBF16Type()), e.bitcast(x, e.getBF16Type())});
  for (bool isOdd : {true, false})
    sum = linear.fma(half(x, isOdd), half(w, isOdd), sum);
  return sum;
}

SmallVector<Value> BrainTile::emit(Value from, Value end, int64_t step,
                                   int64_t parts, ValueRange before) {
  size_t width = panelsAt.size(), count = rowsAt.size() * width;
  return e.reduceLoop(
      from, end, step, before,
      [&](Value k, ValueRange before) {
        SmallVector<Value> sums(before);
        // Panels and rows have so many bytes before column k.
        Value inPanels = e.mul(e.div(k, 2), pairBytes()), inRows = e.mul(k, 2);
        for (int64_t pair = 0; pair < step / 2; ++pair) {
          SmallVector<Value> w;
          for (Value at : panelsAt) {
            Value place = e.add(e.add(at, inPanels), pair * pairBytes());
            w.push_back(weight.load(place, e.getI8Type(), pairBytes()));
          }
          size_t first = pair % parts * count;
          // Several rows, one panel: weights that come from memory.
          if (rowsAt.size() > 1 && width == 1)
            sums[first] = e.prefetchWith(sums[first], linear.weight.buffer,
                                         e.add(panelsAt[0], inPanels),
                                         kPrefetchBytes + pair * pairBytes());
          for (auto [r, at] : llvm::enumerate(rowsAt)) {
            Value x = linear.loadDword(at, e.add(inRows, 4 * pair));
            for (size_t p = 0; p < width; ++p) {
              Value &sum = sums[first + r * width + p];
              sum = addPair(sum, w[p], x);
            }
          }
        }
        return sums;
      },
      /*keepRolled=*/true);
}

void emitBrainTokenTile(const BlockLinear &linear, Value panel,
                        ArrayRef<Value> rows) {
  KernelEmitter &e = linear.e;
  size_t count = rows.size();
  int64_t parts = count == 1 ? 4 : count == 2 ? 2 : 1;
  SmallVector<Value> rowsAt, panelsAt = {linear.panelAt(panel)};
  for (Value r : rows)
    rowsAt.push_back(linear.rowAt(r));
  SmallVector<Value> sums(count * parts, linear.zeros());
  BrainTile tile(linear, panelsAt, rowsAt);
  constexpr int64_t kStep = 16;
  int64_t whole = linear.columns / kStep * kStep;
  sums = tile.emit(e.index(0), e.index(whole), kStep, parts, sums);
  if (whole < linear.columns)
    sums = tile.emit(e.index(whole), e.index(linear.columns), 2, 1, sums);
  for (auto [i, r] : llvm::enumerate(rows)) {
    Value sum = sums[i];
    for (int64_t part = 1; part < parts; ++part)
      sum = arith::AddFOp::create(e, sum, sums[part * count + i]);
    linear.storeSums(sum, r, panel);
  }
}

namespace {

/// Rows by all panels of a task, which stay where they are: a slice of their
/// columns at a time, so that it is in the second-level cache for all rows.
class BrainPanels {
public:
  BrainPanels(const BlockLinear &linear, Value panel, int64_t width, Value rows)
      : linear(linear), e(linear.e), scratch(linear.e, linear.scratch),
        panel(panel), width(width), rows(rows),
        height(linear.e.target.registers >= 32 ? 8 : 4) {
    int64_t most = e.target.l2Bytes / 2 / (width * vectorBytes() / 2);
    int64_t slices = llvm::divideCeil(linear.columns, most);
    slice = llvm::alignTo(llvm::divideCeil(linear.columns, slices), 32);
    for (int64_t p = 0; p < width; ++p) {
      // A task's last panels may not exist: they repeat the last.
      Value number = e.min(e.add(panel, p), e.index(linear.panels - 1));
      panelsAt.push_back(linear.panelAt(number));
    }
  }

  int64_t emit();

private:
  void clear();
  void addTiles(Value first, Value last, int64_t height, Value from, Value end);
  int64_t vectorBytes() const { return linear.lanes * 4; }
  /// Of the sum of a row and a panel of the task.
  Value place(Value r, int64_t p) const {
    return e.add(e.mul(r, width * vectorBytes()), p * vectorBytes());
  }

  const BlockLinear &linear;
  KernelEmitter &e;
  ByteBuffer scratch;
  Value panel;
  int64_t width;
  Value rows;
  int64_t height, slice;
  SmallVector<Value> panelsAt;
};

} // namespace

void BrainPanels::clear() {
  e.loop(
      e.index(0), rows, 1,
      [&](Value r) {
        for (int64_t p = 0; p < width; ++p)
          scratch.store(linear.zeros(), place(r, p));
      },
      /*keepRolled=*/true);
}

void BrainPanels::addTiles(Value first, Value last, int64_t height, Value from,
                           Value end) {
  e.loop(
      first, last, height,
      [&](Value row) {
        SmallVector<Value> rowsAt, sums;
        for (int64_t r = 0; r < height; ++r) {
          rowsAt.push_back(linear.rowAt(e.add(row, r)));
          for (int64_t p = 0; p < width; ++p)
            sums.push_back(
                scratch.loadFloats(place(e.add(row, r), p), linear.lanes));
        }
        sums = BrainTile(linear, panelsAt, rowsAt).emit(from, end, 2, 1, sums);
        for (int64_t r = 0; r < height; ++r)
          for (int64_t p = 0; p < width; ++p)
            scratch.store(sums[r * width + p], place(e.add(row, r), p));
      },
      /*keepRolled=*/true);
}

int64_t BrainPanels::emit() {
  clear();
  Value columns = e.index(linear.columns);
  e.loop(
      e.index(0), columns, slice,
      [&](Value from) {
        Value end = e.min(e.add(from, slice), columns);
        Value whole = e.mul(e.div(rows, height), height);
        addTiles(e.index(0), whole, height, from, end);
        addTiles(whole, rows, 1, from, end);
      },
      /*keepRolled=*/true);
  linear.storePanels(panel, width, rows, [&](Value r, int64_t p) {
    return scratch.loadFloats(place(r, p), linear.lanes);
  });
  return linear.mostRows() * width * vectorBytes();
}

int64_t emitBrainPanels(const BlockLinear &linear, Value panel, int64_t width,
                        Value rows) {
  return BrainPanels(linear, panel, width, rows).emit();
}

} // namespace qcc
