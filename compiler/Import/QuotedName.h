// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names out of files in messages: a stranger chose their bytes and length.

#ifndef COMPILER_IMPORT_QUOTEDNAME_H
#define COMPILER_IMPORT_QUOTEDNAME_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace qcc {

/// `name` in quotes, made printable and cut to a bearable length.
std::string quoteName(llvm::StringRef name);

} // namespace qcc

#endif // COMPILER_IMPORT_QUOTEDNAME_H
