// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops over a row of neighbouring elements, a vector at a time, for kernels
// that combine rows: the last vector is partly valid.

#ifndef PASSES_LOWERCPU_ROWLOOP_H
#define PASSES_LOWERCPU_ROWLOOP_H

#include "passes/LowerCpu/KernelEmitter.h"

namespace qcc {

/// Lanes of partial sums along a row: the same for all targets, whatever their
/// registers, so that all round alike (docs/numerics.md *float paths*).
constexpr int64_t kRowLanes = 16;

/// Carries `running` through steps of `width` elements: `body` gets the first
/// element's number, how many are valid and the running value, and returns the
/// next.
mlir::Value
emitRowLoop(KernelEmitter &emitter, int64_t length, int64_t width,
            mlir::Value running,
            llvm::function_ref<mlir::Value(mlir::Value first, int64_t valid,
                                           mlir::Value running)>
                body);

/// The same without a running value.
void emitRowLoop(
    KernelEmitter &emitter, int64_t length, int64_t width,
    llvm::function_ref<void(mlir::Value first, int64_t valid)> body);

/// The first `valid` lanes of `a`, then those of `b`.
mlir::Value selectLanes(KernelEmitter &emitter, mlir::Value a, mlir::Value b,
                        int64_t valid);

/// All lanes of `vector` (a power of two) combined to a scalar, in halves.
mlir::Value
combineLanes(KernelEmitter &emitter, mlir::Value vector,
             llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine);

} // namespace qcc

#endif // PASSES_LOWERCPU_ROWLOOP_H
