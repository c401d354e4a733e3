// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Serves --perplexity and --kl: text to windows of tokens, windows to figures.

#include "tools/qcc-eval/LanguageEvaluation.h"

#include "compiler/Evaluate/LanguageMetrics.h"
#include "compiler/Evaluate/OutputFile.h"
#include "compiler/Evaluate/Progress.h"

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace qcc::evaluate;

namespace qcc::eval {

namespace {

struct Figure {
  StringRef name;
  double value;
};

/// A text as tokens, and what begins each window.
struct Text {
  std::vector<int32_t> ids;
  std::optional<int32_t> beginning;
};

} // namespace

static Error namePath(StringRef path, Error error) {
  return createStringError(path + ": " + toString(std::move(error)));
}

/// A model with a session that has room for a window.
static Expected<LoadedLanguage> load(StringRef path, const Options &options) {
  Expected<LoadedLanguage> model = LoadedLanguage::open(path);
  if (!model)
    return namePath(path, model.takeError());
  if (int32_t most = model->info().max_tokens; options.context > most)
    return namePath(
        path,
        createStringError("--ctx: expected at most " + Twine(most) +
                          " tokens, which the model was made for, but got " +
                          Twine(options.context)));
  SessionOptions session;
  session.threads = options.threads;
  session.cacheTokens = options.context;
  if (Error error = model->createSession(session))
    return namePath(path, std::move(error));
  return model;
}

static Expected<Text> readText(LoadedLanguage &model, const Options &options) {
  if (Error error = model.openTokenizer())
    return namePath(options.library, std::move(error));
  auto file = MemoryBuffer::getFile(options.perplexity, /*IsText=*/true);
  if (!file)
    return createStringError(options.perplexity +
                             ": expected a text file, but got " +
                             file.getError().message());
  auto ids = model.tokenize((*file)->getBuffer(), QCC_ADD_SPECIAL);
  if (!ids)
    return namePath(options.perplexity, ids.takeError());
  auto beginning = model.beginning();
  if (!beginning)
    return beginning.takeError();
  return Text{std::move(*ids), *beginning};
}

static Expected<std::vector<Figure>>
measureAlone(LoadedLanguage &model, const PerplexityWindows &windows) {
  Progress progress("perplexity", uint64_t(windows.count()));
  auto perplexity = measurePerplexity(
      windows,
      [&](const TokenWindow &window, TakeRow take) {
        return runWindow(model, window, take);
      },
      [&](int64_t, const Perplexity &) { progress.advance(); });
  if (!perplexity)
    return perplexity.takeError();
  return std::vector<Figure>{{"perplexity", perplexity->value()},
                             {"standard_error", perplexity->standardError()},
                             {"tokens", double(perplexity->count())}};
}

static Expected<std::vector<Figure>>
measureBoth(LoadedLanguage &tested, const PerplexityWindows &windows,
            const Options &options) {
  Expected<LoadedLanguage> base = load(options.base, options);
  if (!base)
    return base.takeError();
  Progress progress("divergence", uint64_t(windows.count()));
  auto sum = measureDivergence(windows, tested, *base,
                               [&](int64_t) { progress.advance(); });
  if (!sum)
    return sum.takeError();
  return std::vector<Figure>{
      {"perplexity", sum->tested.value()},
      {"standard_error", sum->tested.standardError()},
      {"base_perplexity", sum->base.value()},
      {"base_standard_error", sum->base.standardError()},
      {"kl_mean", sum->divergence.mean()},
      {"kl_standard_error", sum->divergence.standardError()},
      {"kl_max", sum->largest},
      {"agreement", sum->agreement()},
      {"tokens", double(sum->divergence.count())}};
}

static std::string printJson(ArrayRef<Figure> figures) {
  json::Object object;
  for (const Figure &figure : figures)
    object[figure.name] = figure.value;
  return formatv("{0:2}\n", json::Value(std::move(object)));
}

static void printText(ArrayRef<Figure> figures) {
  for (const Figure &figure : figures) {
    if (figure.name == "tokens")
      outs() << "tokens " << uint64_t(figure.value) << '\n';
    else
      outs() << figure.name << format(" %.6f\n", figure.value);
  }
}

Error evaluateLanguage(const Options &options) {
  Expected<LoadedLanguage> model = load(options.library, options);
  if (!model)
    return model.takeError();
  Expected<Text> text = readText(*model, options);
  if (!text)
    return text.takeError();
  auto windows =
      PerplexityWindows::split(text->ids, options.context, text->beginning);
  if (!windows)
    return namePath(options.perplexity, windows.takeError());
  Expected<std::vector<Figure>> figures =
      options.base.empty() ? measureAlone(*model, *windows)
                           : measureBoth(*model, *windows, options);
  if (!figures)
    return figures.takeError();
  if (!options.json.empty())
    if (Error error = writeFile(options.json, printJson(*figures)))
      return error;
  if (options.json != "-")
    printText(*figures);
  return Error::success();
}

} // namespace qcc::eval
