// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runtimes that qcc carries inside, so that its users need no other file.

#ifndef COMPILER_CODEGEN_RUNTIMEARCHIVE_H
#define COMPILER_CODEGEN_RUNTIMEARCHIVE_H

#include "llvm/ADT/StringRef.h"

namespace qcc {

/// The bytes of libqcc_runtime.a.
llvm::StringRef getRuntimeArchive();
/// The bytes of libqcc_text.a, for language models.
llvm::StringRef getTextArchive();

} // namespace qcc

#endif // COMPILER_CODEGEN_RUNTIMEARCHIVE_H
