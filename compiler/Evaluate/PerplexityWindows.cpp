// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows are taken one at a time: those of one window can need gigabytes.

#include "compiler/Evaluate/PerplexityWindows.h"

#include "llvm/ADT/Twine.h"

#include <cmath>

using namespace llvm;

namespace qcc::evaluate {

static Error makeError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

TokenWindow::TokenWindow(ArrayRef<int32_t> ids, std::optional<int32_t> bos)
    : tokens(ids.begin(), ids.end()) {
  if (bos)
    tokens.front() = *bos;
}

Expected<PerplexityWindows>
PerplexityWindows::split(ArrayRef<int32_t> ids, int64_t context,
                         std::optional<int32_t> bos) {
  if (context < 4)
    return makeError("expected a context of at least 4 tokens, but got " +
                     Twine(context));
  if (static_cast<int64_t>(ids.size()) / 2 < context)
    return makeError("expected at least two windows of " + Twine(context) +
                     " tokens, but got " + Twine(ids.size()) + " tokens");
  return PerplexityWindows(ids, context, bos);
}

TokenWindow PerplexityWindows::window(int64_t index) const {
  assert(index >= 0 && index < count() && "a window of the text");
  return TokenWindow(ids.slice(index * context, context), bos);
}

double Perplexity::value() const { return std::exp(likelihood.mean()); }

static Error addRow(const TokenWindow &window, int64_t row,
                    ArrayRef<float> logits, Perplexity &perplexity) {
  int32_t next = window.ids()[row + 1];
  if (next < 0 || static_cast<size_t>(next) >= logits.size())
    return makeError("expected tokens below " + Twine(logits.size()) +
                     ", which have logits, but got " + Twine(next));
  double value = logProbability(logits.data(), logits.size(), next);
  if (std::isnan(value))
    return makeError("expected logits that are numbers, but got NaN in row " +
                     Twine(row));
  perplexity.add(value);
  return Error::success();
}

Expected<Perplexity>
measurePerplexity(const PerplexityWindows &windows, RunWindow run,
                  function_ref<void(int64_t done, const Perplexity &)> told) {
  Perplexity perplexity;
  for (int64_t i = 0; i < windows.count(); ++i) {
    TokenWindow window = windows.window(i);
    int64_t wanted = window.firstRow();
    auto take = [&](int64_t row, ArrayRef<float> logits) -> Error {
      if (row < window.firstRow() || row > window.lastRow())
        return Error::success();
      if (row != wanted++)
        return makeError("expected logits of row " + Twine(wanted - 1) +
                         ", but got row " + Twine(row));
      return addRow(window, row, logits, perplexity);
    };
    if (Error error = run(window, take))
      return error;
    if (wanted != window.lastRow() + 1)
      return makeError("expected logits up to row " + Twine(window.lastRow()) +
                       ", but got them up to row " + Twine(wanted - 1));
    if (told)
      told(i + 1, perplexity);
  }
  return perplexity;
}

} // namespace qcc::evaluate
