// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What happens to a tile's i32 sums while they are still in registers:
// multiplier, residual, clamp, conversion, and the store of whole bytes.

#ifndef PASSES_LOWERCPU_NARROWINGEPILOGUE_H
#define PASSES_LOWERCPU_NARROWINGEPILOGUE_H

#include "passes/LowerCpu/KernelEmitter.h"

namespace qcc {

/// docs/numerics.md *requantize* and *fused residual*, as constants.
struct Requantization {
  QuantType result;
  mlir::Type stored;            // i8
  int64_t lowest, highest;      // of q, after the activation's bounds
  bool bounded;                 // no sum can leave i32 when scaled
  QuantType residual;           // null without a residual
  float residualScale = 0.0f;   // f32(f64(s_r) / s_y)

  static Requantization of(QuantType result, mlir::FloatAttr lower,
                           mlir::FloatAttr upper, bool bounded,
                           QuantType residual);
};

/// Rows of `vectors` registers of i32 sums in interleaved order
/// (dialects/Qcc/Target/PanelLayout.h) become rows of
/// `vectors * lanes` bytes in channel order. `multipliers` are `vectors`
/// registers in interleaved order; `residuals`, where there are any, one row of
/// bytes in channel order each.
llvm::SmallVector<mlir::Value>
emitNarrowing(KernelEmitter &emitter, const Requantization &scheme,
              llvm::ArrayRef<mlir::Value> sums, int64_t vectors,
              mlir::ValueRange multipliers,
              llvm::ArrayRef<mlir::Value> residuals);

} // namespace qcc

#endif // PASSES_LOWERCPU_NARROWINGEPILOGUE_H
