// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Feeds prompts to a language model and lets it write, token by token.

#ifndef QCC_TOOLS_QCC_RUN_GENERATION_H
#define QCC_TOOLS_QCC_RUN_GENERATION_H

#include "compiler/Evaluate/LoadedLanguage.h"

namespace qcc::run {

/// Tokens and the seconds that they took.
struct Speed {
  int64_t tokens = 0;
  double seconds = 0;
  double perSecond() const {
    return seconds > 0 ? double(tokens) / seconds : 0;
  }
};

/// Why a generation ended.
enum class Ending { Token, Count, Cache, Interrupt };

class Generation {
public:
  /// `model` has a session, and outlives this.
  Generation(evaluate::LoadedLanguage &model, evaluate::TokenSampler sampler)
      : model(model), sampler(std::move(sampler)), logits(model.vocabulary()) {}

  /// Makes the sequence these tokens, of which those that it begins with
  /// already are not computed again. Ctrl-C ends it, too.
  llvm::Error setTokens(llvm::ArrayRef<int32_t> tokens);
  /// Appends tokens. At least one is needed before write().
  llvm::Error addTokens(llvm::ArrayRef<int32_t> tokens);

  /// Writes up to `count` tokens, and hands over each; ends at a token that
  /// ends texts where the model's tokenizer is open, which is not handed over.
  llvm::Expected<Ending>
  write(int32_t count, llvm::function_ref<llvm::Error(int32_t token)> take);

  /// Appends the last token written, which the model has not seen yet.
  llvm::Error finish();
  /// The last of those that the model has seen.
  int32_t lastToken() const { return held.back(); }

  const Speed &promptSpeed() const { return prompt; }
  const Speed &decodeSpeed() const { return decode; }

private:
  evaluate::LoadedLanguage &model;
  evaluate::TokenSampler sampler;
  std::vector<float> logits;
  std::vector<int32_t> held;      ///< What the sequence is, from setTokens.
  std::optional<int32_t> pending; ///< Written, and not appended yet.
  Speed prompt, decode;
};

} // namespace qcc::run

#endif // QCC_TOOLS_QCC_RUN_GENERATION_H
