// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tensors as convolutions walk them: images of lines of pixels.

#ifndef PASSES_LOWERCPU_PIXELSTRIDES_H
#define PASSES_LOWERCPU_PIXELSTRIDES_H

#include "passes/LowerCpu/TensorArgument.h"

namespace qcc {

/// Strides of an operand seen as images of rows of pixels.
struct PixelStrides {
  int64_t image, row, pixel;

  static PixelStrides of(const TensorArgument &tensor) {
    if (tensor.rank() == 2)
      return {0, 0, tensor.strides[0]};
    return {tensor.strides[0], tensor.strides[2], tensor.strides[3]};
  }
  /// Offsets of `lines` lines of `pixels` pixels each, with strides.
  llvm::SmallVector<int64_t> tile(int64_t lines, int64_t pixels,
                                  int64_t strideY = 1,
                                  int64_t strideX = 1) const {
    llvm::SmallVector<int64_t> offsets;
    for (int64_t line = 0; line < lines; ++line)
      for (int64_t i = 0; i < pixels; ++i)
        offsets.push_back(line * strideY * row + i * strideX * pixel);
    return offsets;
  }
  /// All pixels at one distance.
  bool isDense(int64_t images, int64_t height, int64_t width) const {
    return (height == 1 || row == width * pixel) &&
           (images == 1 || image == height * width * pixel);
  }
};

} // namespace qcc

#endif // PASSES_LOWERCPU_PIXELSTRIDES_H
