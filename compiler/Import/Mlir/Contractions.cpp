// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums of products as matrix products: each loop is one of a stack, of rows,
// of columns, or summed, as the operands and the result that vary along it
// tell.

#include "compiler/Import/Mlir/LoopNest.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc::mlir_import {

namespace {

/// The loops of a product of two operands, by their part in it.
struct ProductLoops {
  SmallVector<int64_t> stack, rows, columns, depth;
};

} // namespace

/// The numbers of the two operands that `value` multiplies, or nothing.
static std::optional<std::pair<unsigned, unsigned>>
findFactors(LoopNest &nest, const Reduction &reduction) {
  auto product = reduction.term.getDefiningOp<arith::MulFOp>();
  if (reduction.kind != ReduceKind::Sum || !product)
    return std::nullopt;
  auto lhs = dyn_cast<BlockArgument>(product.getLhs());
  auto rhs = dyn_cast<BlockArgument>(product.getRhs());
  Block *body = nest.op.getBlock();
  if (!lhs || !rhs || lhs == rhs || lhs.getOwner() != body ||
      rhs.getOwner() != body)
    return std::nullopt;
  return std::pair(lhs.getArgNumber(), rhs.getArgNumber());
}

static std::optional<ProductLoops> sortLoops(const LoopNest &nest, unsigned lhs,
                                             unsigned rhs) {
  auto inLhs = getLoops(nest.maps[lhs]), inRhs = getLoops(nest.maps[rhs]);
  auto inResult = getLoops(nest.getInitMap());
  if (!inLhs || !inRhs || !inResult)
    return std::nullopt;
  ProductLoops loops;
  for (int64_t loop : llvm::seq<int64_t>(nest.sizes.size())) {
    bool left = llvm::is_contained(*inLhs, loop);
    bool right = llvm::is_contained(*inRhs, loop);
    if (nest.isReduced[loop]) {
      if (!left || !right)
        return std::nullopt;
      loops.depth.push_back(loop);
    } else if (left && right) {
      loops.stack.push_back(loop);
    } else if (left || right) {
      (left ? loops.rows : loops.columns).push_back(loop);
    } else {
      return std::nullopt;
    }
  }
  // An op without rows or columns has one of each.
  if (loops.depth.empty())
    return std::nullopt;
  return loops;
}

/// Operand `number` as matrices of the loops `first` by `second`.
static Value makeMatrices(LoopNest &nest, unsigned number,
                          ArrayRef<int64_t> stack, ArrayRef<int64_t> first,
                          ArrayRef<int64_t> second) {
  GraphBuilder &build = nest.build;
  SmallVector<int64_t> loops = *getLoops(nest.maps[number]), places;
  for (ArrayRef<int64_t> part : {stack, first, second})
    for (int64_t loop : part)
      places.push_back(llvm::find(loops, loop) - loops.begin());
  SmallVector<int64_t> shape = {nest.countSteps(first),
                                nest.countSteps(second)};
  if (int64_t count = nest.countSteps(stack); count != 1)
    shape.insert(shape.begin(), count);
  return build.reshape(build.transpose(nest.getTensor(number), places), shape);
}

Value convertProduct(LoopNest &nest, const Reduction &reduction) {
  std::optional<std::pair<unsigned, unsigned>> factors =
      findFactors(nest, reduction);
  if (!factors)
    return {};
  auto [lhs, rhs] = *factors;
  std::optional<ProductLoops> loops = sortLoops(nest, lhs, rhs);
  if (!loops)
    return {};
  // A constant comes second, where a matrix product becomes a linear layer.
  if (constantOf(nest.op->getOperand(lhs)) &&
      !constantOf(nest.op->getOperand(rhs))) {
    std::swap(lhs, rhs);
    std::swap(loops->rows, loops->columns);
  }
  GraphBuilder &build = nest.build;
  Value product = build.matmul(
      makeMatrices(nest, lhs, loops->stack, loops->rows, loops->depth),
      makeMatrices(nest, rhs, loops->stack, loops->depth, loops->columns));
  SmallVector<int64_t> order;
  for (ArrayRef<int64_t> part : {ArrayRef(loops->stack), ArrayRef(loops->rows),
                                 ArrayRef(loops->columns)})
    llvm::append_range(order, part);
  return nest.arrangeResult(product, order);
}

} // namespace qcc::mlir_import
