// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernels of a module, one for each distinct computation: layers that
// differ only in their weights and in where their buffers are share one.

#ifndef PASSES_LOWERCPU_KERNELTABLE_H
#define PASSES_LOWERCPU_KERNELTABLE_H

#include "passes/LowerCpu/Kernels.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

namespace qcc {

struct Kernel {
  mlir::func::FuncOp func;
  int64_t tasks;
  llvm::SmallVector<int64_t> extent; // of qcc.launch; empty: none
  std::optional<int64_t> streams;    // of qcc.launch
};

class KernelTable {
public:
  KernelTable(mlir::ModuleOp module, const Target &target)
      : module(module), target(target) {}

  /// The kernel for `op`, emitted on first use.
  mlir::FailureOr<Kernel> get(mlir::Operation *op);

  /// The kernel that runs after `op`'s own, with the same buffers.
  mlir::FailureOr<Kernel> getMerge(AttendOp op);

  /// The kernel for `depthwise` and the `pointwise` that reads it, row by row
  /// in turn. Its buffers are those of both but `pointwise`'s input.
  mlir::FailureOr<Kernel> getChain(PackedDepthwiseOp depthwise,
                                   PackedConvOp pointwise);

private:
  /// The body of a kernel, between its arguments and its return.
  using Body = llvm::function_ref<mlir::FailureOr<int64_t>(KernelEmitter &,
                                                           mlir::Value task)>;

  mlir::FailureOr<Kernel>
  emit(mlir::Operation *op, llvm::StringRef name,
       llvm::function_ref<mlir::FailureOr<int64_t>(KernelContext &)> body);
  mlir::FailureOr<Kernel> emitChain(PackedDepthwiseOp depthwise,
                                    PackedConvOp pointwise);
  mlir::FailureOr<Kernel> emitFunction(llvm::StringRef name,
                                       std::vector<TensorArgument> &tensors,
                                       Body body);

  /// Keeps what a kernel needs beside its buffers.
  void noteNeeds(const KernelContext &context);

  // Of the kernel that is being written.
  llvm::SmallVector<int64_t> extent;
  std::optional<int64_t> streams;
  mlir::ModuleOp module;
  const Target &target;
  llvm::StringMap<Kernel> kernels; // by what they compute
};

/// Name of `op`'s layer in the source model, or its own.
std::string layerName(mlir::Operation *op);

} // namespace qcc

#endif // PASSES_LOWERCPU_KERNELTABLE_H
