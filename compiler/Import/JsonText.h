// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON from strangers: LLVM's parser recurses and keeps the last of two equal
// keys, so depth and keys are checked around it.

#ifndef COMPILER_IMPORT_JSONTEXT_H
#define COMPILER_IMPORT_JSONTEXT_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace qcc {

/// Parses the object that `text` holds; `label` begins the messages.
llvm::Expected<llvm::json::Object> parseJsonObject(llvm::StringRef text,
                                                   const llvm::Twine &label);

/// `"word"`, `12`, `an object`, `nothing`: what was got, for messages.
std::string describeJson(const llvm::json::Value *value);

} // namespace qcc

#endif // COMPILER_IMPORT_JSONTEXT_H
