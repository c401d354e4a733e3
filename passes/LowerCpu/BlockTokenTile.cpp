// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes: sum over k of x[r][k] * w[n][k], n in one panel, for a few rows r.
//
// Weights go from memory to registers and meet each row there; nothing is
// written but the sums. avx512, q4_0, one row: a block of 16 x 32 is
//
//   4 loads, 4 vpand, 4 vpsrlw + vpand     eight registers of codes
//   8 vpdpbusd with {1to16} activations
//   vcvtdq2ps, vmulps {1to16}, vcvtph2ps, vfmadd231ps
//
// Lines of memory are asked for as evenly as they are used: on its own the
// processor looks less far ahead the more a block computes. A prefetch that
// finds no free miss buffer is dropped, so that blocks that take long to
// compute are asked for three times. Share of what plain reading gets in the
// same milliseconds, at 46 and, in brackets, at 65 to 85 GB/s of reading (Zen
// 5, two cores, one row; 2026-11):
//
//   bytes ahead          q4_0         q8_0    q4_k         q6_k
//   none                 0.96 (0.75)  (0.91)  0.72 (0.69)  0.75 (0.47)
//   4 k, to all caches   1.03 (0.83)  (0.93)  0.85 (0.79)  0.89 (0.61)
//   8 k                  1.01 (0.95)  (1.00)  0.88 (0.93)  0.91 (0.83)
//   16, 8 and 4 k        1.01 (0.92)  (0.93)  0.97 (0.99)  1.00 (0.92)

#include "passes/LowerCpu/BlockLinear.h"

#include "passes/LowerCpu/DotProductTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {

namespace {

constexpr int64_t kAhead[] = {8 << 10};
constexpr int64_t kAheadOfMuch[] = {16 << 10, 8 << 10, 4 << 10};

class TokenTile {
public:
  TokenTile(const BlockLinear &linear, Value panel, ArrayRef<Value> rows)
      : linear(linear), e(linear.e),
        reader(linear.e, linear.format, linear.weight.buffer), rows(rows) {
    panelAt = linear.panelAt(panel);
    for (Value r : rows)
      rowsAt.push_back(linear.rowAt(r));
  }

  SmallVector<Value> emit();

private:
  SmallVector<Value> addIntegerBlock(Value at, Value k, ValueRange sums);
  void addChunk(Value at, Value k, int64_t column,
                SmallVectorImpl<Value> &inner);
  void addWideUnits(Value at, Value k, SmallVectorImpl<Value> &inner);
  Value addMinima(Value at, Value k, Value rowAt);
  SmallVector<Value> finishBlock(Value at, Value k, ArrayRef<Value> inner,
                                 ArrayRef<Value> before);
  /// Minima that meet the sums of codes as 16-bit integers.
  bool hasWordMinima() const {
    return linear.format.hasGroupMinimum && linear.format.hasNumberWords();
  }
  SmallVector<Value> addFloatColumns(Value at, Value k, int64_t count,
                                     ValueRange sums);
  void finishUnit(ArrayRef<Value> dots, Value block, Value k, int64_t group,
                  SmallVectorImpl<Value> &sums);
  /// Of the block at `at`, what is as far in it as `column`.
  Value prefetchColumns(Value sum, Value at, int64_t column) {
    return linear.prefetch(sum, at, reader.blockBytes(), column / 4,
                           linear.format.block / 4);
  }

  const BlockLinear &linear;
  KernelEmitter &e;
  PanelReader reader;
  ArrayRef<Value> rows;
  SmallVector<Value> rowsAt;
  Value panelAt;
};

} // namespace

Value BlockLinear::prefetch(Value known, Value at, int64_t bytes, int64_t part,
                            int64_t parts) const {
  auto aheads = hasGroups() ? ArrayRef(kAheadOfMuch) : ArrayRef(kAhead);
  int64_t lines = llvm::divideCeil(bytes, 64);
  for (int64_t i = lines * part / parts; i < lines * (part + 1) / parts; ++i) {
    auto places =
        llvm::map_to_vector(aheads, [&](int64_t n) { return n + 64 * i; });
    known = e.prefetchWith(known, weight.buffer, at, places);
  }
  return known;
}

