// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C header that is written beside a library.

#ifndef COMPILER_DRIVER_LIBRARYHEADER_H
#define COMPILER_DRIVER_LIBRARYHEADER_H

#include "compiler/Codegen/LibraryTable.h"

#include <string>

namespace qcc {

/// Inline functions prefixed with the model's name around `qcc_query`. Each
/// opens its library by path, so that several models live in one program
/// although all export the same symbol.
std::string printLibraryHeader(const LibraryInfo &library);

/// `text` as a C identifier in snake case: `ResNet-50` is `resnet_50`.
std::string makeIdentifier(llvm::StringRef text);

} // namespace qcc

#endif // COMPILER_DRIVER_LIBRARYHEADER_H
