// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parsed by hand and not by llvm::cl, which would add LLVM's own flags, answer
// mistakes in its own words and end the program with 1, a verdict here.

#include "tools/qcc-run/Options.h"

#include "compiler/Evaluate/Preprocess.h"

using namespace llvm;

namespace qcc::run {

StringRef helpText() {
  return R"(usage: qcc-run LIBRARY [flags]

Runs a library that qcc compiled.

  --input=NAME=FILE       feed an input from .npy, .npz, .jpg or .png; others
                          get random values
  --preprocess=STEPS      how pictures become inputs, as in qcc; without it
                          they are cropped and resized to the input's size
  --top=N                 print the N largest values of each output
  --labels=FILE           names for --top, one per line
  --benchmark[=SECONDS]   print latencies, minimum and median (2 seconds)
  --profile               print the time and share of the roof of each layer
  --info[=json]           describe the library and do not run it
  --threads=N             threads to compute with; 0: one for each CPU

Language models continue a text; their flags take a value after = or a blank.

  --prompt TEXT           print what the model writes after TEXT
  --file=FILE             the prompt from a file; - is standard input
  --chat                  talk by the model's template, a line for each turn
  --chat-template-file F  talk by this template instead
  --system TEXT           the system message of a chat
  --tokens=1,2,3          ids as the prompt, and ids printed
  -n, --max-tokens N      tokens to write; without it up to the model's end
  -c, --ctx N             tokens that the cache has room for
  --temp T                0, the default, takes the best token always
  --top-k N --top-p P --min-p P --repeat-penalty R --repeat-last-n N
  --frequency-penalty F --presence-penalty P --seed N
  --save-session=FILE     write the state after the last token
  --load-session=FILE     continue from such a state
  --benchmark -p N -n N   speed of N prompt tokens and of writing N, best of
                          three; with --sequences=N also of N texts at once
)";
}

static constexpr double defaultBenchmarkSeconds = 2;

template <typename T>
static Error parseNumber(StringRef flag, StringRef text, T &number) {
  if (text.getAsInteger(10, number))
    return createStringError(flag + ": expected a number, but got '" + text +
                             "'");
  return Error::success();
}

static Error parseSeconds(StringRef flag, StringRef text,
                          std::optional<double> &seconds) {
  double value = defaultBenchmarkSeconds;
  if (!text.empty() &&
      (text.getAsDouble(value) || !(value > 0 && value <= 86400)))
    return createStringError(
        flag + ": expected seconds greater than 0, but got '" + text + "'");
  seconds = value;
  return Error::success();
}

static Error parseInfo(StringRef value, Options &options) {
  if (!value.empty() && value != "json")
    return createStringError("--info: expected json or no value, but got '" +
                             value + "'");
  options.showsInfo = true;
  options.infoIsJson = value == "json";
  return Error::success();
}

/// Parsed once more for each picture; a mistake is one without pictures too.
static Error setPreprocess(StringRef value, Options &options) {
  auto steps = evaluate::parsePreprocess(value);
  if (!steps)
    return steps.takeError();
  options.preprocess = value.str();
  return Error::success();
}

/// Flags that need a value, then those that may have one.
static Error parseFlag(StringRef flag, StringRef value, Options &options) {
  if (flag == "--benchmark") {
    options.hasSeconds = !value.empty();
    return parseSeconds(flag, value, options.benchmarkSeconds);
  }
  if (flag == "--info")
    return parseInfo(value, options);
  if (flag == "--profile" && value.empty())
    options.isProfiling = true;
  else if (flag == "--help" && value.empty())
    options.showsHelp = true;
  else if (flag == "--profile" || flag == "--help")
    return createStringError(flag + ": expected no value, but got '" + value +
                             "'");
  else if (flag == "--threads")
    return parseNumber(flag, value, options.threads);
  else if (flag == "--top")
    return parseNumber(flag, value, options.top.emplace());
  else if (flag == "--input")
    options.inputs.push_back(value.str());
  else if (flag == "--labels")
    options.labels = value.str();
  else if (flag == "--preprocess")
    return setPreprocess(value, options);
  else
    return createStringError("expected a flag of --help, but got '" + flag +
                             "'");
  return Error::success();
}

/// The flags of language models, whose value may be the next argument.
static Expected<bool> parseLanguageFlag(ArrayRef<char *> arguments, size_t &at,
                                        Options &options) {
  StringRef argument = arguments[at];
  auto [flag, text] = argument.split('=');
  return parseLanguageFlag(
      flag,
      [&, flag = flag, text = text]() -> Expected<StringRef> {
        if (argument.size() > flag.size())
          return text;
        if (at + 1 == arguments.size())
          return createStringError(flag + ": expected a value, but got none");
        return arguments[++at];
      },
      options.language);
}

Expected<Options> parseOptions(ArrayRef<char *> arguments) {
  Options options;
  for (size_t at = 0; at < arguments.size(); ++at) {
    StringRef argument = arguments[at];
    if (argument.starts_with("-")) {
      Expected<bool> isKnown = parseLanguageFlag(arguments, at, options);
      if (!isKnown)
        return isKnown.takeError();
      auto [flag, value] = argument.split('=');
      if (!*isKnown)
        if (Error error = parseFlag(flag, value, options))
          return error;
      continue;
    }
    if (!options.library.empty())
      return createStringError("expected one library, but got '" +
                               options.library + "' and '" + argument + "'");
    options.library = argument.str();
  }
  if (options.library.empty() && !options.showsHelp)
    return createStringError(
        "expected a library, but got no argument (see --help)");
  return options;
}

} // namespace qcc::run
