// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flags that only language models heed.

#ifndef COMPILER_DRIVER_LANGUAGEFLAGS_H
#define COMPILER_DRIVER_LANGUAGEFLAGS_H

#include "compiler/Pipeline/CompileOptions.h"
#include "mlir/IR/BuiltinOps.h"

namespace qcc {

/// An error that names the flag which would be ignored without a word.
llvm::Error checkLanguageFlags(mlir::ModuleOp module,
                               const CompileOptions &options);

} // namespace qcc

#endif // COMPILER_DRIVER_LANGUAGEFLAGS_H
