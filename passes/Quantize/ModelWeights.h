// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The weights that an imported model has in integers already.

#ifndef PASSES_QUANTIZE_MODELWEIGHTS_H
#define PASSES_QUANTIZE_MODELWEIGHTS_H

#include "dialects/Qcc/IR/Qcc.h"

namespace qcc {

/// The tensor on a grid of 8 bits that `value` was dequantized from, or null.
mlir::Value getIntegers(mlir::Value value);

/// True if the contraction `op` has weights that the model holds as integers.
bool hasModelWeights(mlir::Operation *op);

/// The float contraction `op` with each output channel times `scales`, plus
/// `shifts`. Null, and no change, where it has no integer weights or bounds, or
/// a scale is not above zero.
mlir::Value scaleModelContraction(mlir::OpBuilder &builder, mlir::Operation *op,
                                  llvm::ArrayRef<double> scales,
                                  llvm::ArrayRef<double> shifts);

/// The integer weights of the contraction `op` with their scales multiplied by
/// `scales`, one for each output channel; null if it has none.
mlir::Value scaleModelWeights(mlir::OpBuilder &builder, mlir::Operation *op,
                              llvm::ArrayRef<double> scales);

/// The quantized form, with result type `type`, of the float contraction `op`
/// on `input`. Null, and no change, if its weights are not symmetric bytes with
/// a scale per output channel, its bias is computed, or it has a residual.
mlir::Value buildModelContraction(mlir::OpBuilder &builder, mlir::Operation *op,
                                  mlir::Value input,
                                  mlir::RankedTensorType type);

/// `value` on the grid that the model gives it, if it is constant integers of
/// one scale, or on a grid of its own, if it is one number; else null.
mlir::Value quantizeModelConstant(mlir::OpBuilder &builder, mlir::Value value);

/// The result of `op` as a constant, or null if its operands are none.
mlir::Value dequantizeModelWeights(mlir::OpBuilder &builder,
                                   DequantizeChannelsOp op);

} // namespace qcc

#endif // PASSES_QUANTIZE_MODELWEIGHTS_H
