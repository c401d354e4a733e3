// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// docs/numerics.md in scalar (or vector) arithmetic, for kernels that are loops
// over elements.

#ifndef PASSES_LOWERCPU_SCALARMATH_H
#define PASSES_LOWERCPU_SCALARMATH_H

#include "passes/LowerCpu/KernelEmitter.h"

namespace qcc {

/// `type`, a scalar or a vector, with another element.
mlir::Type withElement(mlir::Type type, mlir::Type element);

/// The bounds of q after an activation, from its real bounds.
struct GridBounds {
  int64_t lowest, highest;
  static GridBounds of(QuantType grid, mlir::FloatAttr lower,
                       mlir::FloatAttr upper);
};

/// *clamp* and conversion of `t` (f32, in steps of the grid): the stored
/// integer.
mlir::Value emitToGrid(KernelEmitter &emitter, mlir::Value t, QuantType grid,
                       GridBounds bounds);

/// *quantize*: `x / scale`, clamp, convert, add the zero point.
mlir::Value emitQuantized(KernelEmitter &emitter, mlir::Value x,
                          QuantType grid);

/// `q - zero_point` as i32, from the stored integer.
mlir::Value emitSteps(KernelEmitter &emitter, mlir::Value stored,
                      QuantType grid);

/// *dequantize*: `f32(q - zero_point) * scale`.
mlir::Value emitDequantized(KernelEmitter &emitter, mlir::Value stored,
                            QuantType grid);

/// A function of `qcc.unary` on f32 or integers.
mlir::Value emitUnaryFunction(KernelEmitter &emitter, UnaryKind kind,
                              mlir::Value x, double alpha, double beta,
                              bool isUnsigned);

/// A function of `qcc.binary` on f32 or integers.
mlir::Value emitBinaryFunction(KernelEmitter &emitter, BinaryKind kind,
                               mlir::Value a, mlir::Value b, bool cStyle,
                               bool isUnsigned);

} // namespace qcc

#endif // PASSES_LOWERCPU_SCALARMATH_H
