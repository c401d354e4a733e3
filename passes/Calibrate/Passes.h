// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the phase Calibrate: ranges of activations, measured and folded
// in.

#ifndef PASSES_CALIBRATE_PASSES_H
#define PASSES_CALIBRATE_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#include "passes/Calibrate/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Calibrate/Passes.h.inc"
} // namespace qcc

#endif // PASSES_CALIBRATE_PASSES_H
