// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the integer graph can express at all.

#ifndef PASSES_ASSIGN_INTEGERCANDIDATES_H
#define PASSES_ASSIGN_INTEGERCANDIDATES_H

#include "mlir/IR/Operation.h"

namespace qcc {

/// True for `qcc.conv` and `qcc.linear`.
bool isContraction(mlir::Operation *op);

/// Null if `op` has an integer form and all ranges for it are known, else why
/// not, as the end of the sentence "stays in f32: ...".
const char *whyNotInteger(mlir::Operation *op);

/// The same for a contraction whose input gets its scale at run time.
const char *whyNotDynamic(mlir::Operation *op);

/// True if the contraction computes enough for each element of its input to
/// pay for looking at them all first.
bool paysForDynamic(mlir::Operation *op);

} // namespace qcc

#endif // PASSES_ASSIGN_INTEGERCANDIDATES_H
