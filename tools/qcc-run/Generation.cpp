// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ctrl-C is looked at between batches of a prompt and between tokens. A second
// one, while the first is not yet answered, ends the program.

#include "tools/qcc-run/Generation.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

#include <algorithm>
#include <chrono>
#include <csignal>

using namespace llvm;
using namespace qcc::evaluate;
using Clock = std::chrono::steady_clock;

namespace qcc::run {

static volatile std::sig_atomic_t isInterrupted;

namespace {

/// Takes Ctrl-C as a wish to stop writing while it lives.
class InterruptScope {
public:
  InterruptScope() {
    isInterrupted = 0;
    struct sigaction action = {};
    action.sa_handler = [](int) { isInterrupted = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, &before);
  }
  ~InterruptScope() { sigaction(SIGINT, &before, nullptr); }

private:
  struct sigaction before;
};

/// Adds the time of its life to a speed.
class Stopwatch {
public:
  explicit Stopwatch(Speed &speed) : speed(speed), start(Clock::now()) {}
  ~Stopwatch() {
    speed.seconds +=
        std::chrono::duration<double>(Clock::now() - start).count();
  }

private:
  Speed &speed;
  Clock::time_point start;
};

} // namespace

Error Generation::setTokens(ArrayRef<int32_t> tokens) {
  if (Error error = finish())
    return error;
  size_t same = 0;
  while (same < held.size() && same < tokens.size() &&
         held[same] == tokens[same])
    ++same;
  // The last token is computed always, for its logits.
  same = std::min(same, tokens.empty() ? 0 : tokens.size() - 1);
  if (Error error = model.truncate(int32_t(same)))
    return error;
  held.resize(same);
  return addTokens(tokens.drop_front(same));
}

Error Generation::addTokens(ArrayRef<int32_t> tokens) {
  InterruptScope scope;
  Stopwatch watch(prompt);
  if (tokens.size() > size_t(model.cacheTokens() - model.length()))
    return createStringError(
        "expected a prompt of at most " +
        Twine(model.cacheTokens() - model.length()) +
        " tokens, which the cache has room for (see --ctx), but got " +
        Twine(tokens.size()));
  size_t step = size_t(std::max(1, model.info().batch_tokens));
  while (!tokens.empty() && !isInterrupted) {
    ArrayRef<int32_t> batch = tokens.take_front(step);
    tokens = tokens.drop_front(batch.size());
    MutableArrayRef<float> wanted = logits;
    if (!tokens.empty())
      wanted = {};
    if (Error error = model.append(batch, wanted))
      return error;
    if (Error error = sampler.accept(batch))
      return error;
    append_range(held, batch);
    prompt.tokens += int64_t(batch.size());
  }
  return isInterrupted
             ? createStringError("expected to read the prompt, but got Ctrl-C")
             : Error::success();
}

Expected<Ending> Generation::write(int32_t count,
                                   function_ref<Error(int32_t)> take) {
  InterruptScope scope;
  bool hasEnds = model.isTokenizerOpen();
  for (int32_t i = 0;; ++i) {
    if (isInterrupted)
      return Ending::Interrupt;
    if (i == count)
      return Ending::Count;
    Stopwatch watch(decode);
    if (pending) {
      if (model.length() == model.cacheTokens())
        return Ending::Cache;
      if (Error error = model.append(*pending, logits))
        return error;
      held.push_back(*pending);
      pending.reset();
      ++decode.tokens;
    }
    Expected<int32_t> token = sampler.sample(logits);
    if (!token)
      return token.takeError();
    if (hasEnds && model.isEnd(*token))
      return Ending::Token;
    if (Error error = sampler.accept(*token))
      return error;
    if (Error error = take(*token))
      return error;
    pending = *token;
  }
}

Error Generation::finish() {
  if (!pending || model.length() == model.cacheTokens())
    return Error::success();
  int32_t token = *pending;
  pending.reset();
  if (Error error = model.append(token, logits))
    return error;
  held.push_back(token);
  return Error::success();
}

} // namespace qcc::run
