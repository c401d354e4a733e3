// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes: x[r][k] * w[n][k] summed over k, for many rows r and the panels of
// a task, which are unpacked to scratch memory first:
//
//   codes  [k / 4][panel][lane][4] u8, or floats [k][panel][lane]
//   scales [k / unit][panel][lane] f32, and minima alike
//   sums   [row][panel][lane] f32, which tiles add to if K is cut
//
// Tiles are accumulators of i32 and f32 in registers, 4 rows x 3 panels on
// avx512. One step of K (4 columns) is
//
//   3 x vmovdqu64     codes of three panels
//   4 x vpbroadcastd  one row's four bytes
//   12 x vpdpbusd
//
// and after a unit (32 columns of q4_0) 12 x (vcvtdq2ps, vmulps, vfmadd231ps).
// K is cut so that codes and scales stay in the second-level cache. Meanwhile
// the weights of the next task are asked for, a few lines for each tile.

#include "passes/LowerCpu/BlockLinear.h"

#include "passes/LowerCpu/DotProductTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {

namespace {

class PanelTiles {
public:
  PanelTiles(const BlockLinear &linear, Value panel, int64_t width, Value rows)
      : linear(linear), e(linear.e),
        reader(linear.e, linear.format, linear.weight.buffer),
        scratch(linear.e, linear.scratch), panel(panel), width(width),
        rows(rows) {
    plan();
  }

  int64_t emit();

private:
  void plan();
  void clearSums(Value rows);
  void unpackSlice(Value from, Value end);
  void unpackIntegers(Value block, Value k, Value p);
  void unpackFloats(Value block, Value k, Value p);
  void addTiles(Value first, Value last, int64_t height, Value from, Value end);
  void addTile(Value row, int64_t height, Value from, Value end);
  SmallVector<Value> addSpan(ArrayRef<Value> rowsAt, Value from, Value first,
                             Value last);
  void addSpans(Value row, ArrayRef<Value> rowsAt, Value from, Value end);
  void prefetchNext(Value tile, Value from);
  SmallVector<Value> addUnit(ArrayRef<Value> rowsAt, Value k, Value local,
                             ValueRange sums);
  SmallVector<Value> addFloats(ArrayRef<Value> rowsAt, Value from, Value end);
  void addToSums(Value row, ValueRange sums, ArrayRef<Value> rowsAt, Value k);
  void storeTile(Value row, ValueRange sums);

  int64_t vectorBytes() const { return linear.lanes * 4; }
  /// Place of a register of `kind` at index `i` of panel `p`.
  Value place(int64_t at, Value i, int64_t p) const {
    return e.add(e.mul(i, width * vectorBytes()), at + p * vectorBytes());
  }
  Value place(int64_t at, Value i, Value p) const {
    return e.add(place(at, i, 0), e.mul(p, vectorBytes()));
  }
  /// Whether a tile sees all columns at once.
  bool isWhole() const { return slice >= linear.columns; }
  /// Columns whose activations share a scale, as far as a tile may sum up.
  int64_t spanColumns() const {
    return linear.rowFormat == RowFormat::Block256 ? 256 : 0;
  }

