// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the phase Prepare: float graphs made to suffer less from
// rounding.

#ifndef PASSES_PREPARE_PASSES_H
#define PASSES_PREPARE_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#include "passes/Prepare/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Prepare/Passes.h.inc"
} // namespace qcc

#endif // PASSES_PREPARE_PASSES_H
