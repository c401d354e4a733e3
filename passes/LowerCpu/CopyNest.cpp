// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses between runs and tiles; both move whole vectors.

#include "passes/LowerCpu/CopyNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <numeric>

using namespace mlir;

namespace qcc {
namespace {

/// A tile: `across` elements along dimension `to`, contiguous in the result,
/// by `along` elements of dimension `from`, contiguous in the operand.
struct Tile {
  size_t to, from;
  int64_t across, along;
};

/// The one dimension of more than one element and stride 1, if any.
std::optional<size_t> contiguousDimension(ArrayRef<int64_t> sizes,
                                          const Walk &walk) {
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] > 1 && walk.strides[i] == 1)
      return i;
  return std::nullopt;
}

/// Squares whose rows are half a register of bytes or a whole one of words;
/// where one side is short, like the channels of a picture, all of it.
std::optional<Tile> chooseTile(ArrayRef<int64_t> sizes, const Walk &to,
                               const Walk &from, int64_t elementBytes) {
  std::optional<size_t> a = contiguousDimension(sizes, to);
  std::optional<size_t> b = contiguousDimension(sizes, from);
  if (!a || !b || *a == *b)
    return std::nullopt;
  int64_t side = elementBytes == 1 ? 16 : 8;
  bool isDenseTo = to.strides[*b] == sizes[*a];
  bool isDenseFrom = from.strides[*a] == sizes[*b];
  if (sizes[*a] <= 4 && sizes[*b] >= side && isDenseTo)
    return Tile{*a, *b, sizes[*a], side};
  if (sizes[*b] <= 4 && sizes[*a] >= side && isDenseFrom)
    return Tile{*a, *b, side, sizes[*b]};
  if (sizes[*a] < side || sizes[*b] < side)
    return std::nullopt;
  return Tile{*a, *b, side, side};
}

/// Moves a tile through registers.
class TileCopy {
public:
  TileCopy(KernelContext &context, const Tile &tile, const Walk &to,
           const Walk &from)
      : e(context.e), source(context.operands[0].buffer),
        target(context.result.buffer), tile(tile),
        toStep(to.strides[tile.from]), fromStep(from.strides[tile.to]) {}

  void emit(Value toAt, Value fromAt) {
    if (tile.across <= 4 && toStep == tile.across)
      return interleave(toAt, fromAt);
    if (tile.along <= 4 && fromStep == tile.along)
      return separate(toAt, fromAt);
    transpose(toAt, fromAt);
  }

  /// The same for a tile at the edge, element by element.
  void emitPart(Value toAt, Value fromAt, Value across, Value along) {
    e.loop(e.index(0), along, 1, [&](Value j) {
      e.loop(e.index(0), across, 1, [&](Value i) {
        Value from = e.add(e.add(fromAt, j), e.mul(i, fromStep));
        Value to = e.add(e.add(toAt, i), e.mul(j, toStep));
        e.store(e.load(source, from), target, to);
      });
    });
  }

private:
  Value loadRow(Value fromAt, int64_t row) {
    return e.loadVector(source, e.add(fromAt, row * fromStep), tile.along);
  }

  /// Rows of the operand one after the other in one vector.
  Value joinRows(Value fromAt) {
    Value joined = loadRow(fromAt, 0);
    for (int64_t row = 1; row < tile.across; ++row) {
      SmallVector<int64_t> append(tile.along * (row + 1));
      std::iota(append.begin(), append.end(), 0);
      joined = e.shuffle(joined, loadRow(fromAt, row), append);
    }
    return joined;
  }

  void interleave(Value toAt, Value fromAt) {
    Value joined = joinRows(fromAt);
    SmallVector<int64_t> mask;
    for (int64_t i = 0; i < tile.across * tile.along; ++i)
      mask.push_back(i % tile.across * tile.along + i / tile.across);
    e.storeVector(e.shuffle(joined, joined, mask), target, toAt);
  }

