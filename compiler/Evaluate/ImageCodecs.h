// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The two decoders behind decodeImage. Their libraries report errors with
// longjmp, which stays inside one function of each source.

#ifndef QCC_COMPILER_EVALUATE_IMAGECODECS_H
#define QCC_COMPILER_EVALUATE_IMAGECODECS_H

#include "compiler/Evaluate/Image.h"

#include <string>

namespace qcc::evaluate {

/// Larger pictures are taken for an attack; Pillow warns at this size.
constexpr int64_t largestImagePixels = 89478485;

/// Each returns what is wrong, or nothing.
std::string decodeJpeg(llvm::ArrayRef<uint8_t> bytes, Image &image);
std::string decodePng(llvm::ArrayRef<uint8_t> bytes, Image &image);

/// `expected at most ... pixels, but got ...`, or nothing.
std::string checkImageSize(int64_t width, int64_t height);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_IMAGECODECS_H
