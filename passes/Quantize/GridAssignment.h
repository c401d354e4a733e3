// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which tensors become integers, and on which grid. Tensors between which
// elements only move share a grid, so moving them needs no arithmetic.

#ifndef PASSES_QUANTIZE_GRIDASSIGNMENT_H
#define PASSES_QUANTIZE_GRIDASSIGNMENT_H

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/EquivalenceClasses.h"

namespace qcc {

/// True if `op` is marked to compute in integers.
bool isMarkedInteger(mlir::Operation *op);

/// True for a contraction marked int8 whose sum stays in f32, because nobody
/// reads it as integers.
bool isUnrounded(mlir::Operation *op);

/// True if some op marked int8 wants `value` as integers.
bool isReadAsIntegers(mlir::Value value);

class GridAssignment {
public:
  /// Looks at the ops of `body` and their `qcc.precision` and ranges.
  explicit GridAssignment(mlir::Block &body);

  /// The tensor type of `value` as integers; `value` must be read or computed
  /// by an op marked int8.
  mlir::RankedTensorType getType(mlir::Value value);

  /// Null if all ranges were known, else a tensor without one.
  mlir::Value getUnknown() const { return unknown; }

private:
  void join(mlir::Operation *op);
  void joinConcat(ConcatOp op);
  bool isWorthOwnGrid(mlir::Value operand, Interval common);
  void addRange(mlir::Value value);
  unsigned getClass(mlir::Value value);

  llvm::DenseMap<mlir::Value, unsigned> numbers;
  llvm::EquivalenceClasses<unsigned> classes;
  llvm::DenseMap<unsigned, Interval> ranges;
  mlir::Value unknown;
};

} // namespace qcc

#endif // PASSES_QUANTIZE_GRIDASSIGNMENT_H
