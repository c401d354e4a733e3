// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pictures from any bytes. Large ones are legal, and only slow here.

#include "compiler/Evaluate/Image.h"

using namespace llvm;
using namespace qcc::evaluate;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Expected<Image> image = decodeImage(ArrayRef<uint8_t>(data, size), "a");
  if (!image) {
    consumeError(image.takeError());
    return 0;
  }
  constexpr int64_t largestArea = 1 << 16;
  if (image->width * image->height <= largestArea)
    (void)resizeBilinear(*image, 7, 5);
  return 0;
}
