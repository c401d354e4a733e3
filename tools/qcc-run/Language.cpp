// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A prompt in, text out: each piece goes to standard output as soon as it is
// whole, and what was measured to standard error, so that the text can be
// piped.

#include "tools/qcc-run/Language.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <limits>

using namespace llvm;
using namespace qcc::evaluate;

namespace qcc::run {

Error openSession(LoadedLanguage &model, const Options &options, int32_t needed,
                  int32_t sequences) {
  SessionOptions session;
  session.threads = options.threads;
  session.sequences = sequences;
  session.cacheTokens = options.language.cacheTokens;
  int32_t most = model.info().max_tokens;
  if (session.cacheTokens == 0)
    session.cacheTokens =
        std::min(most, needed > 0 ? needed : defaultCacheTokens);
  return model.createSession(session);
}

/// The last token of a loaded session, to be read again for what follows it.
static Expected<std::vector<int32_t>> takeLast(LoadedLanguage &model,
                                               std::optional<int32_t> last) {
  if (!last || model.length() == 0)
    return createStringError("--load-session: expected a prompt to go on with, "
                             "since the file does not name its last token, "
                             "but got none");
  if (Error error = model.truncate(model.length() - 1))
    return error;
  return std::vector<int32_t>{*last};
}

static Expected<std::vector<int32_t>> readTokens(LoadedLanguage &model,
                                                 const Options &options) {
  const LanguageOptions &language = options.language;
  if (!language.loadSession.empty()) {
    Expected<std::optional<int32_t>> last =
        loadSession(model, language.loadSession);
    if (!last)
      return last.takeError();
    if (!language.hasPrompt())
      return takeLast(model, *last);
  }
  if (!language.tokens.empty())
    return language.tokens;
  Expected<std::string> text = language.promptFile.empty()
                                   ? language.prompt.value_or("")
                                   : readTextFile(language.promptFile);
  if (!text)
    return text.takeError();
  // What continues a saved text has no beginning of its own.
  uint32_t flags = QCC_PARSE_SPECIAL;
  if (language.loadSession.empty())
    flags |= QCC_ADD_SPECIAL;
  auto ids = model.tokenize(*text, flags);
  if (ids && ids->empty())
    return createStringError("--prompt: expected a text with tokens, but got "
                             "an empty one");
  return ids;
}

void noteEnding(const LoadedLanguage &model, Ending ending) {
  if (ending == Ending::Cache)
    errs() << "qcc-run: remark: the cache of " << model.cacheTokens()
           << " tokens is full; use --ctx for more\n";
}

void printSpeeds(const Generation &generation) {
  auto print = [](StringRef name, const Speed &speed) {
    errs() << name << format(" %.2f tok/s, ", speed.perSecond()) << speed.tokens
           << " tokens\n";
  };
  print("prompt", generation.promptSpeed());
  print("decode", generation.decodeSpeed());
}

/// Prints ids, or the text that they complete.
static Error printToken(const LoadedLanguage &model, bool asIds,
                        qcc_text_stream_t &stream, int32_t token) {
  if (asIds) {
    outs() << token << ' ';
  } else {
    Expected<std::string> text = model.stream(stream, token);
    if (!text)
      return text.takeError();
    outs() << *text;
  }
  outs().flush();
  return Error::success();
}

/// Prints what the model writes, then the speeds.
static Error writeText(LoadedLanguage &model, Generation &generation,
                       const Options &options) {
  const LanguageOptions &language = options.language;
  bool asIds = !language.tokens.empty() || !model.isTokenizerOpen();
  qcc_text_stream_t stream = {};
  if (!language.prompt.value_or("").empty() || !language.promptFile.empty() ||
      !language.loadSession.empty())
    stream.flags = QCC_CONTINUES;
  int32_t count =
      language.maxTokens.value_or(std::numeric_limits<int32_t>::max());
  Expected<Ending> ending = generation.write(count, [&](int32_t token) {
    return printToken(model, asIds, stream, token);
  });
  if (!ending)
    return ending.takeError();
  outs() << '\n';
  outs().flush();
  noteEnding(model, *ending);
  printSpeeds(generation);
  return Error::success();
}

static Error runPrompt(LoadedLanguage &model, const Options &options) {
  const LanguageOptions &language = options.language;
  if (Error error = openSession(model, options))
    return error;
  Expected<std::vector<int32_t>> tokens = readTokens(model, options);
  if (!tokens)
    return tokens.takeError();
  Expected<TokenSampler> sampler =
      TokenSampler::create(model, language.sampling);
  if (!sampler)
    return sampler.takeError();
  if (options.isProfiling)
    if (Error error = model.setProfile(true))
      return error;
  Generation generation(model, std::move(*sampler));
  if (Error error = generation.addTokens(*tokens))
    return error;
  if (Error error = writeText(model, generation, options))
    return error;
  if (options.isProfiling)
    if (Error error = printLanguageProfile(model))
      return error;
  if (language.saveSession.empty())
    return Error::success();
  if (Error error = generation.finish())
    return error;
  return saveSession(model, generation.lastToken(), language.saveSession);
}

Error runLanguage(LoadedLanguage model, const Options &options) {
  const LanguageOptions &language = options.language;
  if (!options.benchmarkSeconds && !language.hasPrompt() &&
      language.loadSession.empty())
    return createStringError("expected --prompt, --file, --tokens, --chat, "
                             "--benchmark or --info for a language model, but "
                             "got none of them");
  if (Error error = checkLanguageFlags(options))
    return error;
  if (options.benchmarkSeconds)
    return printLanguageBenchmark(model, options);
  // Ids end where the tokenizer says, if there is one.
  bool isText = language.hasPrompt() && language.tokens.empty();
  if (isText || model.hasTokenizer())
    if (Error error = model.openTokenizer())
      return error;
  return language.isChat ? runChat(model, options) : runPrompt(model, options);
}

} // namespace qcc::run
