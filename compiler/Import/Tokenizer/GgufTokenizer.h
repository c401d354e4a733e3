// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tokenizers of GGUF files. Their metadata says little about how text is cut,
// so that what llama.cpp does for each kind of model is what they mean.

#ifndef COMPILER_IMPORT_TOKENIZER_GGUFTOKENIZER_H
#define COMPILER_IMPORT_TOKENIZER_GGUFTOKENIZER_H

#include "compiler/Import/Tokenizer/TokenizerDescription.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>

namespace qcc {

/// The metadata of a tokenizer, as it stands in a file. Keys begin with
/// tokenizer.ggml, unless they are written out; nothing has been checked.
struct GgufVocabulary {
  llvm::StringRef modelName; // general.name
  llvm::StringRef model;     // model: "llama", "gpt2", "bert", "t5"
  llvm::StringRef pre;       // pre: "qwen2"; may be empty
  llvm::ArrayRef<llvm::StringRef> tokens;
  llvm::ArrayRef<float> scores;  // empty, or one for each token
  llvm::ArrayRef<int32_t> types; // token_type: the same
  llvm::ArrayRef<llvm::StringRef> merges;
  // bos_token_id, eos_token_id, eot_token_id, eom_token_id, unknown_token_id,
  // seperator_token_id (as it is spelled), padding_token_id, cls_token_id.
  std::optional<int64_t> bos, eos, eot, eom, unknown, separator, padding, cls;
  std::optional<bool> addBos, addEos, addSeparator; // add_bos_token, ...
  std::optional<bool> addSpacePrefix;               // add_space_prefix
  std::optional<bool> removeExtraWhitespaces;       // remove_extra_whitespaces
  llvm::StringRef charsmap;     // bytes of precompiled_charsmap
  llvm::StringRef chatTemplate; // tokenizer.chat_template
};

llvm::Expected<TokenizerDescription>
describeGgufTokenizer(const GgufVocabulary &vocabulary);

/// How texts are cut before pairs of bytes are merged.
struct GgufPattern {
  llvm::StringRef names; // of tokenizer.ggml.pre, separated by blanks
  llvm::ArrayRef<llvm::StringRef> patterns;
  bool ignoresMerges = false;
  bool addsBos = false;
  bool isRaw = false; // text is merged as it is, not as GPT-2's letters
};

/// The patterns called `name`, or null.
const GgufPattern *findGgufPattern(llvm::StringRef name);

} // namespace qcc

#endif // COMPILER_IMPORT_TOKENIZER_GGUFTOKENIZER_H
