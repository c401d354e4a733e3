// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A look at MLIR text before it is parsed: upstream's parser and all that
// follows recurse as deep as a file says, and a deep file ends the process.

#ifndef COMPILER_IMPORT_MLIRTEXT_H
#define COMPILER_IMPORT_MLIRTEXT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace qcc {

/// Fails if `text` has brackets inside brackets, an expression without
/// brackets, or aliases made of aliases, that are deeper than any model.
llvm::Error checkNesting(llvm::StringRef text);

} // namespace qcc

#endif // COMPILER_IMPORT_MLIRTEXT_H
