// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Opening, cropping and resizing pictures.
//
// The resize is Pillow's: a triangle filter as wide as the shrink factor, its
// weights in fixed point with 22 fraction bits, rows first, then columns, with
// rounding to 8 bits in between. A float resize differs by one unit in a few
// percent of the pixels, which is enough to move a prediction.

#include "compiler/Evaluate/Image.h"

#include "compiler/Evaluate/ImageCodecs.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

using namespace llvm;

namespace qcc::evaluate {

static constexpr int64_t channelCount = 3;
static constexpr int fractionBits = 22;

std::string checkImageSize(int64_t width, int64_t height) {
  if (width > 0 && height > 0 && height <= largestImagePixels / width)
    return {};
  return "expected 1 to " + std::to_string(largestImagePixels) +
         " pixels, but got " + std::to_string(width) + " x " +
         std::to_string(height);
}

bool hasImageExtension(StringRef path) {
  StringRef extension = sys::path::extension(path);
  return extension.equals_insensitive(".jpg") ||
         extension.equals_insensitive(".jpeg") ||
         extension.equals_insensitive(".png");
}

Expected<Image> decodeImage(ArrayRef<uint8_t> bytes, StringRef name) {
  StringRef start = toStringRef(bytes.take_front(4));
  Image image;
  std::string wrong;
  if (start.starts_with("\xff\xd8\xff"))
    wrong = decodeJpeg(bytes, image);
  else if (start == "\x89PNG")
    wrong = decodePng(bytes, image);
  else
    wrong =
        "expected a JPEG or PNG picture, but got a file that starts with '" +
        toHex(start, true) + "'";
  if (!wrong.empty())
    return createStringError(Twine(name) + ": " + wrong);
  return image;
}

Expected<Image> readImage(StringRef path) {
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false,
                                    /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError(
        Twine(path) +
        ": expected a readable file, but got " + file.getError().message());
  return decodeImage(arrayRefFromStringRef((*file)->getBuffer()), path);
}

Image cropImage(const Image &image, int64_t left, int64_t top, int64_t width,
                int64_t height) {
  assert(left >= 0 && top >= 0 && left + width <= image.width &&
         top + height <= image.height && "the crop leaves the picture");
  Image result{width, height, {}};
  result.pixels.resize(width * height * channelCount);
  for (int64_t y = 0; y < height; ++y)
    memcpy(&result.pixels[y * width * channelCount],
           &image.pixels[((top + y) * image.width + left) * channelCount],
           width * channelCount);
  return result;
}

namespace {

/// The weights of one output position over consecutive input positions.
struct Filter {
  int64_t first = 0;
  std::vector<int32_t> weights;
};

} // namespace

static std::vector<Filter> makeFilters(int64_t inputSize, int64_t outputSize) {
  double scale = double(inputSize) / double(outputSize);
  // Enlarging interpolates; shrinking averages over what each pixel covers.
  double support = std::max(scale, 1.0);
  double inverse = 1.0 / support;
  std::vector<Filter> filters(outputSize);
  for (int64_t position = 0; position < outputSize; ++position) {
    double center = (double(position) + 0.5) * scale;
    auto first = std::max<int64_t>(int64_t(center - support + 0.5), 0);
    auto end = std::min<int64_t>(int64_t(center + support + 0.5), inputSize);
    std::vector<double> weights;
    double sum = 0;
    for (int64_t i = first; i < end; ++i) {
      double distance = std::abs((double(i) - center + 0.5) * inverse);
      weights.push_back(distance < 1 ? 1 - distance : 0);
      sum += weights.back();
    }
    filters[position].first = first;
    for (double weight : weights) {
      double share = sum != 0 ? weight / sum : weight;
      filters[position].weights.push_back(
          int32_t(0.5 + share * (1 << fractionBits)));
    }
  }
  return filters;
}

/// One output pixel; `step` bytes lie between neighbours along the filter.
static void applyFilter(const Filter &filter, const uint8_t *pixels,
                        int64_t step, uint8_t *result) {
  const uint8_t *pixel = pixels + filter.first * step;
  int32_t sums[channelCount];
  std::fill_n(sums, channelCount, 1 << (fractionBits - 1));
  for (int32_t weight : filter.weights) {
    for (int64_t channel = 0; channel < channelCount; ++channel)
      sums[channel] += pixel[channel] * weight;
    pixel += step;
  }
  for (int64_t channel = 0; channel < channelCount; ++channel)
    result[channel] = std::clamp(sums[channel] >> fractionBits, 0, 255);
}

static Image resizeRows(const Image &image, int64_t width) {
  Image result{width, image.height, {}};
  result.pixels.resize(width * image.height * channelCount);
  std::vector<Filter> filters = makeFilters(image.width, width);
  for (int64_t y = 0; y < image.height; ++y)
    for (int64_t x = 0; x < width; ++x)
      applyFilter(filters[x], &image.pixels[y * image.width * channelCount],
                  channelCount, &result.pixels[(y * width + x) * channelCount]);
  return result;
}

static Image resizeColumns(const Image &image, int64_t height) {
  Image result{image.width, height, {}};
  result.pixels.resize(image.width * height * channelCount);
  std::vector<Filter> filters = makeFilters(image.height, height);
  int64_t rowBytes = image.width * channelCount;
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < image.width; ++x)
      applyFilter(filters[y], &image.pixels[x * channelCount], rowBytes,
                  &result.pixels[y * rowBytes + x * channelCount]);
  return result;
}

Image resizeBilinear(const Image &image, int64_t width, int64_t height) {
  // A pass that would change nothing is skipped, as Pillow does.
  Image result = image.width == width ? image : resizeRows(image, width);
  return image.height == height ? result : resizeColumns(result, height);
}

} // namespace qcc::evaluate
