// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the phase Quantize: float graphs turned into integer ones.

#ifndef PASSES_QUANTIZE_PASSES_H
#define PASSES_QUANTIZE_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#include "passes/Quantize/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Quantize/Passes.h.inc"
} // namespace qcc

#endif // PASSES_QUANTIZE_PASSES_H
