// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Links objects and the runtime into a shared library, inside this process.

#ifndef COMPILER_CODEGEN_SHAREDLIBRARY_H
#define COMPILER_CODEGEN_SHAREDLIBRARY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace qcc {

struct LinkOptions {
  /// Where the runtime is written for the linker to find.
  llvm::StringRef folder;
  bool hasText = false; // with the text runtime, for language models
};

/// The bytes of a library of `objects` and the runtime, which exports
/// `qcc_query` and nothing else and needs the C library alone, and with text
/// its mathematical part. May be called again, from one thread at a time.
llvm::Expected<llvm::SmallVector<char, 0>>
linkSharedLibrary(llvm::ArrayRef<std::string> objects,
                  const LinkOptions &options);

} // namespace qcc

#endif // COMPILER_CODEGEN_SHAREDLIBRARY_H
