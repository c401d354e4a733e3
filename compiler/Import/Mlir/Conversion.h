// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Replaces the ops of another dialect one by one, in order, by graph ops of the
// same results. What cannot be replaced stays and keeps its reason, so that one
// message can name it all.

#ifndef COMPILER_IMPORT_MLIR_CONVERSION_H
#define COMPILER_IMPORT_MLIR_CONVERSION_H

#include "compiler/Import/Onnx/GraphBuilder.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Error.h"

namespace qcc::mlir_import {

using onnx_import::constantOf;
using onnx_import::describe;
using onnx_import::elementOf;
using onnx_import::GraphBuilder;
using onnx_import::rankOf;
using onnx_import::Shape;
using onnx_import::shapeOf;
using onnx_import::typeOf;

/// Why ops stay, as far as their converters say.
using Reasons = llvm::DenseMap<mlir::Operation *, std::string>;

/// Makes what replaces the results of `op`; on a problem, which `build` keeps,
/// null values or none.
using OpConverter = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::Operation *op, GraphBuilder &build)>;

/// Converts the ops of `main` for which `isForeign` holds, and erases all that
/// nobody uses then.
void convertOps(mlir::func::FuncOp main,
                llvm::function_ref<bool(mlir::Operation *)> isForeign,
                OpConverter convert, Reasons &reasons);

void convertLinalg(mlir::func::FuncOp main, Reasons &reasons);
void convertTosa(mlir::func::FuncOp main, Reasons &reasons);

/// Fails if `main` has ops that are no graph ops, and lists them, each kind
/// once and with its reason where there is one.
llvm::Error checkConverted(mlir::func::FuncOp main, const Reasons &reasons);

} // namespace qcc::mlir_import

#endif // COMPILER_IMPORT_MLIR_CONVERSION_H