  const BlockLinear &linear;
  KernelEmitter &e;
  PanelReader reader;
  ByteBuffer scratch;
  Value panel;
  int64_t width;
  Value rows;
  int64_t height; // of a tile
  int64_t slice;  // columns unpacked at a time
  int64_t scalesAt, minimaAt, sumsAt, scratchBytes;
};

void PanelTiles::plan() {
  bool isInteger = linear.hasIntegerRows();
  bool isWide = e.target.registers >= 32;
  height = isInteger ? (isWide ? 4 : 3) : (isWide ? 8 : 4);
  int64_t perColumn = vectorBytes() * width / (isInteger ? 4 : 1);
  int64_t step = std::max<int64_t>(256, linear.format.block);
  int64_t most = e.target.l2Bytes / 3 / perColumn;
  int64_t slices = llvm::divideCeil(linear.columns, most);
  slice = llvm::alignTo(llvm::divideCeil(linear.columns, slices), step);
  scalesAt = slice * perColumn;
  int64_t unitBytes =
      isInteger ? slice / linear.unit * width * vectorBytes() : 0;
  minimaAt = scalesAt + unitBytes;
  bool hasMinima = linear.format.hasMinimum;
  sumsAt = minimaAt + (hasMinima ? unitBytes : 0);
  scratchBytes =
      sumsAt + (isWhole() ? height : linear.mostRows()) * width * vectorBytes();
}

void PanelTiles::clearSums(Value rows) {
  e.loop(e.index(0), rows, 1, [&](Value r) {
    for (int64_t p = 0; p < width; ++p)
      scratch.store(linear.zeros(), place(sumsAt, r, p));
  });
}

/// Codes and scales of one block at column `k` of the slice.
void PanelTiles::unpackIntegers(Value block, Value k, Value p) {
  const PanelFormat &format = linear.format;
  for (int64_t chunk = 0; chunk < format.block / 32; ++chunk)
    for (auto [step, codes] : llvm::enumerate(reader.loadCodes(block, chunk)))
      scratch.store(codes, place(0, e.add(e.div(k, 4), 8 * chunk + step), p));
  SmallVector<Value> scales, minima;
  for (int64_t i = 0; i < format.scales(); ++i) {
    scales.push_back(reader.loadScale(block, i));
    minima.push_back(reader.loadMinimum(block, i));
  }
  for (int64_t column = 0; column < format.block; column += linear.unit) {
    Value index = e.add(e.div(k, linear.unit), column / linear.unit);
    int64_t group = column / format.group, number = group % format.scales();
    Value scale = scales[number], minimum = minima[number];
    Value own = reader.loadGroupScale(block, group);
    scratch.store(own ? Value(arith::MulFOp::create(e, scale, own)) : scale,
                  place(scalesAt, index, p));
    if (!minimum)
      continue;
    own = reader.loadGroupMinimum(block, group);
    scratch.store(own ? Value(arith::MulFOp::create(e, minimum, own)) : minimum,
                  place(minimaAt, index, p));
  }
}

void PanelTiles::unpackFloats(Value block, Value k, Value p) {
  int64_t chunks = linear.format.isFloat ? 1 : linear.format.block / 32;
  for (int64_t chunk = 0; chunk < chunks; ++chunk)
    for (auto [i, value] : llvm::enumerate(reader.loadValues(block, chunk)))
      scratch.store(value, place(0, e.add(k, 32 * chunk + i), p));
}

void PanelTiles::unpackSlice(Value from, Value end) {
  int64_t block = linear.format.block;
  e.loop(
      from, end, block,
      [&](Value k) {
        Value local = arith::SubIOp::create(e, k, from);
        auto unpack = [&](Value p) {
          // A task's last panels may not exist: they repeat the last.
          Value number = e.min(e.add(panel, p), e.index(linear.panels - 1));
          Value at = e.add(linear.panelAt(number),
                           e.mul(e.div(k, block), reader.blockBytes()));
          if (linear.hasIntegerRows())
            unpackIntegers(at, local, p);
          else
            unpackFloats(at, local, p);
        };
        e.loop(e.index(0), e.index(width), 1, unpack, /*keepRolled=*/true);
      },
      /*keepRolled=*/true);
}

/// `sums` with the products of one unit at column `k`, `local` in the slice.
SmallVector<Value> PanelTiles::addUnit(ArrayRef<Value> rowsAt, Value k,
                                       Value local, ValueRange before) {
  SmallVector<Value> dots;
  for (Value at : rowsAt)
    dots.append(width, linear.loadStart(at, k));
  auto addStep = [&](Value step, ValueRange dots) {
    SmallVector<Value> codes, result(dots);
    for (int64_t p = 0; p < width; ++p)
      codes.push_back(scratch.load(place(0, e.add(e.div(local, 4), step), p),
                                   e.getI8Type(), vectorBytes()));
    for (auto [r, at] : llvm::enumerate(rowsAt)) {
      Value x = linear.loadDword(at, e.add(k, e.mul(step, 4)));
      for (int64_t p = 0; p < width; ++p)
        result[r * width + p] = emitDot(e, result[r * width + p], codes[p], x);
    }
    return result;
  };
  int64_t steps = linear.unit / 4;
  for (int64_t step = 0; step < std::min<int64_t>(steps, 8); ++step)
    dots = addStep(e.index(step), dots);
  if (steps > 8)
    dots = e.reduceLoop(e.index(8), e.index(steps), 1, dots, addStep,
                        /*keepRolled=*/true);

  SmallVector<Value> sums(before);
  Value unit = e.div(local, linear.unit);
  bool isScaledHere = !linear.hasRowScale() && !spanColumns();
  for (auto [r, at] : llvm::enumerate(rowsAt)) {
    Value rowScale = isScaledHere ? linear.loadRowScale(at, k) : Value();
    Value codeSum;
    if (linear.format.hasMinimum) {
      codeSum = arith::SIToFPOp::create(e, linear.f32(), linear.loadSum(at, k));
      if (rowScale)
        codeSum = arith::MulFOp::create(e, codeSum, rowScale);
    }
    for (int64_t p = 0; p < width; ++p) {
      Value &sum = sums[r * width + p];
      Value dot = arith::SIToFPOp::create(e, linear.f32(), dots[r * width + p]);
      if (rowScale)
        dot = arith::MulFOp::create(e, dot, rowScale);
      auto load = [&](int64_t at) {
        return scratch.loadFloats(place(at, unit, p), linear.lanes);
      };
      sum = linear.fma(dot, load(scalesAt), sum);
      if (codeSum)
        sum = linear.fma(codeSum, load(minimaAt), sum);
    }
  }
  return sums;
}

SmallVector<Value> PanelTiles::addFloats(ArrayRef<Value> rowsAt, Value from,
                                         Value end) {
  SmallVector<Value> zeros(rowsAt.size() * width, linear.zeros());
  return e.reduceLoop(
      from, end, 1, zeros,
      [&](Value k, ValueRange before) {
        SmallVector<Value> sums(before), values;
        Value local = arith::SubIOp::create(e, k, from);
        for (int64_t p = 0; p < width; ++p)
          values.push_back(
              scratch.loadFloats(place(0, local, p), linear.lanes));
        for (auto [r, at] : llvm::enumerate(rowsAt)) {
          Value x =
              e.splat(e.load(linear.input.buffer, e.add(at, k)), linear.lanes);
          for (int64_t p = 0; p < width; ++p)
            sums[r * width + p] = linear.fma(x, values[p], sums[r * width + p]);
        }
        return sums;
      },
      /*keepRolled=*/true);
}

/// Adds a tile's registers to the sums in memory.
void PanelTiles::addToSums(Value row, ValueRange sums, ArrayRef<Value> rowsAt,
                           Value k) {
  for (size_t r = 0; r < rowsAt.size(); ++r) {
    Value rowScale =
        spanColumns() ? linear.loadRowScale(rowsAt[r], k) : Value();
    for (int64_t p = 0; p < width; ++p) {
      Value at = place(sumsAt, e.add(row, r), p);
      Value old = scratch.loadFloats(at, linear.lanes);
      Value sum = sums[r * width + p];
      scratch.store(rowScale ? linear.fma(sum, rowScale, old)
                             : Value(arith::AddFOp::create(e, sum, old)),
                    at);
    }
  }
}

/// Finishes a tile's registers and writes them.
void PanelTiles::storeTile(Value row, ValueRange sums) {
  for (int64_t p = 0; p < width; ++p)
    linear.ifExists(e.add(panel, p), [&](Value number) {
      for (size_t r = 0; r < sums.size() / width; ++r)
        linear.storeSums(sums[r * width + p], e.add(row, r), number);
    });
}

/// Products of columns `first` to `last`, whose activations share a scale; the
/// slice begins at `from`.
SmallVector<Value> PanelTiles::addSpan(ArrayRef<Value> rowsAt, Value from,
                                       Value first, Value last) {
  SmallVector<Value> zeros(rowsAt.size() * width, linear.zeros());
  return e.reduceLoop(
      first, last, linear.unit, zeros,
      [&](Value k, ValueRange sums) {
        return addUnit(rowsAt, k, arith::SubIOp::create(e, k, from), sums);
      },
      /*keepRolled=*/true);
}

/// The spans of a slice, added to the sums from `row` on.
void PanelTiles::addSpans(Value row, ArrayRef<Value> rowsAt, Value from,
                          Value end) {
  e.loop(
      from, end, spanColumns(),
      [&](Value k) {
        Value last = e.min(e.add(k, spanColumns()), end);
        addToSums(row, addSpan(rowsAt, from, k, last), rowsAt, k);
      },
      /*keepRolled=*/true);
}

/// The tile of `height` rows from `row` on, columns `from` to `end`.
void PanelTiles::addTile(Value row, int64_t height, Value from, Value end) {
  SmallVector<Value> rowsAt, sums;
  for (int64_t r = 0; r < height; ++r)
    rowsAt.push_back(linear.rowAt(e.add(row, r)));
  if (spanColumns() && !isWhole())
    return addSpans(row, rowsAt, from, end);
  if (spanColumns()) {
    clearSums(e.index(height));
    addSpans(e.index(0), rowsAt, from, end);
    for (int64_t r = 0; r < height; ++r)
      for (int64_t p = 0; p < width; ++p)
        sums.push_back(
            scratch.loadFloats(place(sumsAt, e.index(r), p), linear.lanes));
  } else if (linear.hasIntegerRows()) {
    sums = addSpan(rowsAt, from, from, end);
  } else {
    // Rows end with their last column, though blocks may go on.
    Value last = e.min(end, e.index(linear.row.columns));
    sums = addFloats(rowsAt, from, last);
  }
  if (isWhole())
    storeTile(row, sums);
  else
    addToSums(row, sums, rowsAt, from);
}

/// Tile number `tile` of the slice at `from` asks for its share of the weights
/// that the thread unpacks next.
void PanelTiles::prefetchNext(Value tile, Value from) {
  auto times = [&](Value a, Value b) -> Value {
    return arith::MulIOp::create(e, a, b);
  };
  Value tiles = e.div(e.add(rows, height - 1), height);
  int64_t slices = llvm::divideCeil(linear.columns, slice);
  Value lines = e.index(llvm::divideCeil(width * linear.panelBytes, 64));
  Value share = arith::CeilDivUIOp::create(e, lines, e.mul(tiles, slices));
  Value number = e.add(times(tiles, e.div(from, slice)), tile);
  Value at = e.add(linear.panelAt(e.add(panel, width)),
                   e.mul(times(number, share), 64));
  e.loop(
      e.index(0), share, 1,
      [&](Value i) {
        e.prefetch(linear.weight.buffer, e.add(at, e.mul(i, 64)));
      },
      /*keepRolled=*/true);
}

void PanelTiles::addTiles(Value first, Value last, int64_t height, Value from,
                          Value end) {
  e.loop(
      first, last, height,
      [&](Value row) {
        prefetchNext(e.div(row, this->height), from);
        addTile(row, height, from, end);
      },
      /*keepRolled=*/true);
}

int64_t PanelTiles::emit() {
  Value columns = e.index(linear.columns);
  auto addSlice = [&](Value from) {
    Value end = e.min(e.add(from, slice), columns);
    unpackSlice(from, end);
    Value whole = e.mul(e.div(rows, height), height);
    addTiles(e.index(0), whole, height, from, end);
    addTiles(whole, rows, 1, from, end);
  };
  if (isWhole()) {
    addSlice(e.index(0));
    return scratchBytes;
  }
  clearSums(rows);
  e.loop(e.index(0), columns, slice, addSlice, /*keepRolled=*/true);
  linear.storePanels(panel, width, rows, [&](Value r, int64_t p) {
    return scratch.loadFloats(place(sumsAt, r, p), linear.lanes);
  });
  return scratchBytes;
}

} // namespace

int64_t emitPanelTiles(const BlockLinear &linear, Value panel, int64_t width,
                       Value rows) {
  return PanelTiles(linear, panel, width, rows).emit();
}

} // namespace qcc
