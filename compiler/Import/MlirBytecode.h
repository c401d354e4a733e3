// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// MLIR bytecode as text. Upstream's reader trusts its input: a damaged file
// makes it write where it must not, ask for memory without end, or not come
// back. So it runs in a process of its own, and only text reaches ours.

#ifndef COMPILER_IMPORT_MLIRBYTECODE_H
#define COMPILER_IMPORT_MLIRBYTECODE_H

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <string>

namespace qcc {

/// The module in `buffer` as text, with the dialects that `context` has.
llvm::Expected<std::string> printBytecode(mlir::MLIRContext &context,
                                          llvm::MemoryBufferRef buffer);

} // namespace qcc

#endif // COMPILER_IMPORT_MLIRBYTECODE_H
