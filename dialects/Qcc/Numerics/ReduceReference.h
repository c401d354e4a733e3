// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reductions over some dimensions, which stay with size 1. The enumerators are
// those of QccEnums.td, in its order.

#ifndef DIALECTS_QCC_NUMERICS_REDUCEREFERENCE_H
#define DIALECTS_QCC_NUMERICS_REDUCEREFERENCE_H

#include "dialects/Qcc/Numerics/Span.h"

namespace qcc::numerics {

enum class ReduceKind { Sum, Mean, Max, Min, Prod, SumSquare };

/// Elements that go into one element of the result.
int64_t countReduced(Shape input, Shape axes);

/// Float elements, in f64. Max and min of nothing are infinite.
std::vector<double> reduce(ReduceKind kind, Span<const double> input,
                           Shape shape, Shape axes);

/// Integer elements, wrapping; the mean truncates.
std::vector<int64_t> reduce(ReduceKind kind, Span<const int64_t> input,
                            Shape shape, Shape axes);

} // namespace qcc::numerics

#endif // DIALECTS_QCC_NUMERICS_REDUCEREFERENCE_H
