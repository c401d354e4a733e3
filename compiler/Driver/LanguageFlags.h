// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flags that only language models heed, and those that they do not.

#ifndef COMPILER_DRIVER_LANGUAGEFLAGS_H
#define COMPILER_DRIVER_LANGUAGEFLAGS_H

#include "compiler/Pipeline/CompileOptions.h"
#include "mlir/IR/BuiltinOps.h"

namespace qcc {

/// An error that names a flag which is not for the model; a remark for each
/// that the precision leaves without effect.
llvm::Error
checkLanguageFlags(mlir::ModuleOp module, const CompileOptions &options,
                   llvm::function_ref<void(llvm::StringRef)> remark);

} // namespace qcc

#endif // COMPILER_DRIVER_LANGUAGEFLAGS_H
