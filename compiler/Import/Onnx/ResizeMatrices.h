// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Resize as a matrix product along each dimension, for the rules that the
// dialect does not have: antialiasing, weights of elements inside only, parts
// of the input.

#ifndef COMPILER_IMPORT_ONNX_RESIZEMATRICES_H
#define COMPILER_IMPORT_ONNX_RESIZEMATRICES_H

#include "compiler/Import/Onnx/GraphBuilder.h"

namespace qcc::onnx_import {

/// One dimension that is resized; `start` to `end` are parts of the input.
struct ResizedDimension {
  int64_t dimension, size, result;
  double scale, start = 0, end = 1;
};

struct MatrixResize {
  ResizeOptions options;
  bool isAntialiased = false;
  bool excludesOutside = false;
  // tf_crop_and_resize: coordinates run over the part, and elements outside
  // the input are `extrapolation`.
  bool isCropped = false;
  float extrapolation = 0;

  bool isNeeded() const {
    return isAntialiased || excludesOutside || isCropped;
  }
};

mlir::Value resizeByMatrices(GraphBuilder &build, mlir::Value x,
                             llvm::ArrayRef<ResizedDimension> dimensions,
                             const MatrixResize &rule);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_RESIZEMATRICES_H
