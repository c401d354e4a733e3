// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokens that end a generation. Files rarely list them all, but their names
// are well known.

#ifndef COMPILER_IMPORT_TOKENIZER_ENDTOKENS_H
#define COMPILER_IMPORT_TOKENIZER_ENDTOKENS_H

#include "compiler/Import/Tokenizer/TokenizerDescription.h"

namespace qcc {

/// Fills in endIds, from eos, eot, `extra` (or kNoToken) and names, and eot
/// where it is not known. Tokens that end something become control tokens,
/// however the file calls them.
void findEndTokens(TokenizerDescription &description, int32_t extra);

} // namespace qcc

#endif // COMPILER_IMPORT_TOKENIZER_ENDTOKENS_H
