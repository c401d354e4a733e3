// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens to the i32 sums of one pixel of a depthwise convolution: its
// result is on a grid, or f32.

#ifndef PASSES_LOWERCPU_DEPTHWISESTORE_H
#define PASSES_LOWERCPU_DEPTHWISESTORE_H

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/NarrowingEpilogue.h"

namespace qcc {

class DepthwiseStore {
public:
  DepthwiseStore(KernelContext &context, PackedDepthwiseOp op);

  /// Scales four registers of sums in interleaved order
  /// (dialects/Qcc/Target/PanelLayout.h), and stores the first `valid` channels
  /// at `resultAt`. `residualAt` is null where nothing is added.
  void emit(llvm::ArrayRef<mlir::Value> sums,
            llvm::ArrayRef<mlir::Value> multipliers, mlir::Value resultAt,
            mlir::Value residualAt, int64_t valid) const;

private:
  void emitFloats(llvm::ArrayRef<mlir::Value> sums,
                  llvm::ArrayRef<mlir::Value> multipliers,
                  mlir::Value resultAt, mlir::Value residualAt,
                  int64_t valid) const;

  KernelEmitter &e;
  mlir::Value result, residual; // buffers
  mlir::FloatAttr lower, upper;
  std::optional<Requantization> scheme; // none for an f32 result
};

} // namespace qcc

#endif // PASSES_LOWERCPU_DEPTHWISESTORE_H
