// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an elementwise op computes of the elements at one place.

#ifndef PASSES_LOWERCPU_ELEMENTMATH_H
#define PASSES_LOWERCPU_ELEMENTMATH_H

#include "passes/LowerCpu/KernelEmitter.h"

namespace qcc {

/// The stored elements of `op`'s result, one of the ops of `isElementwise`,
/// from vectors (or scalars) of those of its operands.
mlir::Value emitElements(KernelEmitter &emitter, mlir::Operation *op,
                         llvm::ArrayRef<mlir::Value> operands);

} // namespace qcc

#endif // PASSES_LOWERCPU_ELEMENTMATH_H
