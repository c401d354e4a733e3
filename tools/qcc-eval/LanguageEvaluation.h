// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What qcc-eval measures of a language model.

#ifndef QCC_TOOLS_QCCEVAL_LANGUAGEEVALUATION_H
#define QCC_TOOLS_QCCEVAL_LANGUAGEEVALUATION_H

#include "tools/qcc-eval/Options.h"

namespace qcc::eval {

/// Measures the perplexity of a text and, with a base, how far the model is
/// from it. Lines of `name value`, and the same as JSON where that is wanted.
llvm::Error evaluateLanguage(const Options &options);

} // namespace qcc::eval

#endif // QCC_TOOLS_QCCEVAL_LANGUAGEEVALUATION_H
