// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs models on windows of tokens, as many rows at a time as one batch gives
// logits of: a window's rows of a large vocabulary would fill the memory.

#include "compiler/Evaluate/LanguageMetrics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

#include <algorithm>
#include <cmath>

using namespace llvm;

namespace qcc::evaluate {

/// Receives a row of each model.
using TakeRows =
    function_ref<Error(int64_t row, ArrayRef<ArrayRef<float>> logits)>;

/// Hands over the rows that count, of all models side by side.
static Error runModels(ArrayRef<LoadedLanguage *> models,
                       const TokenWindow &window, TakeRows take) {
  // The first model's batches suit all: only speed depends on them.
  int64_t step = std::max(1, models.front()->info().batch_outputs);
  int64_t end = window.lastRow() + 1;
  std::vector<std::vector<float>> logits;
  for (LoadedLanguage *model : models) {
    logits.emplace_back(size_t(step) * model->vocabulary());
    if (Error error = model->truncate(0))
      return error;
    if (Error error = model->append(
            window.ids().take_front(size_t(window.firstRow())), {}))
      return error;
  }
  std::vector<ArrayRef<float>> rows(models.size());
  for (int64_t first = window.firstRow(); first < end; first += step) {
    size_t count = size_t(std::min(step, end - first));
    ArrayRef<int32_t> ids = window.ids().slice(size_t(first), count);
    for (auto [model, room] : zip_equal(models, logits))
      if (Error error = model->append(ids, MutableArrayRef(room).take_front(
                                               count * model->vocabulary())))
        return error;
    for (size_t i = 0; i < count; ++i) {
      for (auto [model, room, row] : zip_equal(models, logits, rows))
        row =
            ArrayRef(room).slice(i * model->vocabulary(), model->vocabulary());
      if (Error error = take(first + int64_t(i), rows))
        return error;
    }
  }
  return Error::success();
}

Error runWindow(LoadedLanguage &model, const TokenWindow &window,
                TakeRow take) {
  return runModels(&model, window,
                   [&](int64_t row, ArrayRef<ArrayRef<float>> logits) {
                     return take(row, logits.front());
                   });
}

static size_t findLargest(ArrayRef<float> logits) {
  return size_t(std::max_element(logits.begin(), logits.end()) -
                logits.begin());
}

static Error addRow(int32_t next, ArrayRef<float> tested, ArrayRef<float> base,
                    Divergence &sum) {
  if (next < 0 || size_t(next) >= base.size())
    return createStringError("expected tokens below " + Twine(base.size()) +
                             ", which have logits, but got " + Twine(next));
  double kl = klDivergence(base.data(), tested.data(), base.size());
  if (std::isnan(kl))
    return createStringError("expected logits that are numbers, but got NaN");
  sum.tested.add(logProbability(tested.data(), tested.size(), size_t(next)));
  sum.base.add(logProbability(base.data(), base.size(), size_t(next)));
  sum.divergence.add(kl);
  sum.largest = std::max(sum.largest, kl);
  sum.agreements += findLargest(tested) == findLargest(base);
  return Error::success();
}

Expected<Divergence> measureDivergence(const PerplexityWindows &windows,
                                       LoadedLanguage &tested,
                                       LoadedLanguage &base,
                                       function_ref<void(int64_t)> told) {
  if (tested.vocabulary() != base.vocabulary())
    return createStringError(
        "expected a base with " + Twine(tested.vocabulary()) +
        " logits for a token, but got " + Twine(base.vocabulary()));
  Divergence sum;
  LoadedLanguage *models[] = {&tested, &base};
  for (int64_t i = 0; i < windows.count(); ++i) {
    TokenWindow window = windows.window(i);
    Error error = runModels(models, window,
                            [&](int64_t row, ArrayRef<ArrayRef<float>> logits) {
                              return addRow(window.ids()[size_t(row) + 1],
                                            logits[0], logits[1], sum);
                            });
    if (error)
      return error;
    if (told)
      told(i + 1);
  }
  return sum;
}

} // namespace qcc::evaluate
