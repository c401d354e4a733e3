// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds the float library that a quantized one is compared with, and compiles
// it from the model where there is none.

#ifndef QCC_COMPILER_EVALUATE_REFERENCELIBRARY_H
#define QCC_COMPILER_EVALUATE_REFERENCELIBRARY_H

#include "compiler/Evaluate/CompiledModel.h"

namespace qcc::evaluate {

/// True for what qcc writes, false for models.
llvm::Expected<bool> isSharedLibrary(llvm::StringRef path);

/// The model that `library` was compiled from, as its information names it:
/// that path, or one beside the library.
llvm::Expected<std::string> findSource(const CompiledModel &library);

/// The arguments that make `program` compile `model` in f32 with the input
/// shapes of `like`.
std::vector<std::string> referenceArguments(llvm::StringRef program,
                                            llvm::StringRef model,
                                            const CompiledModel &like,
                                            llvm::StringRef output);

/// Loads `path`, or compiles it with `program` into a temporary folder that is
/// gone when this returns. Empty `path`: the source of `tested`.
llvm::Expected<std::unique_ptr<CompiledModel>>
loadReference(llvm::StringRef path, const CompiledModel &tested,
              llvm::StringRef program, int threads);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_REFERENCELIBRARY_H
