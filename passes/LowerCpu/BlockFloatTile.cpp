// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes: sum over k of x[r][k] * w[n][k], n in one panel, for two to eight
// rows r of floats. Codes become floats one register of a column at a time,
// which takes longer than a row's multiply-add; so each block is taken apart
// once, into scratch memory that stays in the first-level cache:
//
//   values [column of the block][lane] f32
//   sums   [row][lane] f32
//
// avx512, 4 rows: two columns and their sums at a time are 2 vmovups and
// 8 vfmadd231ps {1to16}.

#include "passes/LowerCpu/BlockLinear.h"

#include "passes/LowerCpu/RowLoop.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace qcc {

namespace {

/// Additions that do not wait for each other, to keep two units busy.
constexpr int64_t kChains = 8;

class FloatTile {
public:
  FloatTile(const BlockLinear &linear, Value panel, Value rows, int64_t most)
      : linear(linear), e(linear.e),
        reader(linear.e, linear.format, linear.weight.buffer),
        scratch(linear.e, linear.scratch), panel(panel), rows(rows), most(most),
        vectorBytes(linear.lanes * 4),
        sumsAt(linear.format.block * vectorBytes) {}

  int64_t emit();

private:
  void unpackBlock(Value at);
  void addRows(int64_t height, Value k, Value count);
  SmallVector<Value> addColumns(ArrayRef<Value> rowsAt, Value first, Value last,
                                int64_t step, ValueRange sums);
  void addBlock(Value k);
  Value sumPlace(Value r) const { return e.add(e.mul(r, vectorBytes), sumsAt); }
  Value sumOf(Value r) { return scratch.loadFloats(sumPlace(r), linear.lanes); }

  const BlockLinear &linear;
  KernelEmitter &e;
  PanelReader reader;
  ByteBuffer scratch;
  Value panel, rows;
  int64_t most; // rows
  int64_t vectorBytes, sumsAt;
};

} // namespace

void FloatTile::unpackBlock(Value at) {
  int64_t block = linear.format.block;
  for (int64_t chunk = 0; chunk < block / 32; ++chunk)
    for (auto [i, value] : llvm::enumerate(reader.loadValues(at, chunk))) {
      int64_t column = 32 * chunk + i;
      value = linear.prefetch(value, at, reader.blockBytes(), column, block);
      scratch.store(value, e.index(column * vectorBytes));
    }
}

/// Columns `first` to `last` of the block, `step` at a time, each with sums of
/// its own.
SmallVector<Value> FloatTile::addColumns(ArrayRef<Value> rowsAt, Value first,
                                         Value last, int64_t step,
                                         ValueRange sums) {
  return e.reduceLoop(
      first, last, step, sums,
      [&](Value column, ValueRange before) {
        SmallVector<Value> next(before);
        for (int64_t i = 0; i < step; ++i) {
          Value at = e.add(column, i);
          Value value =
              scratch.loadFloats(e.mul(at, vectorBytes), linear.lanes);
          for (auto [r, rowAt] : llvm::enumerate(rowsAt)) {
            Value x = e.load(linear.input.buffer, e.add(rowAt, at));
            Value &sum = next[i * rowsAt.size() + r];
            sum = linear.fma(e.splat(x, linear.lanes), value, sum);
          }
        }
        return next;
      },
      /*keepRolled=*/true);
}

/// Adds the products of `count` columns from `k` on to the sums of the first
/// `height` rows; those beyond the last repeat it.
void FloatTile::addRows(int64_t height, Value k, Value count) {
  int64_t step = std::max<int64_t>(1, kChains / height);
  SmallVector<Value> rowsAt, sums;
  for (int64_t r = 0; r < height; ++r) {
    rowsAt.push_back(
        e.add(linear.rowAt(e.min(e.index(r), e.add(rows, -1))), k));
    sums.push_back(sumOf(e.index(r)));
  }
  sums.append(height * (step - 1), linear.zeros());
  Value whole = e.mul(e.div(count, step), step);
  sums = addColumns(rowsAt, e.index(0), whole, step, sums);
  // What is left has the first sums.
  ArrayRef<Value> all(sums);
  SmallVector<Value> first =
      addColumns(rowsAt, whole, count, 1, all.take_front(height));
  for (int64_t r = 0; r < height; ++r) {
    Value sum = first[r];
    for (int64_t i = 1; i < step; ++i)
      sum = arith::AddFOp::create(e, sum, sums[i * height + r]);
    scratch.store(sum, sumPlace(e.index(r)));
  }
}

void FloatTile::addBlock(Value k) {
  unpackBlock(e.add(linear.panelAt(panel),
                    e.mul(e.div(k, linear.format.block), reader.blockBytes())));
  // Rows end with their last column, though blocks may go on.
  Value left = arith::SubIOp::create(e, e.index(linear.row.columns), k);
  Value count = e.min(left, e.index(linear.format.block));
  auto atMost = [&](int64_t height) -> Value {
    return arith::CmpIOp::create(e, arith::CmpIPredicate::ule, rows,
                                 e.index(height));
  };
  auto addMore = [&] {
    if (most <= 4)
      return addRows(4, k, count);
    e.ifThenElse(
        atMost(4), [&] { addRows(4, k, count); },
        [&] { addRows(most, k, count); });
  };
  e.ifThenElse(atMost(2), [&] { addRows(2, k, count); }, addMore);
}

int64_t FloatTile::emit() {
  for (int64_t r = 0; r < most; ++r)
    scratch.store(linear.zeros(), sumPlace(e.index(r)));
  e.loop(
      e.index(0), e.index(linear.row.columns), linear.format.block,
      [&](Value k) { addBlock(k); }, /*keepRolled=*/true);
  e.loop(
      e.index(0), rows, 1,
      [&](Value r) { linear.storeSums(sumOf(r), r, panel); },
      /*keepRolled=*/true);
  return sumsAt + most * vectorBytes;
}

int64_t emitFloatTile(const BlockLinear &linear, Value panel, Value rows,
                      int64_t most) {
  return FloatTile(linear, panel, rows, most).emit();
}

} // namespace qcc
