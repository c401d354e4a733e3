// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The flags of qcc-run for language models, in llama.cpp's words.

#ifndef QCC_TOOLS_QCC_RUN_LANGUAGEOPTIONS_H
#define QCC_TOOLS_QCC_RUN_LANGUAGEOPTIONS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include "qcc/language.h"

#include <optional>
#include <string>
#include <vector>

namespace qcc::run {

struct LanguageOptions {
  std::optional<std::string> prompt;
  std::string promptFile;
  std::vector<int32_t> tokens;
  bool isChat = false;
  std::string chatTemplate; ///< A file; empty: the model's.
  std::string system;       ///< The first message of a chat; empty: none.
  std::optional<int32_t> maxTokens; ///< Without: up to an end or a full cache.
  int32_t cacheTokens = 0; ///< 0: the model's, but at most defaultCacheTokens.
  int32_t promptTokens = 512; ///< Of --benchmark.
  int32_t sequences = 0;      ///< Of --benchmark; 0: no batched decoding.
  std::string saveSession, loadSession;
  qcc_sampling_t sampling = {};
  std::vector<std::string> given; ///< Names of the flags, in their order.

  /// True if there is something to generate from.
  bool hasPrompt() const {
    return prompt || !promptFile.empty() || !tokens.empty() || isChat;
  }
};

/// What a model that was made for more gets without --ctx: caches of a hundred
/// thousand tokens take gigabytes.
constexpr int32_t defaultCacheTokens = 4096;

/// The value of a flag: what stands after its =, or the next argument.
using FlagValue = llvm::function_ref<llvm::Expected<llvm::StringRef>()>;

/// Reads `flag` if it is one for language models; else returns false.
llvm::Expected<bool> parseLanguageFlag(llvm::StringRef flag, FlagValue value,
                                       LanguageOptions &options);

/// A text file, or standard input for -. Errors begin with the path.
llvm::Expected<std::string> readTextFile(llvm::StringRef path);

} // namespace qcc::run

#endif // QCC_TOOLS_QCC_RUN_LANGUAGEOPTIONS_H
