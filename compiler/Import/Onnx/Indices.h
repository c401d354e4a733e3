// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors of numbers that name places: counted, wrapped, and flat numbers of
// elements and slices.

#ifndef COMPILER_IMPORT_ONNX_INDICES_H
#define COMPILER_IMPORT_ONNX_INDICES_H

#include "compiler/Import/Onnx/GraphBuilder.h"

namespace qcc::onnx_import {

/// 0, 1, 2 ... along `axis` of a tensor of `rank` dimensions.
mlir::Value makeNumbers(GraphBuilder &build, int64_t count, int64_t axis,
                        int64_t rank);

/// `indices` as i64 from 0 on, for a dimension of `size`.
mlir::Value fromFront(GraphBuilder &build, mlir::Value indices, int64_t size);

/// The index along `axis` of the largest (smallest) element, with the
/// dimension kept: the first such, or the last.
mlir::Value findExtreme(GraphBuilder &build, mlir::Value x, int64_t axis,
                        bool isMax, bool isLast);

llvm::SmallVector<int64_t> rowMajorStrides(Shape shape);

/// The flat place in a tensor of `shape` of each of `indices` along `axis`,
/// its other coordinates being those of the index; null and a problem where
/// `indices` do not fit.
mlir::Value placeElements(GraphBuilder &build, Shape shape, mlir::Value indices,
                          int64_t axis);

/// The elements of `x` there, in the shape of `indices`.
mlir::Value gatherElements(GraphBuilder &build, mlir::Value x,
                           mlir::Value indices, int64_t axis);

/// Slices of a tensor by the first coordinates they have in common.
struct SlicePlaces {
  llvm::SmallVector<int64_t> slices; // the tensor as [slices, slice...]
  mlir::Value place;                 // the number of each slice
};

/// What each last row of `indices` names in a tensor of `shape`, of which the
/// first `batch` dimensions are shared.
std::optional<SlicePlaces> placeSlices(GraphBuilder &build, Shape shape,
                                       mlir::Value indices, int64_t batch);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_INDICES_H
