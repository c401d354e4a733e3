// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tokenizer as the readers of files describe it and as the builder of its
// data takes it. The words are those of runtime/text/tokenizer_data.h.

#ifndef COMPILER_IMPORT_TOKENIZER_TOKENIZERDESCRIPTION_H
#define COMPILER_IMPORT_TOKENIZER_TOKENIZERDESCRIPTION_H

#include "runtime/text/tokenizer_data.h"

#include <cstdint>
#include <string>
#include <vector>

namespace qcc {

struct TokenizerStep {
  text::StepKind kind;
  uint32_t flags = 0;
  std::string first = {}, second = {};
  uint32_t value = 0;
  text::Behavior behavior = text::Behavior::Isolated;
};

/// A string of the vocabulary. Its index is its id.
struct TokenizerToken {
  std::string text;
  text::TokenKind kind = text::kMissing;
  double score = 0;
  bool isInModel = false; // else only found as an added token
};

/// A token that is found by its name.
struct NamedToken {
  std::string text;
  int32_t id = 0;
  uint32_t flags = 0;        // text::AddedFlags
  bool isNormalized = false; // found after normalization
};

struct TokenizerMerge {
  std::string left, right, result;
};

struct TokenizerDescription {
  text::Model model = text::Model::BytePair;
  text::AddedSearch search = text::AddedSearch::Leftmost;
  uint32_t flags = 0; // text::ModelFlags
  std::vector<TokenizerToken> tokens;
  std::vector<TokenizerMerge> merges; // the first one first
  bool isLastMergeKept = false;       // of two equal ones; else the first
  std::vector<int32_t> byteTokens = std::vector<int32_t>(256, text::kNoToken);
  int32_t bos = text::kNoToken, eos = text::kNoToken, eot = text::kNoToken;
  int32_t unknown = text::kNoToken, pad = text::kNoToken;
  uint32_t maxCharacters = 0;
  double unknownScore = 0;
  std::string wordPrefix, continuationPrefix, wordSuffix, chatTemplate;
  std::vector<NamedToken> added;
  // Found by the normalizer of SentencePiece; they stay as they are.
  std::vector<std::string> userDefined;
  std::vector<TokenizerStep> normalizers, splitters, decoders;
  std::vector<int32_t> prefixIds, suffixIds, endIds;
};

} // namespace qcc

#endif // COMPILER_IMPORT_TOKENIZER_TOKENIZERDESCRIPTION_H
