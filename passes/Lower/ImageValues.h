// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which tensors of four dimensions are images. Convolutions, pools and resizes
// want channels next to each other; attention, whose tensors have four
// dimensions as well, wants rows.

#ifndef PASSES_LOWER_IMAGEVALUES_H
#define PASSES_LOWER_IMAGEVALUES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qcc {

/// The values that a convolution, pool or resize of `func` reads or writes, and
/// those that elementwise ops, slices, concats and pads connect with them.
llvm::DenseSet<mlir::Value> findImages(mlir::func::FuncOp func);

} // namespace qcc

#endif // PASSES_LOWER_IMAGEVALUES_H
