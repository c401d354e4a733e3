// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TOSA's ops by group. Each function gives null for an op that is not of its
// group or cannot be converted, with a problem where there is one to name.

#ifndef COMPILER_IMPORT_MLIR_TOSAOPS_H
#define COMPILER_IMPORT_MLIR_TOSAOPS_H

#include "compiler/Import/Mlir/Conversion.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

namespace qcc::mlir_import {

// TosaElementwise.cpp
mlir::Value convertTosaElementwise(mlir::Operation *op, GraphBuilder &build);

// TosaMoves.cpp
mlir::Value convertTosaMove(mlir::Operation *op, GraphBuilder &build);
/// The numbers of a constant shape, or nothing and a problem.
std::optional<llvm::SmallVector<int64_t>> readShape(mlir::Value shape,
                                                    GraphBuilder &build);

// TosaWindows.cpp
mlir::Value convertTosaWindow(mlir::Operation *op, GraphBuilder &build);
/// A convolution of any kind, or a matrix product, on these floats.
mlir::Value convertTosaProduct(mlir::Operation *op, mlir::Value input,
                               mlir::Value weight, mlir::Value bias,
                               GraphBuilder &build);

} // namespace qcc::mlir_import

#endif // COMPILER_IMPORT_MLIR_TOSAOPS_H
