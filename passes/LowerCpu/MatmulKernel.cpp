// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.matmul`, the product of two activations in f32: tiles of rows
// by registers of columns, whose sums stay in registers over the whole depth.
// Columns of the right operand are contiguous (qcc-plan-memory sees to it);
// where they are not, elements are gathered.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {
namespace {

class MatmulEmitter {
public:
  explicit MatmulEmitter(KernelContext &context)
      : e(context.e), context(context), lhs(context.operands[0]),
        rhs(context.operands[1]), result(context.result), rank(result.rank()),
        rows(result.shape[rank - 2]), columns(result.shape[rank - 1]),
        depth(lhs.shape.back()) {
    lanes = e.target.lanes;
    while (lanes > 1 && lanes / 2 >= columns)
      lanes /= 2;
    // As many rows as accumulators leave registers for: two columns of
    // vectors, and the two vectors and a broadcast that are multiplied.
    vectors = columns > lanes ? 2 : 1;
    tileRows = (e.target.registers - vectors - 2) / vectors;
    tileRows = std::min<int64_t>({rows, tileRows, kMostRows});
    // Tiles of one height where there are more of them.
    tileRows = llvm::divideCeil(rows, llvm::divideCeil(rows, tileRows));
  }

  int64_t emit();

private:
  static constexpr int64_t kMostRows = 12;
  static constexpr int64_t kMacsPerTask = 400000;

  Walk walkOf(const TensorArgument &operand, bool isLeft);
  void emitTile(ArrayRef<Value> offsets, Value row, int64_t height);
  void emitColumns(Value to, Value left, Value right, int64_t height,
                   ArrayRef<int64_t> valid);

  KernelEmitter &e;
  KernelContext &context;
  const TensorArgument &lhs, &rhs, &result;
  int64_t rank, rows, columns, depth;
  int64_t lanes, vectors, tileRows;
};

/// The batch dimensions of an operand, broadcast, and blocks of rows.
Walk MatmulEmitter::walkOf(const TensorArgument &operand, bool isLeft) {
  Walk walk;
  walk.strides.assign(rank, 0);
  int64_t shift = rank - operand.rank();
  for (int64_t i = 0; i + 2 < operand.rank(); ++i)
    walk.strides[shift + i] = operand.shape[i] == 1 ? 0 : operand.strides[i];
  if (isLeft)
    walk.strides[rank - 2] = operand.strides[operand.rank() - 2] * tileRows;
  walk.start = e.index(operand.base);
  return walk;
}

/// `height` rows by the columns whose vectors have `valid` elements each.
void MatmulEmitter::emitColumns(Value to, Value left, Value right,
                                int64_t height, ArrayRef<int64_t> valid) {
  int64_t leftRow = lhs.strides[lhs.rank() - 2];
  int64_t leftStep = lhs.strides[lhs.rank() - 1];
  int64_t rightStep = rhs.strides[rhs.rank() - 2];
  int64_t rightColumn = rhs.strides[rhs.rank() - 1];
  int64_t toRow = result.strides[rank - 2], toColumn = result.strides[rank - 1];
  SmallVector<Value> zeros(height * valid.size(),
                           e.constant(e.vectorOf(e.getF32Type(), lanes), 0));
  SmallVector<Value> sums = e.reduceLoop(
      e.index(0), e.index(depth), 1, zeros,
      [&](Value k, ValueRange so) {
        SmallVector<Value> next, panel;
        for (auto [v, count] : llvm::enumerate(valid)) {
          Value at =
              e.add(e.add(right, e.mul(k, rightStep)), v * lanes * rightColumn);
          panel.push_back(
              e.loadStrided(rhs.buffer, at, rightColumn, lanes, count));
        }
        for (int64_t r = 0; r < height; ++r) {
          Value x = e.load(lhs.buffer,
                           e.add(e.add(left, e.mul(k, leftStep)), r * leftRow));
          Value row = e.splat(x, lanes);
          for (auto [v, b] : llvm::enumerate(panel))
            next.push_back(
                math::FmaOp::create(e, row, b, so[r * valid.size() + v]));
        }
        return next;
      },
      /*keepRolled=*/true);
  for (int64_t r = 0; r < height; ++r)
    for (auto [v, count] : llvm::enumerate(valid)) {
      Value at = e.add(to, r * toRow + v * lanes * toColumn);
      e.storeStrided(sums[r * valid.size() + v], result.buffer, at, toColumn,
                     count);
    }
}

void MatmulEmitter::emitTile(ArrayRef<Value> offsets, Value row,
                             int64_t height) {
  int64_t block = vectors * lanes;
  int64_t whole = columns / block * block;
  auto emitBlock = [&](Value n, int64_t width) {
    SmallVector<int64_t> valid;
    for (int64_t at = 0; at < width; at += lanes)
      valid.push_back(std::min(lanes, width - at));
    emitColumns(e.add(offsets[0], e.mul(n, result.strides[rank - 1])),
                offsets[1],
                e.add(offsets[2], e.mul(n, rhs.strides[rhs.rank() - 1])),
                height, valid);
  };
  e.loop(
      e.index(0), e.index(whole), block, [&](Value n) { emitBlock(n, block); },
      /*keepRolled=*/true);
  if (whole < columns)
    emitBlock(e.index(whole), columns - whole);
}

int64_t MatmulEmitter::emit() {
  SmallVector<int64_t> sizes(result.shape);
  sizes[rank - 1] = 1;
  sizes[rank - 2] = llvm::divideCeil(rows, tileRows);
  Walk to{SmallVector<int64_t>(result.strides), e.index(result.base)};
  to.strides[rank - 2] *= tileRows;
  Walk number{SmallVector<int64_t>(rank, 0), e.index(0)};
  number.strides[rank - 2] = tileRows;
  int64_t rest = rows % tileRows;
  int64_t work = std::max<int64_t>(1, tileRows * columns * depth);
  return emitNest(
      context, sizes, {to, walkOf(lhs, true), walkOf(rhs, false), number},
      [&](ArrayRef<Value> offsets) {
        Value row = offsets[3];
        if (rest == 0)
          return emitTile(offsets, row, tileRows);
        Value isWhole = arith::CmpIOp::create(e, arith::CmpIPredicate::sle, row,
                                              e.index(rows - tileRows));
        e.ifThenElse(
            isWhole, [&] { emitTile(offsets, row, tileRows); },
            [&] { emitTile(offsets, row, rest); });
      },
      std::max<int64_t>(1, kMacsPerTask / work));
}

} // namespace

int64_t emitMatmul(KernelContext &context, MatmulOp) {
  return MatmulEmitter(context).emit();
}

} // namespace qcc
