// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens to sums whose result is f32 while they are still in registers.

#ifndef PASSES_LOWERCPU_FLOATEPILOGUE_H
#define PASSES_LOWERCPU_FLOATEPILOGUE_H

#include "passes/LowerCpu/KernelEmitter.h"

namespace qcc {

/// The bounds of an activation; null where there is none.
struct FloatBounds {
  mlir::FloatAttr lower, upper;
};

/// One register of sums: i32 ones times `multiplier`, which floats have none
/// of; plus `residual`, if any; clamped.
mlir::Value emitFloatResult(KernelEmitter &emitter, mlir::Value sum,
                            mlir::Value multiplier, mlir::Value residual,
                            const FloatBounds &bounds);

/// Four registers whose channels are interleaved
/// (dialects/Qcc/Target/PanelLayout.h), in channel order.
llvm::SmallVector<mlir::Value>
emitChannelOrder(KernelEmitter &emitter, llvm::ArrayRef<mlir::Value> registers);

} // namespace qcc

#endif // PASSES_LOWERCPU_FLOATEPILOGUE_H