  void separate(Value toAt, Value fromAt) {
    Value joined = e.loadVector(source, fromAt, tile.across * tile.along);
    for (int64_t row = 0; row < tile.along; ++row) {
      SmallVector<int64_t> mask;
      for (int64_t i = 0; i < tile.across; ++i)
        mask.push_back(i * tile.along + row);
      e.storeVector(e.shuffle(joined, joined, mask), target,
                    e.add(toAt, row * toStep));
    }
  }

  /// Interleaving row i with row i + half, log2 times, transposes a square.
  void transpose(Value toAt, Value fromAt) {
    int64_t side = tile.across;
    SmallVector<int64_t> low, high;
    for (int64_t i = 0; i < side / 2; ++i) {
      low.append({i, i + side});
      high.append({i + side / 2, i + side / 2 + side});
    }
    SmallVector<Value> rows;
    for (int64_t row = 0; row < side; ++row)
      rows.push_back(loadRow(fromAt, row));
    for (int64_t round = 1; round < side; round *= 2) {
      SmallVector<Value> next;
      for (int64_t i = 0; i < side / 2; ++i) {
        next.push_back(e.shuffle(rows[i], rows[i + side / 2], low));
        next.push_back(e.shuffle(rows[i], rows[i + side / 2], high));
      }
      rows = next;
    }
    for (int64_t row = 0; row < side; ++row)
      e.storeVector(rows[row], target, e.add(toAt, row * toStep));
  }

  KernelEmitter &e;
  Value source, target;
  const Tile &tile;
  int64_t toStep, fromStep;
};

int64_t emitTiles(KernelContext &context, ArrayRef<int64_t> sizes, Walk to,
                  Walk from, const Tile &tile) {
  KernelEmitter &e = context.e;
  TileCopy copy(context, tile, to, from);
  SmallVector<int64_t> steps(sizes);
  SmallVector<Walk> walks{to, from};
  auto cut = [&](size_t dimension, int64_t size) {
    steps[dimension] = llvm::divideCeil(sizes[dimension], size);
    walks[0].strides[dimension] *= size;
    walks[1].strides[dimension] *= size;
    Walk number{SmallVector<int64_t>(sizes.size(), 0), e.index(0)};
    number.strides[dimension] = size;
    walks.push_back(number);
  };
  cut(tile.to, tile.across);
  cut(tile.from, tile.along);
  int64_t acrossSize = sizes[tile.to], alongSize = sizes[tile.from];
  return emitNest(
      context, steps, walks,
      [&](ArrayRef<Value> at) {
        if (acrossSize % tile.across == 0 && alongSize % tile.along == 0)
          return copy.emit(at[0], at[1]);
        auto rest = [&](Value number, int64_t side, int64_t size) -> Value {
          return e.min(e.index(side),
                       e.createOrFold<arith::SubIOp>(e.index(size), number));
        };
        Value across = rest(at[2], tile.across, acrossSize);
        Value along = rest(at[3], tile.along, alongSize);
        Value isWhole =
            arith::CmpIOp::create(e, arith::CmpIPredicate::eq,
                                  arith::MulIOp::create(e, across, along),
                                  e.index(tile.across * tile.along));
        e.ifThenElse(
            isWhole, [&] { copy.emit(at[0], at[1]); },
            [&] { copy.emitPart(at[0], at[1], across, along); });
      },
      std::max<int64_t>(1, 32768 / (tile.across * tile.along)));
}

} // namespace

int64_t emitCopy(KernelContext &context, Operation *op, ArrayRef<int64_t> sizes,
                 const Walk &to, const Walk &from) {
  KernelEmitter &e = context.e;
  int64_t bytes = getElementBytes(context.result.stored);
  if (std::optional<Tile> tile = chooseTile(sizes, to, from, bytes))
    return emitTiles(context, sizes, to, from, *tile);
  if (isScattered(sizes, {to, from}))
    remarkScattered(context, op);
  return emitRunNest(context, sizes, {to, from},
                     2 * e.target.vectorBytes() / bytes, [&](const Run &run) {
                       run.store(run.load(context.operands[0].buffer, 1),
                                 context.result.buffer);
                     });
}

} // namespace qcc
