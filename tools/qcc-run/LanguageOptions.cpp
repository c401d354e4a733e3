// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each flag is one line of a table, by the type of its value. What numbers mean
// together is checked by the library.

#include "tools/qcc-run/LanguageOptions.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MemoryBuffer.h"

#include <limits>

using namespace llvm;

namespace qcc::run {

static Error fail(StringRef flag, StringRef expected, StringRef got) {
  return createStringError(flag + ": expected " + expected + ", but got '" +
                           got + "'");
}

static Error parse(StringRef flag, StringRef text, int32_t least,
                   int32_t &number) {
  if (text.getAsInteger(10, number) || number < least)
    return fail(flag, least > 0 ? "a number from 1" : "a number", text);
  return Error::success();
}

static Error parse(StringRef flag, StringRef text, float &number) {
  double value;
  if (text.getAsDouble(value))
    return fail(flag, "a number", text);
  number = float(value);
  return Error::success();
}

static Error parseTokens(StringRef flag, StringRef text,
                         std::vector<int32_t> &tokens) {
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  for (StringRef part : parts)
    if (part.trim().getAsInteger(10, tokens.emplace_back()))
      return fail(flag, "ids such as 1,2,3", text);
  return Error::success();
}

/// The text that a flag is, or null.
static std::string *findText(StringRef flag, LanguageOptions &options) {
  if (flag == "--prompt")
    return &options.prompt.emplace();
  if (flag == "--file" || flag == "-f")
    return &options.promptFile;
  if (flag == "--chat-template-file")
    return &options.chatTemplate;
  if (flag == "--system")
    return &options.system;
  if (flag == "--save-session")
    return &options.saveSession;
  if (flag == "--load-session")
    return &options.loadSession;
  return nullptr;
}

static float *findFraction(StringRef flag, qcc_sampling_t &sampling) {
  if (flag == "--temp" || flag == "--temperature")
    return &sampling.temperature;
  if (flag == "--top-p")
    return &sampling.top_p;
  if (flag == "--min-p")
    return &sampling.min_p;
  if (flag == "--repeat-penalty")
    return &sampling.repetition_penalty;
  if (flag == "--frequency-penalty")
    return &sampling.frequency_penalty;
  if (flag == "--presence-penalty")
    return &sampling.presence_penalty;
  return nullptr;
}

/// The number that a flag is and its least value, or null.
static std::pair<int32_t *, int32_t> findNumber(StringRef flag,
                                                LanguageOptions &options) {
  constexpr int32_t any = std::numeric_limits<int32_t>::min();
  if (flag == "-n" || flag == "--max-tokens")
    return {&options.maxTokens.emplace(), 1};
  if (flag == "-c" || flag == "--ctx")
    return {&options.cacheTokens, any};
  if (flag == "-p" || flag == "--prompt-tokens")
    return {&options.promptTokens, 1};
  if (flag == "--sequences")
    return {&options.sequences, 1};
  if (flag == "--top-k")
    return {&options.sampling.top_k, any};
  if (flag == "--repeat-last-n")
    return {&options.sampling.penalty_last_n, any};
  return {nullptr, 0};
}

/// Sets what `flag` stands for, or nothing where it is of another program part.
static Expected<bool> setFlag(StringRef flag, FlagValue value,
                              LanguageOptions &options) {
  auto with = [&](function_ref<Error(StringRef)> set) -> Expected<bool> {
    Expected<StringRef> given = value();
    if (!given)
      return given.takeError();
    if (Error error = set(*given))
      return error;
    return true;
  };
  if (std::string *text = findText(flag, options))
    return with([&](StringRef given) {
      *text = given.str();
      return Error::success();
    });
  if (float *fraction = findFraction(flag, options.sampling))
    return with([&](StringRef given) { return parse(flag, given, *fraction); });
  auto [number, least] = findNumber(flag, options);
  if (number)
    return with([&, number = number, least = least](StringRef given) {
      return parse(flag, given, least, *number);
    });
  if (flag == "--tokens")
    return with([&](StringRef given) {
      return parseTokens(flag, given, options.tokens);
    });
  if (flag == "--seed" || flag == "-s")
    return with([&](StringRef given) {
      return given.getAsInteger(10, options.sampling.seed)
                 ? fail(flag, "a number", given)
                 : Error::success();
    });
  return false;
}

Expected<bool> parseLanguageFlag(StringRef flag, FlagValue value,
                                 LanguageOptions &options) {
  Expected<bool> isKnown = true;
  if (flag == "--chat")
    options.isChat = true;
  else
    isKnown = setFlag(flag, value, options);
  if (isKnown && *isKnown)
    options.given.push_back(flag.str());
  return isKnown;
}

Expected<std::string> readTextFile(StringRef path) {
  auto file = MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/true);
  if (!file)
    return createStringError(path + ": expected a text file, but got " +
                             file.getError().message());
  return (*file)->getBuffer().str();
}

} // namespace qcc::run
