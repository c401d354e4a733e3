// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pictures: JPEG and PNG to RGB bytes, and Pillow's antialiased bilinear
// resize, bit for bit, because models are trained and measured with it.

#ifndef QCC_COMPILER_EVALUATE_IMAGE_H
#define QCC_COMPILER_EVALUATE_IMAGE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace qcc::evaluate {

/// Rows of RGB bytes, no padding.
struct Image {
  int64_t width = 0;
  int64_t height = 0;
  std::vector<uint8_t> pixels;
};

/// JPEG or PNG, told apart by the first bytes. `name` is for errors.
llvm::Expected<Image> decodeImage(llvm::ArrayRef<uint8_t> bytes,
                                  llvm::StringRef name);
llvm::Expected<Image> readImage(llvm::StringRef path);
/// True for the file names qcc takes for pictures: .jpg, .jpeg, .png.
bool hasImageExtension(llvm::StringRef path);

Image resizeBilinear(const Image &image, int64_t width, int64_t height);
/// The rectangle must lie inside the picture.
Image cropImage(const Image &image, int64_t left, int64_t top, int64_t width,
                int64_t height);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_IMAGE_H
