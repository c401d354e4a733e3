// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of arith and math, which work on scalars in the body of a linalg op and
// on tensors outside of one, as graph ops on tensors.

#ifndef COMPILER_IMPORT_MLIR_SCALAROPS_H
#define COMPILER_IMPORT_MLIR_SCALAROPS_H

#include "compiler/Import/Mlir/Conversion.h"

namespace qcc::mlir_import {

/// `op` on tensors that broadcast; null, with a problem where it is the
/// operands that do not fit, if it is not known.
mlir::Value convertScalarOp(mlir::Operation *op,
                            llvm::ArrayRef<mlir::Value> operands,
                            GraphBuilder &build);

/// `kind` of two tensors. Where an operand is one number everywhere it need
/// not have a shape; limits become clamps, and what undoes itself goes.
mlir::Value applyBinary(GraphBuilder &build, BinaryKind kind, mlir::Value lhs,
                        mlir::Value rhs);

/// The number that all elements of a float constant have, or nothing.
std::optional<double> getNumber(mlir::Value value);

} // namespace qcc::mlir_import

#endif // COMPILER_IMPORT_MLIR_SCALAROPS_H
