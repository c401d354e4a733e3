// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which flags go together: one that what was asked for does not read is an
// error, since whoever gave it waits for what it does.

#include "tools/qcc-run/Language.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace llvm;

namespace qcc::run {

namespace {

// What is asked for, as bits.
enum Use : unsigned { Text = 1, Chat = 2, Benchmark = 4 };

struct Rule {
  StringLiteral flag;
  unsigned uses;
};

} // namespace

// Flags that are not here, of sampling, are of texts and chats.
static constexpr Rule kRules[] = {
    {"--prompt", Text | Chat},
    {"--file", Text},
    {"-f", Text},
    {"--tokens", Text},
    {"--chat", Chat},
    {"--chat-template-file", Chat},
    {"--system", Chat},
    {"-n", Text | Chat | Benchmark},
    {"--max-tokens", Text | Chat | Benchmark},
    {"-c", Text | Chat | Benchmark},
    {"--ctx", Text | Chat | Benchmark},
    {"-p", Benchmark},
    {"--prompt-tokens", Benchmark},
    {"--sequences", Benchmark},
    {"--save-session", Text},
    {"--load-session", Text},
};

static unsigned getUses(StringRef flag) {
  for (const Rule &rule : kRules)
    if (rule.flag == flag)
      return rule.uses;
  return Text | Chat;
}

static std::string describe(unsigned uses) {
  SmallVector<StringRef> flags;
  if (uses & Text)
    flags.push_back("a text to continue");
  if (uses & Chat)
    flags.push_back("--chat");
  if (uses & Benchmark)
    flags.push_back("--benchmark");
  return join(flags, " or ");
}

static Error refuse(StringRef flag, unsigned uses, unsigned use) {
  return createStringError(flag + ": expected to go with " + describe(uses) +
                           ", but got " + describe(use));
}

/// A flag of models that take and give arrays, or nothing.
static StringRef findForeignFlag(const Options &options) {
  return !options.inputs.empty()       ? "--input"
         : !options.preprocess.empty() ? "--preprocess"
         : !options.labels.empty()     ? "--labels"
         : options.top                 ? "--top"
                                       : "";
}

static Error checkPrompts(const LanguageOptions &language) {
  SmallVector<StringRef> prompts;
  for (StringRef flag : language.given)
    if ((flag == "--prompt" || flag == "--file" || flag == "-f" ||
         flag == "--tokens") &&
        !is_contained(prompts, flag))
      prompts.push_back(flag);
  if (prompts.size() < 2)
    return Error::success();
  return createStringError("expected one prompt, but got " +
                           join(prompts, " and "));
}

Error checkLanguageFlags(const Options &options) {
  const LanguageOptions &language = options.language;
  StringRef foreign = findForeignFlag(options);
  if (!foreign.empty())
    return createStringError(foreign + ": expected a model of arrays, but got "
                                       "a language model");
  if (options.hasSeconds)
    return createStringError("--benchmark: expected -p and -n for a language "
                             "model, but got seconds");
  unsigned use = options.benchmarkSeconds ? Benchmark
                 : language.isChat        ? Chat
                                          : Text;
  for (StringRef flag : language.given)
    if (!(getUses(flag) & use))
      return refuse(flag, getUses(flag), use);
  if (options.isProfiling && use == Benchmark)
    return refuse("--profile", Text | Chat, use);
  return checkPrompts(language);
}

} // namespace qcc::run
