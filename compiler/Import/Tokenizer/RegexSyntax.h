// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Patterns of tokenizers in the syntax of PCRE2, which the runtime has.

#ifndef COMPILER_IMPORT_TOKENIZER_REGEXSYNTAX_H
#define COMPILER_IMPORT_TOKENIZER_REGEXSYNTAX_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace qcc {

/// Says in PCRE2's words what a pattern means in Oniguruma's (Ruby's syntax),
/// which Hugging Face's library reads patterns with.
llvm::Expected<std::string> translatePattern(llvm::StringRef pattern);

} // namespace qcc

#endif // COMPILER_IMPORT_TOKENIZER_REGEXSYNTAX_H
