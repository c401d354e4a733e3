// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of the phase Simplify: the graph as imported, made smaller and
// more regular.

#ifndef PASSES_SIMPLIFY_PASSES_H
#define PASSES_SIMPLIFY_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#include "passes/Simplify/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Simplify/Passes.h.inc"
} // namespace qcc

#endif // PASSES_SIMPLIFY_PASSES_H
