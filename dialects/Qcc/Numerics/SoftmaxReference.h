// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Softmax and its logarithm in f64: the oracle of a float path.

#ifndef DIALECTS_QCC_NUMERICS_SOFTMAXREFERENCE_H
#define DIALECTS_QCC_NUMERICS_SOFTMAXREFERENCE_H

#include "dialects/Qcc/Numerics/Span.h"

namespace qcc::numerics {

/// `exp(x - max) / sum(exp(x - max))` along `axis`, or its logarithm.
std::vector<double> softmax(Span<const double> input, Shape shape,
                            int64_t axis, bool log);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_SOFTMAXREFERENCE_H
