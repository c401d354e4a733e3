// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parsed by hand and not by llvm::cl, which would end the program with 1 on a
// mistake, and 1 is a verdict here.

#include "tools/qcc-eval/Options.h"

#include "compiler/Evaluate/Evaluation.h"

using namespace llvm;

namespace qcc::eval {

StringRef helpText() {
  return R"(usage: qcc-eval LIBRARY --data=PATH [flags]

Compares a compiled model with its float reference on data.

  --data=PATH         .npz with the inputs and 'labels', .npy, a folder of
                      those, or a folder of JPEG or PNG pictures whose label
                      is the number before the first '_' of the name
  --labels=FILE       lines of 'name,label', or an integer .npy
  --reference=FILE    a library, or a model that is compiled in f32; without
                      it the source that the library names
  --preprocess=STEPS  how pictures become inputs, as in qcc
  --max-loss=1%       the loss that is accepted: of top-1 with labels, of
                      agreement without, of 1 - cosine for other outputs
  --json=FILE         write the figures as JSON; - is standard output
  --threads=N         threads to compute with; 0: one for each CPU

Of language models, with values after = or a blank:

  --perplexity FILE   perplexity of a text, as llama.cpp measures it
  --ctx N             tokens of a window (512)
  --kl BASE           the divergence from another library on the same tokens

Exit code: 0 accept, 1 reject, 2 error.
)";
}

static Error parseText(StringRef flag, StringRef value, Options &options) {
  std::string *text = flag == "--data"         ? &options.data
                      : flag == "--labels"     ? &options.samples.labelsPath
                      : flag == "--reference"  ? &options.reference
                      : flag == "--json"       ? &options.json
                      : flag == "--perplexity" ? &options.perplexity
                      : flag == "--kl"         ? &options.base
                                               : nullptr;
  if (!text)
    return createStringError(Twine("expected a flag of qcc-eval (see --help), "
                                   "but got '") +
                             flag + "'");
  if (value.empty())
    return createStringError(Twine(flag) +
                             ": expected a value, but got nothing");
  *text = value.str();
  return Error::success();
}

static Error parseFlag(StringRef flag, StringRef value, Options &options) {
  if (flag == "--help") {
    options.showsHelp = true;
    return Error::success();
  }
  if (flag == "--preprocess") {
    Expected<evaluate::Preprocess> parsed = evaluate::parsePreprocess(value);
    if (!parsed)
      return parsed.takeError();
    options.samples.preprocess = *parsed;
    return Error::success();
  }
  if (flag == "--max-loss") {
    Expected<double> loss = evaluate::parseLoss(value);
    if (!loss)
      return loss.takeError();
    options.largestLoss = *loss;
    return Error::success();
  }
  if (flag == "--threads") {
    if (!value.getAsInteger(10, options.threads) && options.threads >= 0)
      return Error::success();
    return createStringError(Twine("--threads: expected a number of threads, "
                                   "but got '") +
                             value + "'");
  }
  if (flag == "--ctx" || flag == "-c") {
    if (!value.getAsInteger(10, options.context) && options.context > 0)
      return Error::success();
    return createStringError(Twine("--ctx: expected a number of tokens, but "
                                   "got '") +
                             value + "'");
  }
  return parseText(flag, value, options);
}

/// Those that may have their value in the next argument.
static bool mayBeApart(StringRef flag) {
  return flag == "--perplexity" || flag == "--kl" || flag == "--ctx" ||
         flag == "-c";
}

/// Flags are of data or of texts; --json and --threads are of both.
static Error checkTogether(const Options &options) {
  bool isText = !options.perplexity.empty();
  for (StringRef flag : options.given) {
    bool isOfTexts = flag == "--kl" || flag == "--ctx" || flag == "-c";
    bool isOfData = flag == "--data" || flag == "--labels" ||
                    flag == "--reference" || flag == "--preprocess" ||
                    flag == "--max-loss";
    if (isOfTexts && !isText)
      return createStringError(
          Twine(flag) + ": expected --perplexity=FILE beside it, but got none");
    if (isOfData && isText)
      return createStringError(
          Twine(flag) + ": expected no --perplexity beside it, but got both");
  }
  if (options.data.empty() && !isText)
    return createStringError(
        Twine("expected --data=PATH, but got none (see --help)"));
  return Error::success();
}

Expected<Options> parseOptions(ArrayRef<const char *> arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    StringRef argument = arguments[i];
    if (argument.starts_with("-")) {
      auto [flag, value] = argument.split('=');
      if (mayBeApart(argument) && i + 1 < arguments.size())
        value = arguments[++i];
      if (Error error = parseFlag(flag, value, options))
        return error;
      options.given.push_back(flag.str());
    } else if (options.library.empty()) {
      options.library = argument.str();
    } else {
      return createStringError(Twine("expected one library, but got a second "
                                     "'") +
                               argument + "'");
    }
  }
  if (options.showsHelp)
    return options;
  if (options.library.empty())
    return createStringError(
        Twine("expected a library as argument, but got none (see --help)"));
  if (Error error = checkTogether(options))
    return error;
  return options;
}

} // namespace qcc::eval
