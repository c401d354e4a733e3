// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the phase Assign: which op computes in which precision.

#ifndef PASSES_ASSIGN_PASSES_H
#define PASSES_ASSIGN_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#include "passes/Assign/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Assign/Passes.h.inc"
} // namespace qcc

#endif // PASSES_ASSIGN_PASSES_H
