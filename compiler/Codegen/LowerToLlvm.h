// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the module that LowerCpu leaves (kernels, and a main of launches) to a
// module of the LLVM dialect alone.

#ifndef COMPILER_CODEGEN_LOWERTOLLVM_H
#define COMPILER_CODEGEN_LOWERTOLLVM_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace mlir {
class OpPassManager;
}

namespace qcc {

/// The symbol of the program compiled for `target`.
std::string getEntryName(llvm::StringRef target);

/// Adds the passes, in order. They know nothing of the machine but `target`'s
/// name, which makes the entry's symbol.
void buildLowerToLlvmPipeline(mlir::OpPassManager &passes,
                              llvm::StringRef target);

/// The same as `--qcc-lower-to-llvm="target=avx512"`.
void registerLowerToLlvmPipeline();

} // namespace qcc

#endif // COMPILER_CODEGEN_LOWERTOLLVM_H
