// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The names are those that llama.cpp goes by.

#include "compiler/Import/Tokenizer/EndTokens.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

using namespace llvm;
using namespace qcc::text;

namespace qcc {

// Of a turn; of these one is taken for eot where the file has none.
static constexpr StringRef kTurnNames[] = {"<|eot_id|>",
                                           "<|im_end|>",
                                           "<|end|>",
                                           "<end_of_turn>",
                                           "<|endoftext|>",
                                           "<|end_of_text|>",
                                           "<EOT>",
                                           "_<EOT>",
                                           "[EOT]",
                                           "<｜end▁of▁sentence｜>",
                                           "<end_of_utterance>"};
// Of anything else.
static constexpr StringRef kOtherNames[] = {
    "<|return|>", "<|call|>",         "<|flush|>", "<|calls|>",
    "</s>",       "<|eom_id|>",       "[EOS]",     "<eos>",
    "<turn|>",    "<|tool_response>", "[e~["};
// Parts of a file that a code model was to fill in.
static constexpr StringRef kFillNames[] = {"<|fim_pad|>", "<|fim_repo|>",
                                           "<|repo_name|>", "<|file_sep|>"};
// Never an end, and always text: parts of a message.
static constexpr StringRef kShownNames[] = {"<|channel|>", "<|message|>",
                                            "<|start|>", "<|constrain|>"};

static int32_t findToken(const TokenizerDescription &description,
                         StringRef name) {
  auto isNamed = [&](const TokenizerToken &token) {
    return token.kind != kMissing && token.text == name;
  };
  auto token = llvm::find_if(description.tokens, isNamed);
  return token == description.tokens.end()
             ? kNoToken
             : int32_t(token - description.tokens.begin());
}

void findEndTokens(TokenizerDescription &description, int32_t extra) {
  std::vector<int32_t> &ends = description.endIds;
  auto add = [&](int32_t id) {
    if (id != kNoToken)
      ends.push_back(id);
  };
  auto addNamed = [&](ArrayRef<StringRef> names) {
    for (StringRef name : names) {
      int32_t id = findToken(description, name);
      if (id == kNoToken)
        continue;
      description.tokens[size_t(id)].kind = kControl;
      ends.push_back(id);
      if (description.eot == kNoToken && is_contained(kTurnNames, name))
        description.eot = id;
    }
  };
  add(description.eos);
  add(description.eot);
  add(extra);
  addNamed(kTurnNames);
  addNamed(kOtherNames);
  addNamed(kFillNames);
  for (StringRef name : kShownNames)
    if (int32_t id = findToken(description, name); id != kNoToken)
      description.tokens[size_t(id)].kind = kUserDefined;
  // Where a message ends in <|return|> or <|call|>, <|end|> ends its parts.
  auto has = [&](StringRef name) {
    return findToken(description, name) != kNoToken;
  };
  bool hasCall = has("<|call|>") || has("<|calls|>");
  int32_t end = findToken(description, "<|end|>");
  if (end != kNoToken && hasCall && (has("<|return|>") || has("<|flush|>"))) {
    llvm::erase(ends, end);
    description.tokens[size_t(end)].kind = kUserDefined;
  }
  // The same model family has </s> as plain text.
  int32_t text = findToken(description, "</s>");
  if (text != kNoToken && has("<|tool_response>")) {
    llvm::erase(ends, text);
    description.tokens[size_t(text)].kind = kNormal;
  }
}

} // namespace qcc
