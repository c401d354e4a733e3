// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the Lower phase: where tensors live.

#ifndef PASSES_LOWER_PASSES_H
#define PASSES_LOWER_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#include "passes/Lower/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Lower/Passes.h.inc"
} // namespace qcc

#endif // PASSES_LOWER_PASSES_H
