// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of stacks of float matrices.

#ifndef DIALECTS_QCC_NUMERICS_MATMULREFERENCE_H
#define DIALECTS_QCC_NUMERICS_MATMULREFERENCE_H

#include "dialects/Qcc/Numerics/Span.h"

namespace qcc::numerics {

/// `result[..., m, n] = sum over k of lhs[..., m, k] * rhs[..., k, n]` in f64,
/// leading dimensions broadcast to those of `result`.
std::vector<double> multiplyMatrices(Span<const float> lhs, Shape lhsShape,
                                     Span<const float> rhs, Shape rhsShape,
                                     Shape result);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_MATMULREFERENCE_H
