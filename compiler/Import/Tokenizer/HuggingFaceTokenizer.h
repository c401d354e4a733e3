// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokenizers of Hugging Face checkpoints: tokenizer.json and what the files
// beside it say about special tokens.

#ifndef COMPILER_IMPORT_TOKENIZER_HUGGINGFACETOKENIZER_H
#define COMPILER_IMPORT_TOKENIZER_HUGGINGFACETOKENIZER_H

#include "compiler/Import/Tokenizer/TokenizerDescription.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace qcc {

/// The texts of files; all but the first may be empty.
struct HuggingFaceTokenizerFiles {
  llvm::StringRef tokenizer;        // tokenizer.json
  llvm::StringRef config;           // tokenizer_config.json
  llvm::StringRef specialTokensMap; // special_tokens_map.json
  llvm::StringRef generationConfig; // generation_config.json
  llvm::StringRef chatTemplate;     // chat_template.jinja
};

llvm::Expected<TokenizerDescription>
describeHuggingFaceTokenizer(const HuggingFaceTokenizerFiles &files);

} // namespace qcc

#endif // COMPILER_IMPORT_TOKENIZER_HUGGINGFACETOKENIZER_H
