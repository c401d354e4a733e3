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
  if (flag == "--benchmark")
    return parseSeconds(flag, value, options.benchmarkSeconds);
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

Expected<Options> parseOptions(ArrayRef<char *> arguments) {
  Options options;
  for (StringRef argument : arguments) {
    if (argument.starts_with("-")) {
      auto [flag, value] = argument.split('=');
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
