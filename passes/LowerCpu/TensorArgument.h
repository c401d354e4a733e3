// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A tensor as a kernel sees it: a flat buffer, and where its elements are.

#ifndef PASSES_LOWERCPU_TENSORARGUMENT_H
#define PASSES_LOWERCPU_TENSORARGUMENT_H

#include "passes/LowerCpu/KernelEmitter.h"

namespace qcc {

/// What a buffer holds of a tensor of `element`s: signless integers or floats.
mlir::Type getStoredType(mlir::Type element);

struct TensorArgument {
  llvm::SmallVector<int64_t> shape;
  llvm::SmallVector<int64_t> strides; // in elements
  llvm::SmallVector<int64_t> halo;    // top, left, bottom, right, or empty
  mlir::Type element;                 // of the tensor: f32, i64, !qcc.quant
  mlir::Type stored;                  // of the buffer: f32, i64, i8
  int64_t base = 0;    // element [0, 0, ...] in the buffer that is passed
  int64_t span = 0;    // elements of the buffer that is passed
  bool hasRoom = true; // a register may reach beyond its end: not a caller's
  mlir::Value buffer;  // the kernel's argument

  /// Reads shape, layout and types off a planned tensor type; constants, which
  /// have no plan, are row-major.
  static TensorArgument of(mlir::RankedTensorType type);

  int64_t rank() const { return shape.size(); }
  int64_t count() const;
  bool isUnsigned() const { return element.isUnsignedInteger(); }
  QuantType grid() const { return mlir::dyn_cast<QuantType>(element); }
  mlir::MemRefType bufferType() const;
  /// First byte of the buffer relative to the plan's `offset`.
  int64_t startByte() const;

  /// Offset of the element at `position` (one index value a dimension).
  mlir::Value at(KernelEmitter &emitter, mlir::ValueRange position) const;
};

/// Fills the halo of `tensor` with the padding value of its grid (its zero
/// point; 0 for floats).
void emitHalo(KernelEmitter &emitter, const TensorArgument &tensor);

} // namespace qcc

#endif // PASSES_LOWERCPU_TENSORARGUMENT_H
