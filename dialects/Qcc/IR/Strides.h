// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strides: the natural layout of a tensor, and how views change it.

#ifndef DIALECTS_QCC_IR_STRIDES_H
#define DIALECTS_QCC_IR_STRIDES_H

#include "mlir/IR/BuiltinTypes.h"

#include <array>
#include <optional>

namespace qcc {

/// Rows and columns of padding around an image: top, left, bottom, right.
using Halo = std::array<int64_t, 4>;

/// Elements of a tensor inside a buffer: strides, and the offset of element
/// [0, 0, ...] from the buffer's start, all in elements.
struct Strided {
  llvm::SmallVector<int64_t> strides;
  int64_t offset = 0;
};

/// Row-major strides of `shape`.
Strided rowMajor(llvm::ArrayRef<int64_t> shape);

/// Channels-last strides of a rank 4 NCHW `shape` with a halo around it.
Strided channelsLast(llvm::ArrayRef<int64_t> shape, const Halo &halo);

/// Elements that a buffer with that natural layout takes, halo included.
int64_t countElements(llvm::ArrayRef<int64_t> shape, const Halo &halo);

/// Shapes `from` and `to` of the same elements cut into common factors, so
/// that each dimension of either is a product of neighbouring factors; nothing
/// where they do not nest (as 4x6 and 6x4).
std::optional<llvm::SmallVector<int64_t>>
commonFactors(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);

/// Strides of the dimensions of `shape` cut into `factors`.
llvm::SmallVector<int64_t> splitStrides(llvm::ArrayRef<int64_t> shape,
                                        llvm::ArrayRef<int64_t> strides,
                                        llvm::ArrayRef<int64_t> factors);

/// Strides with which the elements of a `from` tensor read as a `to` tensor in
/// row-major order, or nothing where that takes a copy.
std::optional<llvm::SmallVector<int64_t>>
reshapeStrides(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> strides,
               llvm::ArrayRef<int64_t> to);

} // namespace qcc

#endif // DIALECTS_QCC_IR_STRIDES_H
