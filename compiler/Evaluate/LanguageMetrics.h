// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Perplexity of a compiled language model, and how far its logits are from
// another one's on the same tokens.

#ifndef QCC_COMPILER_EVALUATE_LANGUAGEMETRICS_H
#define QCC_COMPILER_EVALUATE_LANGUAGEMETRICS_H

#include "compiler/Evaluate/LoadedLanguage.h"
#include "compiler/Evaluate/PerplexityWindows.h"

namespace qcc::evaluate {

/// A RunWindow for measurePerplexity. Needs a session with room for a window.
llvm::Error runWindow(LoadedLanguage &model, const TokenWindow &window,
                      TakeRow take);

/// Of a tested model from a base, over the rows that perplexity scores.
struct Divergence {
  Perplexity tested, base;
  SampleMean divergence; ///< KL(base || tested) in nats.
  double largest = 0;
  uint64_t agreements = 0; ///< Rows whose largest logits are of one token.
  double agreement() const {
    return divergence.count() ? double(agreements) / double(divergence.count())
                              : 0;
  }
};

/// Both models need a session with room for a window. `told` hears how many
/// windows are done.
llvm::Expected<Divergence>
measureDivergence(const PerplexityWindows &windows, LoadedLanguage &tested,
                  LoadedLanguage &base,
                  llvm::function_ref<void(int64_t done)> told = nullptr);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_LANGUAGEMETRICS_H
