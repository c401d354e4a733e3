// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes a tokenizer's tables as the bytes that the runtime reads in place.

#ifndef COMPILER_IMPORT_TOKENIZER_TOKENIZERBUILDER_H
#define COMPILER_IMPORT_TOKENIZER_TOKENIZERBUILDER_H

#include "compiler/Import/Tokenizer/TokenizerDescription.h"
#include "llvm/Support/Error.h"

namespace qcc {

/// The data for qcc_rt_tokenizer_create, to be aligned to 8 bytes. Fails where
/// an index is out of range or a pattern is none.
llvm::Expected<std::vector<char>>
buildTokenizer(const TokenizerDescription &description);

/// Ids of more than this are refused: they would be memory, not tokens.
constexpr int64_t kMaxTokens = (1 << 22) - 1;

/// Of ids in a row, at most so many are left out.
constexpr int64_t kMaxIdGap = 1 << 16;

} // namespace qcc

#endif // COMPILER_IMPORT_TOKENIZER_TOKENIZERBUILDER_H
