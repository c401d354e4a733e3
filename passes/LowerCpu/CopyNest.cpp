// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses between runs and tiles. Both move whole vectors, but for runs whose
// elements are far apart in the operand.

#include "passes/LowerCpu/CopyNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <numeric>

using namespace mlir;

namespace qcc {
namespace {

/// A tile: `across` elements that are contiguous in the result, by `along`
/// elements of dimension `from`, contiguous in the operand. The former go along
/// dimension `to`, and before that through all of `within` (where the result's
/// innermost dimension is short: a block of pixels that becomes a row).
struct Tile {
  size_t to, from;
  int64_t across, along;
  std::optional<size_t> within;
};

/// The one dimension of more than one element and that stride, if any.
std::optional<size_t> findStride(ArrayRef<int64_t> sizes, const Walk &walk,
                                 int64_t stride) {
  for (size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] > 1 && walk.strides[i] == stride)
      return i;
  return std::nullopt;
}

/// A register of the result by 8 words or 16 bytes of the operand; where one
/// side is short, like the channels of a picture, all of it.
std::optional<Tile> chooseTile(ArrayRef<int64_t> sizes, const Walk &to,
                               const Walk &from, int64_t elementBytes,
                               int64_t vectorBytes) {
  std::optional<size_t> a = findStride(sizes, to, 1);
  std::optional<size_t> b = findStride(sizes, from, 1);
  if (!a || !b || *a == *b)
    return std::nullopt;
  int64_t side = elementBytes == 1 ? 16 : 8;
  bool isDenseTo = to.strides[*b] == sizes[*a];
  bool isDenseFrom = from.strides[*a] == sizes[*b];
  if (sizes[*a] <= 4 && sizes[*b] >= side && isDenseTo)
    return Tile{*a, *b, sizes[*a], side, {}};
  if (sizes[*b] <= 4 && sizes[*a] >= side && isDenseFrom)
    return Tile{*a, *b, side, sizes[*b], {}};
  if (sizes[*b] < side)
    return std::nullopt;
  // As many squares as fill a register, so that whole lines are written.
  auto makeTile = [&](size_t dimension, std::optional<size_t> within) {
    int64_t across = std::max(vectorBytes / elementBytes, side);
    int64_t size = sizes[dimension] * (within ? sizes[*within] : 1);
    while (across > side && across > size)
      across /= 2;
    return Tile{dimension, *b, across, side, within};
  };
  if (sizes[*a] >= side)
    return makeTile(*a, {});
  std::optional<size_t> next = findStride(sizes, to, sizes[*a]);
  if (!next || *next == *b || side % sizes[*a] ||
      sizes[*next] * sizes[*a] < side)
    return std::nullopt;
  return makeTile(*next, *a);
}

/// Moves a tile through registers.
class TileCopy {
public:
  TileCopy(KernelContext &context, const Tile &tile, ArrayRef<int64_t> sizes,
           const Walk &to, const Walk &from)
      : e(context.e), source(context.operands[0].buffer),
        target(context.result.buffer), tile(tile),
        toStep(to.strides[tile.from]), fromStep(from.strides[tile.to]),
        isInterleaved(tile.across <= 4 && toStep == tile.across),
        isSeparated(tile.along <= 4 && fromStep == tile.along) {
    if (tile.within) {
      withinSize = sizes[*tile.within];
      withinStep = from.strides[*tile.within];
    }
  }

  /// Moves the first `across` by `along` elements, which may be fewer than the
  /// tile has.
  void emit(Value toAt, Value fromAt, int64_t across, int64_t along) {
    if (isInterleaved)
      return interleave(toAt, fromAt, along);
    if (isSeparated)
      return separate(toAt, fromAt, across);
    transpose(toAt, fromAt, across, along);
  }

private:
  Value loadRow(Value fromAt, int64_t row, int64_t valid) {
    int64_t offset =
        row / withinSize * fromStep + row % withinSize * withinStep;
    return e.loadPart(source, e.add(fromAt, offset), tile.along,
                      e.index(valid));
  }

  /// Rows of the operand one after the other in one vector.
  Value joinRows(Value fromAt, int64_t valid) {
    Value joined = loadRow(fromAt, 0, valid);
    for (int64_t row = 1; row < tile.across; ++row) {
      SmallVector<int64_t> append(tile.along * (row + 1));
      std::iota(append.begin(), append.end(), 0);
      joined = e.shuffle(joined, loadRow(fromAt, row, valid), append);
    }
    return joined;
  }

  void interleave(Value toAt, Value fromAt, int64_t along) {
    Value joined = joinRows(fromAt, along);
    SmallVector<int64_t> mask;
    for (int64_t i = 0; i < tile.across * tile.along; ++i)
      mask.push_back(i % tile.across * tile.along + i / tile.across);
    e.storePart(e.shuffle(joined, joined, mask), target, toAt,
                e.index(tile.across * along));
  }

  void separate(Value toAt, Value fromAt, int64_t across) {
    Value joined = e.loadPart(source, fromAt, tile.across * tile.along,
                              e.index(across * tile.along));
    for (int64_t row = 0; row < tile.along; ++row) {
      SmallVector<int64_t> mask;
      for (int64_t i = 0; i < tile.across; ++i)
        mask.push_back(i * tile.along + row);
      e.storePart(e.shuffle(joined, joined, mask), target,
                  e.add(toAt, row * toStep), e.index(across));
    }
  }

