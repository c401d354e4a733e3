// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM IR for one target: translation, attributes of the machine, -O3.

#ifndef COMPILER_CODEGEN_LLVMMODULE_H
#define COMPILER_CODEGEN_LLVMMODULE_H

#include "dialects/Qcc/Target/Target.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>

namespace qcc {

/// The code generator for `target`: position independent, each function in a
/// section of its own, no contraction of float operations.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createMachine(const Target &target);

/// Translates a module of the LLVM dialect. Functions know the target; all but
/// the entry are internal, and the entry is hidden.
llvm::Expected<std::unique_ptr<llvm::Module>>
translateToLlvm(mlir::ModuleOp module, llvm::LLVMContext &context,
                const Target &target, llvm::TargetMachine &machine);

/// LLVM's -O3. Loops that the emitter marked stay as they are.
void optimize(llvm::Module &module, llvm::TargetMachine &machine);

} // namespace qcc

#endif // COMPILER_CODEGEN_LLVMMODULE_H
