// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A linalg op as nested loops: operands brought to one dimension for each
// loop, its body evaluated on whole tensors, the result brought back.

#ifndef COMPILER_IMPORT_MLIR_LOOPNEST_H
#define COMPILER_IMPORT_MLIR_LOOPNEST_H

#include "compiler/Import/Mlir/Conversion.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace qcc::mlir_import {

/// What the body of a reduction does with each element: combines the result so
/// far with `term`, which does not depend on it.
struct Reduction {
  ReduceKind kind;
  mlir::Value term;
};

class LoopNest {
public:
  LoopNest(mlir::linalg::LinalgOp op, GraphBuilder &build);

  mlir::linalg::LinalgOp op;
  GraphBuilder &build;
  llvm::SmallVector<mlir::AffineMap> maps;
  llvm::SmallVector<int64_t> sizes;
  llvm::SmallVector<bool> isReduced;
  /// The number of the first initial value among the operands.
  unsigned initNumber;

  /// False and a problem where sizes or types are not static tensors.
  bool check();

  mlir::AffineMap getInitMap() const { return maps[initNumber]; }
  /// The tensor that operand `number` is, or its scalar.
  mlir::Value getTensor(unsigned number);
  /// That tensor with one dimension for each loop, of size 1 where it does not
  /// vary.
  mlir::Value getOperand(unsigned number);
  /// The value of result number `number` from one in the loops' dimensions;
  /// those that are reduced have size 1.
  mlir::Value makeResult(mlir::Value value, unsigned number = 0);

  /// The only result from a value whose elements are those of the loops
  /// `order`, from the outermost to the innermost; none of them is reduced.
  mlir::Value arrangeResult(mlir::Value value, Shape order);
  /// How often the body runs for one step of the other loops.
  int64_t countSteps(Shape loops) const;

  /// The body's `value` on whole tensors, in the loops' dimensions.
  mlir::Value evaluate(mlir::Value value);
  /// What the body of an op with one result combines, or nothing.
  std::optional<Reduction> findReduction();
  /// `result` combined with the initial value, unless that changes nothing.
  mlir::Value combineWithInit(ReduceKind kind, mlir::Value result);

private:
  mlir::Value makeIndex(unsigned loop);
  mlir::Value expand(mlir::Value value, Shape shape);

  llvm::DenseMap<mlir::Value, mlir::Value> evaluated;
};

/// The place of the loop that each result of a map is, or nothing where one is
/// not simply a loop.
std::optional<llvm::SmallVector<int64_t>> getLoops(mlir::AffineMap map);

/// x * y summed over a loop, as a matrix product. Null without a problem where
/// it is none.
mlir::Value convertProduct(LoopNest &nest, const Reduction &reduction);

/// The same for a sum of products, or a reduction, over windows of an image.
mlir::Value convertWindows(LoopNest &nest, const Reduction &reduction);

/// Ops of the tensor dialect; null where `op` is none that is known.
mlir::Value convertTensorOp(mlir::Operation *op, GraphBuilder &build);

} // namespace qcc::mlir_import

#endif // COMPILER_IMPORT_MLIR_LOOPNEST_H
