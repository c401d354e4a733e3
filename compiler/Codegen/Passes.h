// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes that lead from kernels and launches to the LLVM dialect.

#ifndef COMPILER_CODEGEN_PASSES_H
#define COMPILER_CODEGEN_PASSES_H

#include "compiler/Codegen/LowerToLlvm.h"
#include "mlir/Pass/Pass.h"

namespace qcc {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/Codegen/Passes.h.inc"
} // namespace qcc

#endif // COMPILER_CODEGEN_PASSES_H
