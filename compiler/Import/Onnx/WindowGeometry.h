// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Window attributes that convolutions and pools share.

#ifndef COMPILER_IMPORT_ONNX_WINDOWGEOMETRY_H
#define COMPILER_IMPORT_ONNX_WINDOWGEOMETRY_H

#include "compiler/Import/Onnx/Node.h"

namespace qcc::onnx_import {

/// Reads strides, pads, dilations and auto_pad for windows of `kernel` over an
/// image of sizes `image` (one or two), and computes the result's sizes. One
/// dimension becomes two with a first one of size 1. `roundsUp` is ceil_mode.
std::optional<WindowGeometry> readWindows(Node &node, Shape image,
                                          Shape kernel, bool roundsUp);

/// [N, C, W] as [N, C, 1, W]; four dimensions as they are, others a problem.
mlir::Value asImage(Node &node, mlir::Value value);

/// The inverse, for a node whose input was `original`.
mlir::Value asOriginal(Node &node, mlir::Value value, mlir::Value original);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_WINDOWGEOMETRY_H
