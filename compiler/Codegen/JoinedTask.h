// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The task function of launches that are joined: which of their kernels a task
// belongs to.

#ifndef COMPILER_CODEGEN_JOINEDTASK_H
#define COMPILER_CODEGEN_JOINEDTASK_H

#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace qcc {

/// The task function of `kernel`, which has the name that the runtime's table
/// and the linker see.
std::string getTaskName(llvm::StringRef kernel);

/// One task function for `launches`, which have the same extent. Of each unit
/// of that it does first all tasks of the first launch, then those of the next;
/// its list has the buffers of one launch after those of the other. `builder`
/// stands where functions may; the kernels' task functions exist.
mlir::LLVM::LLVMFuncOp emitJoinedTask(mlir::OpBuilder &builder,
                                      llvm::StringRef name,
                                      llvm::ArrayRef<LaunchOp> launches);

} // namespace qcc

#endif // COMPILER_CODEGEN_JOINEDTASK_H
