// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parses `--preprocess` and applies it.

#include "compiler/Evaluate/Preprocess.h"

#include "compiler/Evaluate/ImageCodecs.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <cmath>

using namespace llvm;

namespace qcc::evaluate {

static constexpr int64_t largestSide = 16384;

static Error wrongPart(StringRef key, StringRef wanted, StringRef value) {
  return createStringError(Twine("--preprocess: expected ") + wanted + " for " +
                           key + ", but got '" + value + "'");
}

static Error parseSide(StringRef key, StringRef value, int64_t &side) {
  if (value.getAsInteger(10, side) || side < 1 || side > largestSide)
    return wrongPart(key, "a size from 1 to " + std::to_string(largestSide),
                     value);
  return Error::success();
}

static Error parseNumbers(StringRef key, StringRef value,
                          std::array<float, 3> &numbers) {
  SmallVector<StringRef> parts;
  value.split(parts, ':');
  bool isValid = parts.size() == 1 || parts.size() == 3;
  for (size_t i = 0; isValid && i < numbers.size(); ++i) {
    double number = 0;
    isValid = !parts[parts.size() == 1 ? 0 : i].getAsDouble(number) &&
              std::isfinite(number);
    numbers[i] = static_cast<float>(number);
    isValid = isValid && std::isfinite(numbers[i]);
  }
  // A deviation divides.
  if (isValid && key == "std")
    isValid = std::all_of(numbers.begin(), numbers.end(),
                          [](float number) { return number != 0; });
  return isValid ? Error::success()
                 : wrongPart(key,
                             key == "std" ? "one or three numbers other than 0"
                                          : "one or three numbers",
                             value);
}

static Error parsePart(StringRef key, StringRef value, Preprocess &result) {
  if (key == "resize")
    return parseSide(key, value, result.resize);
  if (key == "crop")
    return parseSide(key, value, result.crop);
  if (key == "mean")
    return parseNumbers(key, value, result.mean);
  if (key == "std")
    return parseNumbers(key, value, result.deviation);
  if (key == "channels") {
    if (value != "rgb" && value != "bgr" && value != "gray")
      return wrongPart(key, "rgb, bgr or gray", value);
    result.channels = value == "rgb"   ? ChannelOrder::Rgb
                      : value == "bgr" ? ChannelOrder::Bgr
                                       : ChannelOrder::Gray;
    return Error::success();
  }
  if (key == "layout") {
    if (value != "nchw" && value != "nhwc")
      return wrongPart(key, "nchw or nhwc", value);
    result.layout = value == "nchw" ? ImageLayout::Nchw : ImageLayout::Nhwc;
    return Error::success();
  }
  if (key == "filter")
    return value == "bilinear" ? Error::success()
                               : wrongPart(key, "bilinear", value);
  return createStringError(
      Twine("--preprocess: expected resize, crop, mean, std, channels, ") +
      "layout or filter, but got '" + key + "'");
}

Expected<Preprocess> parsePreprocess(StringRef text) {
  Preprocess result;
  SmallVector<StringRef> parts;
  text.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    auto [key, value] = part.split('=');
    if (Error error = parsePart(key.trim(), value.trim(), result))
      return error;
  }
  return result;
}

/// Python's round and integer division, as every evaluation script uses them.
static Expected<Image>
scaleAndCrop(const Image &image, const Preprocess &preprocess, StringRef name) {
  Image result = image;
  if (preprocess.resize) {
    double scale =
        double(preprocess.resize) / double(std::min(image.width, image.height));
    auto width = int64_t(std::nearbyint(double(image.width) * scale));
    auto height = int64_t(std::nearbyint(double(image.height) * scale));
    if (std::string wrong = checkImageSize(width, height); !wrong.empty())
      return createStringError(Twine(name) + ": after resizing, " + wrong);
    result = resizeBilinear(image, width, height);
  }
  if (!preprocess.crop)
    return result;
  int64_t side = preprocess.crop;
  if (side > result.width || side > result.height)
    return createStringError(
        Twine(name) + ": expected at least " + Twine(side) + " x " +
        Twine(side) + " pixels to crop from, but got " + Twine(result.width) +
        " x " + Twine(result.height) + " (set resize in --preprocess)");
  return cropImage(result, (result.width - side) / 2,
                   (result.height - side) / 2, side, side);
}

/// Weights of the usual luma, in 16-bit fixed point as Pillow has them.
static uint8_t grayOf(const uint8_t *pixel) {
  return (pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000) >> 16;
}

static void normalize(const Image &image, const Preprocess &preprocess,
                      float *values) {
  bool isGray = preprocess.channels == ChannelOrder::Gray;
  bool isFlipped = preprocess.channels == ChannelOrder::Bgr;
  bool isPlanar = preprocess.layout == ImageLayout::Nchw;
  int64_t channels = isGray ? 1 : 3;
  int64_t area = image.width * image.height;
  for (int64_t channel = 0; channel < channels; ++channel) {
    int64_t source = isFlipped ? 2 - channel : channel;
    float mean = preprocess.mean[source];
    float deviation = preprocess.deviation[source];
    for (int64_t i = 0; i < area; ++i) {
      const uint8_t *pixel = &image.pixels[3 * i];
      float value = isGray ? grayOf(pixel) : pixel[source];
      int64_t place = isPlanar ? channel * area + i : i * channels + channel;
      values[place] = (value - mean) / deviation;
    }
  }
}

Expected<Array> preprocessImage(const Image &image,
                                const Preprocess &preprocess, StringRef name) {
  Expected<Image> scaled = scaleAndCrop(image, preprocess, name);
  if (!scaled)
    return scaled.takeError();
  int64_t channels = preprocess.channels == ChannelOrder::Gray ? 1 : 3;
  std::vector<float> values(scaled->width * scaled->height * channels);
  normalize(*scaled, preprocess, values.data());
  std::vector<int64_t> shape = {1, channels, scaled->height, scaled->width};
  if (preprocess.layout == ImageLayout::Nhwc)
    shape = {1, scaled->height, scaled->width, channels};
  return Array::make<float>(ArrayType::F32, std::move(shape), values);
}

} // namespace qcc::evaluate
