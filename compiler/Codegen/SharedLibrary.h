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

/// What of the runtime the objects use.
enum class RuntimeParts { Core, CoreAndText };

/// The bytes of a library of `objects` and the runtime, which exports
/// `qcc_query` and nothing else and needs the C library alone. The runtime is
/// written to `folder` for the linker to find. May be called again, from one
/// thread at a time.
llvm::Expected<llvm::SmallVector<char, 0>>
linkSharedLibrary(llvm::ArrayRef<std::string> objects, llvm::StringRef folder,
                  RuntimeParts parts = RuntimeParts::Core);

} // namespace qcc

#endif // COMPILER_CODEGEN_SHAREDLIBRARY_H
