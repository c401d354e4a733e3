// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Models that are MLIR files already, as text or bytecode.

#ifndef COMPILER_IMPORT_MLIRREADER_H
#define COMPILER_IMPORT_MLIRREADER_H

#include "compiler/Import/Importer.h"

namespace qcc {

/// Parses and verifies a module of the qcc dialect. Upstream
/// `!quant.uniform` types of a whole tensor become `!qcc.quant`.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
readMlir(mlir::MLIRContext &context, llvm::MemoryBufferRef buffer,
         const ImportOptions &options);

} // namespace qcc

#endif // COMPILER_IMPORT_MLIRREADER_H
