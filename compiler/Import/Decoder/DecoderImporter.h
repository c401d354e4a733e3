// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files of language models. Unlike other models they are mapped and never
// copied: constants point into the file.

#ifndef COMPILER_IMPORT_DECODER_DECODERIMPORTER_H
#define COMPILER_IMPORT_DECODER_DECODERIMPORTER_H

#include "compiler/Import/Importer.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"

namespace qcc {

/// True for a GGUF file, by its name, and for a folder with a config.json.
bool isDecoderFile(llvm::StringRef path);

/// The graph of the model in `path`.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importDecoder(mlir::MLIRContext &context, llvm::StringRef path,
              const ImportOptions &options);

} // namespace qcc

#endif // COMPILER_IMPORT_DECODER_DECODERIMPORTER_H