/// Adds the unit's i32 sums `dots` of each row, scaled, to `sums`.
void TokenTile::finishUnit(ArrayRef<Value> dots, Value block, Value k,
                           int64_t group, SmallVectorImpl<Value> &sums) {
  bool hasGroups = linear.hasGroups();
  Value scale = hasGroups ? reader.loadGroupScale(block, group)
                          : reader.loadScale(block, group);
  Value minimum = hasWordMinima() ? Value()
                  : hasGroups     ? reader.loadGroupMinimum(block, group)
                                  : reader.loadMinimum(block, group);
  bool isScaledHere = !hasGroups && !linear.hasRowScale();
  for (auto [r, at] : llvm::enumerate(rowsAt)) {
    Value dot = arith::SIToFPOp::create(e, linear.f32(), dots[r]);
    Value rowScale = isScaledHere ? linear.loadRowScale(at, k) : Value();
    if (rowScale)
      dot = arith::MulFOp::create(e, dot, rowScale);
    sums[r] = linear.fma(dot, scale, sums[r]);
    if (!minimum)
      continue;
    Value sum = arith::SIToFPOp::create(e, linear.f32(), linear.loadSum(at, k));
    if (rowScale)
      sum = arith::MulFOp::create(e, sum, rowScale);
    // With groups, minima have a factor of their own and their own sums.
    Value &target = hasGroups ? sums[rows.size() + r] : sums[r];
    target = linear.fma(sum, minimum, target);
  }
}

/// One block of the panel at `at`, columns from `k` on.
SmallVector<Value> TokenTile::addIntegerBlock(Value at, Value k,
                                              ValueRange before) {
  const PanelFormat &format = linear.format;
  size_t count = rows.size();
  SmallVector<Value> sums(before);
  // Sums of the block, and of its minima.
  SmallVector<Value> inner(sums);
  if (linear.hasGroups())
    inner.assign(hasWordMinima() ? count : 2 * count, linear.zeros());
  if (linear.unit <= 32) {
    for (int64_t column = 0; column < format.block; column += 32)
      addChunk(at, k, column, inner);
  } else {
    addWideUnits(at, k, inner);
  }
  return linear.hasGroups() ? finishBlock(at, k, inner, sums) : inner;
}

/// 32 columns of units that are no wider: each row's sums are finished before
/// the next row's begin, so that one register holds them.
void TokenTile::addChunk(Value at, Value k, int64_t column,
                         SmallVectorImpl<Value> &inner) {
  SmallVector<Value> codes = reader.loadCodes(at, column / 32);
  for (int64_t i = 0; i < 32; i += linear.unit) {
    SmallVector<Value> dots;
    Value first = e.add(k, column + i);
    for (auto [r, rowAt] : llvm::enumerate(rowsAt)) {
      Value dot = linear.loadStart(rowAt, first);
      for (int64_t j = 0; j < linear.unit; j += 4) {
        if (r == 0)
          dot = prefetchColumns(dot, at, column + i + j);
        dot = emitDot(e, dot, codes[(i + j) / 4],
                      linear.loadDword(rowAt, e.add(first, j)));
      }
      dots.push_back(dot);
    }
    finishUnit(dots, at, first, (column + i) / linear.format.group, inner);
  }
}

/// Units of several chunks: the codes of one chunk meet all rows.
void TokenTile::addWideUnits(Value at, Value k, SmallVectorImpl<Value> &inner) {
  int64_t unit = linear.unit;
  SmallVector<Value> dots(rows.size()), codes;
  for (int64_t column = 0; column < linear.format.block; column += 4) {
    if (column % 32 == 0)
      codes = reader.loadCodes(at, column / 32);
    for (auto [r, rowAt] : llvm::enumerate(rowsAt)) {
      if (column % unit == 0)
        dots[r] = linear.loadStart(rowAt, e.add(k, column));
      if (r == 0)
        dots[r] = prefetchColumns(dots[r], at, column);
      dots[r] = emitDot(e, dots[r], codes[column / 4 % 8],
                        linear.loadDword(rowAt, e.add(k, column)));
    }
    if ((column + 4) % unit == 0)
      finishUnit(dots, at, e.add(k, column + 4 - unit),
                 column / linear.format.group, inner);
  }
}

/// Minima of all groups by the sums of codes, in i32.
Value TokenTile::addMinima(Value at, Value k, Value rowAt) {
  Value sum = e.constantInt(linear.i32(), 0);
  for (int64_t pair = 0; pair < linear.format.groups() / 2; ++pair)
    sum = emitWordDot(e, sum, reader.loadMinimumPair(at, pair),
                      linear.loadSumPair(rowAt, e.add(k, 64 * pair)));
  return arith::SIToFPOp::create(e, linear.f32(), sum);
}

