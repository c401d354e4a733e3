// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Model files become modules of the qcc dialect. The only header of this
// folder that others include.

#ifndef COMPILER_IMPORT_IMPORTER_H
#define COMPILER_IMPORT_IMPORTER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <string>

namespace qcc {

struct ImportOptions {
  /// Sizes of inputs by name; -1 leaves a dimension as the model has it.
  llvm::StringMap<llvm::SmallVector<int64_t>> shapes;
  /// How language models keep keys and values: `f32`, `f16`, `bf16` or
  /// `int8`. Empty: f16, but f32 for weights that are floats and stay so.
  std::string cacheType;
  bool keepsFloats = true;
};

/// Adds what one `--shape=NAME=1x3x480x640` says; `?` leaves a dimension as
/// the model has it. `text` is the part after the first `=`.
llvm::Error addShape(ImportOptions &options, llvm::StringRef text);

/// Reads the model at `path`: one public function `main`, all shapes static,
/// verified. Loads the dialects it needs into `context`. A message begins with
/// the path, then the node where there is one.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importModel(mlir::MLIRContext &context, llvm::StringRef path,
            const ImportOptions &options = {});

/// The same from bytes in memory; the buffer's identifier is the path, which
/// tells the kind of file and the folder of external weights.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importModel(mlir::MLIRContext &context, llvm::MemoryBufferRef buffer,
            const ImportOptions &options = {});

} // namespace qcc

#endif // COMPILER_IMPORT_IMPORTER_H
