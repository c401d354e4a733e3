// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compiled language model, one session of it and its tokenizer, as C++
// objects that close themselves: for qcc-run and qcc-eval.

#ifndef QCC_COMPILER_EVALUATE_LOADEDLANGUAGE_H
#define QCC_COMPILER_EVALUATE_LOADEDLANGUAGE_H

#include "compiler/Evaluate/LoadedLibrary.h"

#include "qcc/language.h"

#include <memory>

namespace qcc::evaluate {

struct SessionOptions {
  int32_t threads = 0;     ///< 0: one for each CPU.
  int32_t cacheTokens = 0; ///< Of each sequence; 0: as the model was made for.
  int32_t sequences = 1;
};

struct ChatMessage {
  std::string role;
  std::string content;
};

class LoadedLanguage {
public:
  /// Opens the file, without a session. Errors do not repeat the path.
  static llvm::Expected<LoadedLanguage> open(llvm::StringRef path);
  /// The same of a library that is open already.
  static llvm::Expected<LoadedLanguage> open(LoadedLibrary library);

  const LoadedLibrary &library() const { return loaded; }
  const qcc_language_t &functions() const { return *table; }
  const qcc_language_info_t &info() const { return *table->info(); }
  size_t vocabulary() const { return size_t(info().vocabulary); }

  //===-- Sessions --------------------------------------------------------===//

  /// What follows needs a session.
  llvm::Error createSession(const SessionOptions &options);
  int32_t cacheTokens() const { return table->cache_tokens(session.get()); }
  int32_t threads() const { return table->threads(session.get()); }
  int32_t length(int32_t sequence = 0) const {
    return table->length(session.get(), sequence);
  }
  /// Writes the logits of the last tokens: as many as `logits` has rows.
  llvm::Error append(llvm::ArrayRef<int32_t> tokens,
                     llvm::MutableArrayRef<float> logits, int32_t sequence = 0);
  /// One token for each of the first sequences.
  llvm::Error appendEach(llvm::ArrayRef<int32_t> tokens,
                         llvm::MutableArrayRef<float> logits);
  llvm::Error truncate(int32_t length, int32_t sequence = 0);
  llvm::Expected<std::vector<char>> save() const;
  llvm::Error restore(llvm::ArrayRef<char> bytes);
  llvm::Error setProfile(bool enabled);
  /// One entry for each op, in order of execution.
  llvm::Expected<std::vector<qcc_profile_entry_t>> readProfile() const;

  //===-- Text ------------------------------------------------------------===//

  bool hasTokenizer() const { return info().tokenizer_size_bytes > 0; }
  /// What follows needs it.
  llvm::Error openTokenizer();
  qcc_tokenizer_info_t tokenizerInfo() const;
  llvm::Expected<std::vector<int32_t>> tokenize(llvm::StringRef text,
                                                uint32_t flags) const;
  llvm::Expected<std::string> detokenize(llvm::ArrayRef<int32_t> ids,
                                         uint32_t flags = 0) const;
  /// The text that one more token completes; a token beyond those of the
  /// tokenizer has none.
  llvm::Expected<std::string> stream(qcc_text_stream_t &state,
                                     int32_t id) const;
  bool isTokenizerOpen() const { return tokenizer != nullptr; }
  bool isEnd(int32_t id) const;
  /// The token that begins each text, if the model wants one.
  llvm::Expected<std::optional<int32_t>> beginning() const;
  /// By the model's template, or by `chatTemplate` where it is not empty.
  llvm::Expected<std::string>
  renderChat(llvm::ArrayRef<ChatMessage> messages,
             const std::string &chatTemplate = {}) const;

private:
  LoadedLanguage(LoadedLibrary library, const qcc_language_t *table);

  LoadedLibrary loaded;
  const qcc_language_t *table;
  std::unique_ptr<qcc_session_t, void (*)(qcc_session_t *)> session;
  std::unique_ptr<qcc_tokenizer_t, void (*)(qcc_tokenizer_t *)> tokenizer;
};

/// Chooses tokens; must go before its model does.
class TokenSampler {
public:
  static llvm::Expected<TokenSampler> create(const LoadedLanguage &model,
                                             const qcc_sampling_t &options);
  llvm::Error accept(llvm::ArrayRef<int32_t> tokens);
  llvm::Expected<int32_t> sample(llvm::ArrayRef<float> logits);

private:
  TokenSampler(const qcc_language_t &table, qcc_sampler_t *sampler)
      : table(&table), sampler(sampler, table.sampler_destroy) {}

  const qcc_language_t *table;
  std::unique_ptr<qcc_sampler_t, void (*)(qcc_sampler_t *)> sampler;
};

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_LOADEDLANGUAGE_H
