// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ONNX graphs to modules of the qcc dialect.

#ifndef COMPILER_IMPORT_ONNX_ONNXIMPORTER_H
#define COMPILER_IMPORT_ONNX_ONNXIMPORTER_H

#include "compiler/Import/Importer.h"

namespace qcc {

/// Imports the ONNX file in `buffer`, verified. The identifier of the buffer
/// is the path that external weights are relative to.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importOnnx(mlir::MLIRContext &context, llvm::MemoryBufferRef buffer,
           const ImportOptions &options);

} // namespace qcc

#endif // COMPILER_IMPORT_ONNX_ONNXIMPORTER_H
