// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arithmetic of shapes that verifiers, importers and passes have in common:
// broadcasting, windows, and the message for a shape that does not fit.

#ifndef DIALECTS_QCC_IR_SHAPERULES_H
#define DIALECTS_QCC_IR_SHAPERULES_H

#include "mlir/IR/Operation.h"

#include <optional>
#include <string>

namespace qcc {

/// `[1, 2, 3]`.
std::string formatShape(llvm::ArrayRef<int64_t> shape);

/// The NumPy broadcast of two shapes, or nothing where they do not fit.
std::optional<llvm::SmallVector<int64_t>>
getBroadcastShape(llvm::ArrayRef<int64_t> lhs, llvm::ArrayRef<int64_t> rhs);

/// One spatial dimension of a convolution or a pool.
struct WindowRule {
  int64_t kernel;
  int64_t stride;
  int64_t dilation;
  int64_t padLow;
  int64_t padHigh;

  /// Input elements that one window spans.
  int64_t getSpan() const { return dilation * (kernel - 1) + 1; }
  /// Windows that fit into `size` padded elements, rounded down; 0 if none.
  int64_t getCount(int64_t size) const;
};

/// Reports `expected <what> shape A, but got B` on `op` unless they agree.
llvm::LogicalResult expectShape(mlir::Operation *op, llvm::StringRef what,
                                llvm::ArrayRef<int64_t> expected,
                                llvm::ArrayRef<int64_t> got);

/// Reports `expected <what> of rank R, but got S` on `op` unless they agree.
llvm::LogicalResult expectRank(mlir::Operation *op, llvm::StringRef what,
                               int64_t expected, mlir::Value value);

/// Reports `expected <what> element type T, but got U` unless they agree.
llvm::LogicalResult expectElementType(mlir::Operation *op,
                                      llvm::StringRef what,
                                      mlir::Type expected, mlir::Value value);

/// Reports unless `values` has `count` entries of at least `lowest`.
llvm::LogicalResult expectEntries(mlir::Operation *op, llvm::StringRef what,
                                  llvm::ArrayRef<int64_t> values,
                                  int64_t count, int64_t lowest);

} // namespace qcc

#endif // DIALECTS_QCC_IR_SHAPERULES_H