/// `sums` with those of a block, `inner`, times its scales.
SmallVector<Value> TokenTile::finishBlock(Value at, Value k,
                                          ArrayRef<Value> inner,
                                          ArrayRef<Value> before) {
  SmallVector<Value> sums(before);
  Value scale = reader.loadScale(at), minimum = reader.loadMinimum(at);
  for (auto [r, rowAt] : llvm::enumerate(rowsAt)) {
    Value rowScale =
        linear.hasRowScale() ? Value() : linear.loadRowScale(rowAt, k);
    auto scaled = [&](Value factor) {
      return rowScale ? Value(arith::MulFOp::create(e, factor, rowScale))
                      : factor;
    };
    sums[r] = linear.fma(inner[r], scaled(scale), sums[r]);
    if (!minimum)
      continue;
    Value minima =
        hasWordMinima() ? addMinima(at, k, rowAt) : inner[rows.size() + r];
    sums[r] = linear.fma(minima, scaled(minimum), sums[r]);
  }
  return sums;
}

/// `count` columns of floats, or of codes that meet float activations. Input
/// rows end with their last column, though blocks may go on.
SmallVector<Value> TokenTile::addFloatColumns(Value at, Value k, int64_t count,
                                              ValueRange before) {
  const PanelFormat &format = linear.format;
  SmallVector<Value> sums(before), values;
  int64_t parts = sums.size() / rows.size();
  int64_t bytes = reader.blockBytes() * count / format.block;
  int64_t side = format.isFloat ? format.block : 32; // of loaded values
  for (int64_t column = 0; column < count; ++column) {
    if (column % side == 0)
      values = format.isFloat
                   ? reader.loadValues(
                         e.add(at, column / side * reader.blockBytes()), 0)
                   : reader.loadValues(at, column / 32);
    Value value = values[column % side];
    for (auto [r, rowAt] : llvm::enumerate(rowsAt)) {
      Value x = e.load(linear.input.buffer, e.add(e.add(rowAt, k), column));
      Value &sum = sums[column % parts * rows.size() + r];
      if (r == 0)
        sum = linear.prefetch(sum, at, bytes, column, count);
      sum = linear.fma(e.splat(x, linear.lanes), value, sum);
    }
  }
  return sums;
}

SmallVector<Value> TokenTile::emit() {
  const PanelFormat &format = linear.format;
  bool isInteger = linear.hasIntegerRows();
  // Chains of additions that do not wait for each other.
  int64_t parts = isInteger          ? 1
                  : rows.size() == 1 ? 4
                  : rows.size() == 2 ? 2
                                     : 1;
  SmallVector<Value> zeros(rows.size() * parts, linear.zeros());
  // Columns, and bytes, of a trip.
  int64_t step = format.isFloat ? 8 : format.block;
  int64_t bytes = reader.blockBytes() * step / format.block;
  int64_t columns = isInteger ? linear.columns : linear.row.columns;
  int64_t whole = columns / step * step;
  SmallVector<Value> sums = e.reduceLoop(
      e.index(0), e.index(whole), step, zeros,
      [&](Value k, ValueRange sums) {
        Value at = e.add(panelAt, e.mul(e.div(k, step), bytes));
        return isInteger ? addIntegerBlock(at, k, sums)
                         : addFloatColumns(at, k, step, sums);
      },
      /*keepRolled=*/true);
  if (whole < columns)
    sums = addFloatColumns(e.add(panelAt, whole / step * bytes), e.index(whole),
                           columns - whole, sums);
  for (int64_t part = 1; part < parts; ++part)
    for (size_t r = 0; r < rows.size(); ++r)
      sums[r] = arith::AddFOp::create(e, sums[r], sums[part * rows.size() + r]);
  sums.resize(rows.size());
  return sums;
}

void emitTokenTile(const BlockLinear &linear, Value panel,
                   ArrayRef<Value> rows) {
  SmallVector<Value> sums = TokenTile(linear, panel, rows).emit();
  for (auto [sum, r] : llvm::zip(sums, rows))
    linear.storeSums(sum, r, panel);
}

} // namespace qcc
