// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What qcc-run does with a language model, one function for each kind.

#ifndef QCC_TOOLS_QCC_RUN_LANGUAGE_H
#define QCC_TOOLS_QCC_RUN_LANGUAGE_H

#include "compiler/Evaluate/LoadedLanguage.h"
#include "tools/qcc-run/Generation.h"
#include "tools/qcc-run/Options.h"

namespace qcc::run {

/// Writes, talks or is timed, as the flags say.
llvm::Error runLanguage(evaluate::LoadedLanguage model, const Options &options);

/// Turns of a conversation, from standard input.
llvm::Error runChat(evaluate::LoadedLanguage &model, const Options &options);

/// An error for a flag that what was asked for does not read.
llvm::Error checkLanguageFlags(const Options &options);

/// Makes the sequence what a file holds; returns its last token, if the file
/// names it.
llvm::Expected<std::optional<int32_t>>
loadSession(evaluate::LoadedLanguage &model, llvm::StringRef path);
/// Writes the sequence, whose last token is `last`, to a file.
llvm::Error saveSession(const evaluate::LoadedLanguage &model, int32_t last,
                        llvm::StringRef path);

/// A remark if the cache ended a text.
void noteEnding(const evaluate::LoadedLanguage &model, Ending ending);
/// What prompts and decoding took, on standard error.
void printSpeeds(const Generation &generation);

/// Prints `pp512 X tok/s` and `tg64 X tok/s`.
llvm::Error printLanguageBenchmark(evaluate::LoadedLanguage &model,
                                   const Options &options);
/// Prints a line for each layer, of all that the session ran.
llvm::Error printLanguageProfile(const evaluate::LoadedLanguage &model);

/// A session with the cache that the flags ask for; without them, with room for
/// `needed` tokens of each sequence if that is not 0.
llvm::Error openSession(evaluate::LoadedLanguage &model, const Options &options,
                        int32_t needed = 0, int32_t sequences = 1);

} // namespace qcc::run

#endif // QCC_TOOLS_QCC_RUN_LANGUAGE_H
