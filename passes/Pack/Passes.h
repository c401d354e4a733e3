// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the Pack phase: choose kernels, lay weights out, fold constants of
// the arithmetic.

#ifndef PASSES_PACK_PASSES_H
#define PASSES_PACK_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#include "passes/Pack/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Pack/Passes.h.inc"
} // namespace qcc

#endif // PASSES_PACK_PASSES_H
