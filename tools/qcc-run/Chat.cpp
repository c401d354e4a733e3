// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A conversation by the model's template. Each turn renders all messages again,
// since templates may drop what they like; what the cache holds already is not
// computed again.

#include "tools/qcc-run/Language.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <iostream>
#include <limits>

using namespace llvm;
using namespace qcc::evaluate;

namespace qcc::run {

/// One line of the user, or nothing at the end.
static std::optional<std::string> readLine() {
  if (sys::Process::StandardInIsUserInput())
    errs() << "> ";
  std::string line;
  if (!std::getline(std::cin, line))
    return std::nullopt;
  return line;
}

static Expected<std::vector<int32_t>>
tokenizeChat(const LoadedLanguage &model, ArrayRef<ChatMessage> messages,
             const std::string &chatTemplate) {
  Expected<std::string> prompt = model.renderChat(messages, chatTemplate);
  if (!prompt)
    return prompt.takeError();
  auto tokens = model.tokenize(*prompt, QCC_PARSE_SPECIAL);
  if (tokens && tokens->empty())
    return createStringError("--chat: expected a template that writes a "
                             "prompt, but got an empty one");
  return tokens;
}

/// Prints the answer and returns it.
static Expected<std::string> answer(const LoadedLanguage &model,
                                    Generation &generation,
                                    const LanguageOptions &options) {
  qcc_text_stream_t stream = {};
  stream.flags = QCC_CONTINUES;
  std::string text;
  auto take = [&](int32_t token) -> Error {
    Expected<std::string> piece = model.stream(stream, token);
    if (!piece)
      return piece.takeError();
    text += *piece;
    outs() << *piece;
    outs().flush();
    return Error::success();
  };
  Expected<Ending> ending = generation.write(
      options.maxTokens.value_or(std::numeric_limits<int32_t>::max()), take);
  if (!ending)
    return ending.takeError();
  outs() << '\n';
  outs().flush();
  noteEnding(model, *ending);
  return text;
}

/// The template of a file, or nothing where the model's own is used.
static Expected<std::string> chooseTemplate(const LoadedLanguage &model,
                                            const LanguageOptions &options) {
  if (!options.chatTemplate.empty()) {
    Expected<std::string> text = readTextFile(options.chatTemplate);
    if (text && text->empty())
      return createStringError("--chat-template-file: expected a template, but "
                               "got an empty file");
    return text;
  }
  if (model.tokenizerInfo().chat_template_size == 0)
    return createStringError("--chat: expected a model with a chat template, "
                             "but got one without (use --chat-template-file "
                             "or --prompt)");
  return "";
}

Error runChat(LoadedLanguage &model, const Options &options) {
  const LanguageOptions &language = options.language;
  Expected<std::string> chatTemplate = chooseTemplate(model, language);
  if (!chatTemplate)
    return chatTemplate.takeError();
  if (Error error = openSession(model, options))
    return error;
  Expected<TokenSampler> sampler =
      TokenSampler::create(model, language.sampling);
  if (!sampler)
    return sampler.takeError();
  if (options.isProfiling)
    if (Error error = model.setProfile(true))
      return error;
  Generation generation(model, std::move(*sampler));
  std::vector<ChatMessage> messages;
  if (!language.system.empty())
    messages.push_back({"system", language.system});
  std::optional<std::string> line = language.prompt;
  if (!line)
    line = readLine();
  for (; line; line = readLine()) {
    messages.push_back({"user", *line});
    auto tokens = tokenizeChat(model, messages, *chatTemplate);
    if (!tokens)
      return tokens.takeError();
    if (Error error = generation.setTokens(*tokens))
      return error;
    Expected<std::string> text = answer(model, generation, language);
    if (!text)
      return text.takeError();
    messages.push_back({"assistant", *text});
  }
  printSpeeds(generation);
  return options.isProfiling ? printLanguageProfile(model) : Error::success();
}

} // namespace qcc::run
