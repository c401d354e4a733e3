// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The micro-kernel: a tile of `rows` x `vectors` accumulator registers to which
// the K loop adds one broadcast activation dword times one weight register a
// time. Integers and floats differ in one instruction; four bytes of
// activations meet one 32-bit lane either way.

#ifndef PASSES_LOWERCPU_DOTPRODUCTTILE_H
#define PASSES_LOWERCPU_DOTPRODUCTTILE_H

#include "passes/LowerCpu/KernelEmitter.h"

namespace qcc {

/// Where a tile reads. Offsets and strides in elements.
struct TileOperands {
  mlir::Value input, weight;     // flat buffers
  mlir::Value inputAt, weightAt; // of row 0, tap 0; of the panel
  llvm::SmallVector<int64_t> rows; // offset of each row (output pixel)
  // Taps: an outer and an inner axis (kernel rows and columns).
  int64_t outerTaps, innerTaps;
  int64_t outerStride, innerStride; // in the input
  int64_t steps;                    // of four bytes along K, a tap
  // Weights that a later tile needs are asked for beside the sums: from
  // `ahead` on, `aheadStep` elements for each step; no value, nothing.
  mlir::Value ahead;
  int64_t aheadStep = 0;
};

/// Emits the loops over taps and K; `accumulators` (rows * vectors, row-major)
/// are what they start from, and the sums are returned.
llvm::SmallVector<mlir::Value>
emitTile(KernelEmitter &emitter, const TileOperands &operands, int64_t vectors,
         mlir::ValueRange accumulators);

/// acc + sum of four u8 (`bytes`) times s8 (`weights`) products a lane, for
/// registers of any width up to the target's.
mlir::Value emitDot(KernelEmitter &emitter, mlir::Value accumulator,
                    mlir::Value bytes, mlir::Value weights);

/// acc + sum of two s16 products a lane, operands as registers of i32.
mlir::Value emitWordDot(KernelEmitter &emitter, mlir::Value accumulator,
                        mlir::Value a, mlir::Value b);

} // namespace qcc

#endif // PASSES_LOWERCPU_DOTPRODUCTTILE_H
