// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes of Import: upstream's graph dialects become ours.

#ifndef COMPILER_IMPORT_MLIR_PASSES_H
#define COMPILER_IMPORT_MLIR_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#include "compiler/Import/Mlir/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "compiler/Import/Mlir/Passes.h.inc"
} // namespace qcc

#endif // COMPILER_IMPORT_MLIR_PASSES_H
