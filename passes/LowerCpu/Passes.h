// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the LowerCpu phase: kernels as loops over vectors.

#ifndef PASSES_LOWERCPU_PASSES_H
#define PASSES_LOWERCPU_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#include "passes/LowerCpu/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/LowerCpu/Passes.h.inc"
} // namespace qcc

#endif // PASSES_LOWERCPU_PASSES_H
