// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies elements between two orders of dimensions.

#ifndef PASSES_LOWERCPU_COPYNEST_H
#define PASSES_LOWERCPU_COPYNEST_H

#include "passes/LowerCpu/LoopNest.h"

namespace qcc {

/// Copies a nest of `sizes` from the first operand, walked by `from`, to the
/// result, walked by `to`. In vectors where both have the same contiguous
/// dimension; by transposing tiles in registers where they have different ones;
/// else element by element, with a remark at `op`.
int64_t emitCopy(KernelContext &context, mlir::Operation *op,
                 llvm::ArrayRef<int64_t> sizes, const Walk &to,
                 const Walk &from);

} // namespace qcc

#endif // PASSES_LOWERCPU_COPYNEST_H