  /// Squares of `along` rows, side by side in the result.
  void transpose(Value toAt, Value fromAt, int64_t across, int64_t along) {
    int64_t side = tile.along;
    SmallVector<Value> joined;
    for (int64_t first = 0; first < across; first += side) {
      SmallVector<Value> square =
          transposeSquare(fromAt, first, std::min(side, across - first), along);
      if (first == 0)
        joined = square;
      else
        for (int64_t row = 0; row < along; ++row)
          joined[row] = append(joined[row], square[row]);
    }
    for (int64_t row = 0; row < along; ++row)
      e.storePart(joined[row], target, e.add(toAt, row * toStep),
                  e.index(across));
  }

  Value append(Value a, Value b) {
    int64_t size = cast<VectorType>(b.getType()).getNumElements();
    int64_t before = cast<VectorType>(a.getType()).getNumElements();
    SmallVector<int64_t> all(before + size);
    std::iota(all.begin(), all.end(), 0);
    if (before == size)
      return e.shuffle(a, b, all);
    // Both sides of a shuffle have one type.
    SmallVector<int64_t> widen(before, 0);
    std::iota(widen.begin(), widen.begin() + size, 0);
    return e.shuffle(a, e.shuffle(b, b, widen), all);
  }

  /// Interleaving row i with row i + half, log2 times, transposes a square.
  SmallVector<Value> transposeSquare(Value fromAt, int64_t first,
                                     int64_t across, int64_t along) {
    int64_t side = tile.along;
    SmallVector<int64_t> low, high;
    for (int64_t i = 0; i < side / 2; ++i) {
      low.append({i, i + side});
      high.append({i + side / 2, i + side / 2 + side});
    }
    // Rows that are not there give columns that are not stored.
    SmallVector<Value> rows;
    for (int64_t row = 0; row < side; ++row)
      rows.push_back(row < across ? loadRow(fromAt, first + row, along)
                                  : rows[0]);
    for (int64_t round = 1; round < side; round *= 2) {
      SmallVector<Value> next;
      for (int64_t i = 0; i < side / 2; ++i) {
        next.push_back(e.shuffle(rows[i], rows[i + side / 2], low));
        next.push_back(e.shuffle(rows[i], rows[i + side / 2], high));
      }
      rows = next;
    }
    return rows;
  }

  KernelEmitter &e;
  Value source, target;
  const Tile &tile;
  int64_t toStep, fromStep;
  int64_t withinSize = 1, withinStep = 0;
  bool isInterleaved, isSeparated;
};

/// Calls `emit` with `side`, or with the rest of `size` where `number`, a
/// multiple of `side`, is the last one.
void forSide(KernelEmitter &e, Value number, int64_t side, int64_t size,
             function_ref<void(int64_t)> emit) {
  int64_t rest = size % side;
  if (rest == 0)
    return emit(side);
  Value isLast = arith::CmpIOp::create(e, arith::CmpIPredicate::eq, number,
                                       e.index(size - rest));
  e.ifThenElse(isLast, [&] { emit(rest); }, [&] { emit(side); });
}

int64_t emitTiles(KernelContext &context, ArrayRef<int64_t> sizes, Walk to,
                  Walk from, const Tile &tile) {
  KernelEmitter &e = context.e;
  TileCopy copy(context, tile, sizes, to, from);
  SmallVector<int64_t> steps(sizes);
  // Tiles of the operand's rows come innermost, so that its lines are read
  // once: the first walk is there for the order only.
  Walk order = restAlong(to, tile.from);
  SmallVector<Walk> walks{order, to, from};
  auto cut = [&](size_t dimension, int64_t size) {
    steps[dimension] = llvm::divideCeil(sizes[dimension], size);
    for (Walk &walk : MutableArrayRef(walks).take_front(3))
      walk.strides[dimension] *= size;
    Walk number{SmallVector<int64_t>(sizes.size(), 0), e.index(0)};
    number.strides[dimension] = size;
    walks.push_back(number);
  };
  int64_t within = tile.within ? sizes[*tile.within] : 1;
  if (tile.within)
    steps[*tile.within] = 1;
  cut(tile.to, tile.across / within);
  cut(tile.from, tile.along);
  return emitNest(
      context, steps, walks,
      [&](ArrayRef<Value> at) {
        forSide(e, at[3], tile.across / within, sizes[tile.to],
                [&](int64_t across) {
                  forSide(e, at[4], tile.along, sizes[tile.from],
                          [&](int64_t along) {
                            copy.emit(at[1], at[2], across * within, along);
                          });
                });
      },
      std::max<int64_t>(1, 32768 / (tile.across * tile.along)));
}

} // namespace

int64_t emitCopy(KernelContext &context, Operation *op, ArrayRef<int64_t> sizes,
                 const Walk &to, const Walk &from) {
  KernelEmitter &e = context.e;
  int64_t bytes = getElementBytes(context.result.stored);
  if (std::optional<Tile> tile =
          chooseTile(sizes, to, from, bytes, e.target.vectorBytes()))
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
