// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds the quantized form of single ops.

#ifndef PASSES_QUANTIZE_INTEGEROPS_H
#define PASSES_QUANTIZE_INTEGEROPS_H

#include "dialects/Qcc/IR/Qcc.h"

namespace qcc {

/// The operands of a quantized contraction besides its activations.
struct IntegerWeights {
  mlir::Value weight;
  mlir::Value bias;
  mlir::Value scales;
};

/// Rounds the constant weights and bias of `op`, a float `qcc.conv` or
/// `qcc.linear` whose input will have the grid `input`.
IntegerWeights makeIntegerWeights(mlir::OpBuilder &builder, mlir::Operation *op,
                                  QuantType input);

/// The quantized form of the contraction `op`, with result type `type` (f32 for
/// an unrounded sum). `residual` may be null.
mlir::Value buildContraction(mlir::OpBuilder &builder, mlir::Operation *op,
                             mlir::Value input, mlir::Value residual,
                             mlir::RankedTensorType type);

/// The same op on quantized operands, with result type `type`.
mlir::Value buildOther(mlir::OpBuilder &builder, mlir::Operation *op,
                       mlir::ValueRange operands, mlir::RankedTensorType type);

} // namespace qcc

#endif // PASSES_QUANTIZE_INTEGEROPS_H
