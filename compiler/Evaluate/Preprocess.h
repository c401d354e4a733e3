// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a picture to a model's input: the `--preprocess` flag of qcc, qcc-run
// and qcc-eval.

#ifndef QCC_COMPILER_EVALUATE_PREPROCESS_H
#define QCC_COMPILER_EVALUATE_PREPROCESS_H

#include "compiler/Evaluate/Image.h"
#include "compiler/Evaluate/NpyFile.h"

#include <array>

namespace qcc::evaluate {

enum class ChannelOrder { Rgb, Bgr, Gray };
enum class ImageLayout { Nchw, Nhwc };

/// Applied in this order, on pixels 0..255: mean and deviation are those of
/// red, green and blue even if the channels are then turned round. Gray is
/// made first, and takes the first mean and deviation.
struct Preprocess {
  int64_t resize = 0; ///< Length of the short side; 0 keeps the size.
  int64_t crop = 0;   ///< Side of the centre square; 0 keeps all.
  std::array<float, 3> mean = {0, 0, 0};
  std::array<float, 3> deviation = {1, 1, 1};
  ChannelOrder channels = ChannelOrder::Rgb;
  ImageLayout layout = ImageLayout::Nchw;
};

/// Reads `resize=256,crop=224,mean=a:b:c,std=a:b:c,channels=rgb,layout=nchw,
/// filter=bilinear`; each part is optional, and a single number stands for
/// all channels.
llvm::Expected<Preprocess> parsePreprocess(llvm::StringRef text);

/// An f32 array of shape [1, 3, h, w] or [1, h, w, 3] (1 channel for gray).
llvm::Expected<Array> preprocessImage(const Image &image,
                                      const Preprocess &preprocess,
                                      llvm::StringRef name);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_PREPROCESS_H
