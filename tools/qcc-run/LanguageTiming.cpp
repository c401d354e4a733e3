// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Serves --benchmark and --profile of language models. Random tokens: speed
// does not depend on them. The best of three runs, as llama-bench's users read
// it, since neighbours on a shared machine only ever slow things down.

#include "tools/qcc-run/Language.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <chrono>
#include <random>

using namespace llvm;
using namespace qcc::evaluate;
using Clock = std::chrono::steady_clock;

namespace qcc::run {

static constexpr int numRuns = 3;
static constexpr int32_t defaultDecodedTokens = 64;

namespace {

class Bench {
public:
  Bench(LoadedLanguage &model, int32_t sequences)
      : model(model), sequences(sequences),
        logits(model.vocabulary() * size_t(sequences)),
        ids(0, std::max(0, model.info().vocabulary - 1)) {}

  Error readPrompt(int32_t count) { return model.append(pick(count), take(1)); }
  Error writeTokens(int32_t count) {
    for (int32_t i = 0; i < count; ++i)
      if (Error error = model.append(pick(1), take(1)))
        return error;
    return Error::success();
  }
  Error writeTogether(int32_t count) {
    for (int32_t i = 0; i < count; ++i)
      if (Error error = model.appendEach(pick(sequences), take(sequences)))
        return error;
    return Error::success();
  }

  /// Tokens a second of the best run, each on empty sequences.
  Expected<double> measure(int64_t tokens, function_ref<Error()> run) {
    double least = 0;
    for (int i = 0; i < numRuns; ++i) {
      for (int32_t sequence = 0; sequence < sequences; ++sequence)
        if (Error error = model.truncate(0, sequence))
          return error;
      Clock::time_point start = Clock::now();
      if (Error error = run())
        return error;
      std::chrono::duration<double> time = Clock::now() - start;
      least = i == 0 ? time.count() : std::min(least, time.count());
    }
    return double(tokens) / least;
  }

private:
  std::vector<int32_t> pick(int32_t count) {
    std::vector<int32_t> tokens;
    for (int32_t i = 0; i < count; ++i)
      tokens.push_back(ids(random));
    return tokens;
  }
  MutableArrayRef<float> take(int32_t rows) {
    return MutableArrayRef(logits).take_front(size_t(rows) *
                                              model.vocabulary());
  }

  LoadedLanguage &model;
  int32_t sequences;
  std::vector<float> logits;
  std::mt19937 random;
  std::uniform_int_distribution<int32_t> ids;
};

} // namespace

static Error print(const Twine &name, Expected<double> speed) {
  if (!speed)
    return speed.takeError();
  outs() << name << format(" %.2f tok/s\n", *speed);
  outs().flush();
  return Error::success();
}

Error printLanguageBenchmark(LoadedLanguage &model, const Options &options) {
  const LanguageOptions &language = options.language;
  int32_t reads = language.promptTokens;
  int32_t writes = language.maxTokens.value_or(defaultDecodedTokens);
  int32_t sequences = std::max(1, language.sequences);
  if (Error error =
          openSession(model, options, std::max(reads, writes), sequences))
    return error;
  if (int32_t room = model.cacheTokens(); std::max(reads, writes) > room)
    return createStringError(
        "expected at most " + Twine(room) +
        " tokens, which the cache has room for, but got -p " + Twine(reads) +
        " -n " + Twine(writes));
  Bench bench(model, sequences);
  // The first run starts the threads and reads the weights from disk.
  if (Error error = bench.writeTokens(1))
    return error;
  if (Error error = print("pp" + Twine(reads), bench.measure(reads, [&] {
        return bench.readPrompt(reads);
      })))
    return error;
  if (Error error = print("tg" + Twine(writes), bench.measure(writes, [&] {
        return bench.writeTokens(writes);
      })))
    return error;
  if (language.sequences > 0)
    if (Error error = print("tg" + Twine(writes) + "x" + Twine(sequences),
                            bench.measure(int64_t(writes) * sequences, [&] {
                              return bench.writeTogether(writes);
                            })))
      return error;
  outs() << "threads " << model.threads() << " threads\n";
  return Error::success();
}

Error printLanguageProfile(const LoadedLanguage &model) {
  Expected<std::vector<qcc_profile_entry_t>> entries = model.readProfile();
  if (!entries)
    return entries.takeError();
  double total = 0;
  for (const qcc_profile_entry_t &entry : *entries)
    total += double(entry.nanoseconds);
  outs() << "   time ms      %    calls  layer\n";
  for (const qcc_profile_entry_t &entry : *entries)
    outs() << format("%10.2f %6.1f %8lld  ", double(entry.nanoseconds) * 1e-6,
                     total > 0 ? 100 * double(entry.nanoseconds) / total : 0,
                     static_cast<long long>(entry.calls))
           << entry.name << "  " << entry.kind << "  " << entry.kernel << '\n';
  outs() << format("%10.2f %6.1f ", total * 1e-6, 100.0) << "          total\n";
  return Error::success();
}

} // namespace qcc::run
