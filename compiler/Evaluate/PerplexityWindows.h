// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Perplexity of a text by llama.cpp's protocol, so that figures can be laid
// beside its own:
//
//   ids      |---- context ----|---- context ----|---- context ----| rest
//   scored            |-------|         |-------|         |-------|
//
// Consecutive windows of `context` tokens; the rest is dropped. A window knows
// nothing of the one before it, so only the rows from context / 2 on are
// scored, up to the last whose next token is in the window. BOS takes the
// place of each window's first token where the model wants one.

#ifndef QCC_COMPILER_EVALUATE_PERPLEXITYWINDOWS_H
#define QCC_COMPILER_EVALUATE_PERPLEXITYWINDOWS_H

#include "compiler/Evaluate/LogitMetrics.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <vector>

namespace qcc::evaluate {

/// Tokens, and which of their rows of logits count.
class TokenWindow {
public:
  TokenWindow(llvm::ArrayRef<int32_t> ids, std::optional<int32_t> bos);

  llvm::ArrayRef<int32_t> ids() const { return tokens; }
  /// Rows from first to last predict the token after them.
  int64_t firstRow() const { return static_cast<int64_t>(tokens.size()) / 2; }
  int64_t lastRow() const { return static_cast<int64_t>(tokens.size()) - 2; }

private:
  std::vector<int32_t> tokens;
};

class PerplexityWindows {
public:
  /// Refuses fewer than two windows of text, and contexts below 4.
  static llvm::Expected<PerplexityWindows>
  split(llvm::ArrayRef<int32_t> ids, int64_t context,
        std::optional<int32_t> bos = std::nullopt);

  int64_t count() const { return static_cast<int64_t>(ids.size()) / context; }
  TokenWindow window(int64_t index) const;

private:
  PerplexityWindows(llvm::ArrayRef<int32_t> ids, int64_t context,
                    std::optional<int32_t> bos)
      : ids(ids), context(context), bos(bos) {}

  llvm::ArrayRef<int32_t> ids; ///< The caller keeps them alive.
  int64_t context;
  std::optional<int32_t> bos;
};

/// exp of the mean negative log-likelihood.
class Perplexity {
public:
  void add(double logProbability) { likelihood.add(-logProbability); }
  uint64_t count() const { return likelihood.count(); }
  double value() const;
  /// Of the value, to first order: standard error of the mean * value.
  double standardError() const { return likelihood.standardError() * value(); }

private:
  SampleMean likelihood;
};

/// Takes row `row` of a window's logits. Fails for logits that are NaN, and if
/// the token that follows has none.
using TakeRow =
    llvm::function_ref<llvm::Error(int64_t row, llvm::ArrayRef<float> logits)>;
/// Runs a model from an empty cache on a window and hands over each row from
/// firstRow() to lastRow() once, in order; others may be handed over too.
using RunWindow =
    llvm::function_ref<llvm::Error(const TokenWindow &window, TakeRow take)>;

/// Adds all windows. `told` hears of the state after each, if it is there.
llvm::Expected<Perplexity> measurePerplexity(
    const PerplexityWindows &windows, RunWindow run,
    llvm::function_ref<void(int64_t done, const Perplexity &)> told = nullptr);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_PERPLEXITYWINDOWS_H
