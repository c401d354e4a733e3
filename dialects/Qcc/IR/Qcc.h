// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The qcc dialect: the only header other folders include for it.

#ifndef DIALECTS_QCC_IR_QCC_H
#define DIALECTS_QCC_IR_QCC_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Qcc/IR/QccDialect.h.inc"
#include "dialects/Qcc/IR/QccEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Qcc/IR/QccAttrs.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/Qcc/IR/QccTypes.h.inc"

#define GET_OP_CLASSES
#include "dialects/Qcc/IR/QccOps.h.inc"

namespace qcc {

/// The grid of a tensor, or null for tensors that are not quantized.
QuantType getQuantType(mlir::Type tensorType);

/// True for ops that compute each element from the elements at its place, and
/// that `qcc.fused` may hold.
bool isElementwise(mlir::Operation *op);

/// A matrix in blocks, whatever the order of its bytes.
struct BlockMatrix {
  llvm::StringRef format;
  int64_t rows, columns;
};

/// The matrix that the encoding of `weight`'s type describes, or nothing.
std::optional<BlockMatrix> getBlockMatrix(mlir::Value weight);

/// True for ops that stand for constant bytes, made when a library is written.
bool isLazyWeight(mlir::Operation *op);

/// Bytes of a row of `columns` activations.
int64_t getRowBytes(RowFormat format, int64_t columns);

/// Bytes of one stored element of `elementType` (i1 is stored as one byte).
int64_t getElementBytes(mlir::Type elementType);

} // namespace qcc

#endif // DIALECTS_QCC_IR_QCC_H
