// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decoders and the resize, against what Pillow 11 makes of the same bytes.

#include "compiler/Evaluate/Image.h"

#include "test/unit/compiler/Evaluate/TemporaryFolder.h"

#include "gtest/gtest.h"

using namespace llvm;
using namespace qcc::evaluate;

/// Byte (x, y, c) is x*37 + y*91 + c*53 + x*y*7, modulo 256.
static Image makePicture(int64_t width, int64_t height) {
  Image image{width, height, {}};
  for (int64_t y = 0; y < height; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int64_t c = 0; c < 3; ++c)
        image.pixels.push_back(
            static_cast<uint8_t>(x * 37 + y * 91 + c * 53 + x * y * 7));
  return image;
}

static const char *grayJpeg =
    "ffd8ffe000104a46494600010100000100010000ffdb00430003020203020203030303"
    "04030304050805050404050a070706080c0a0c0c0b0a0b0b0d0e12100d0e110e0b0b10"
    "16101113141515150c0f171816141812141514ffc0000b080002000201011100ffc400"
    "14000100000000000000000000000000000008ffc4001e100002020202030000000000"
    "00000000000103020405070611000821ffda0008010100003f006fe9df5eb55ddd45c1"
    "ec58d69c3def6e0e8b18d6e06aca5391af0264495f6493f7bf3fffd9";
static const char *rgbPng =
    "89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d0000"
    "001c4944415478da636430cd525555555555658c9e705447474747470700275d0438fb"
    "df45130000000049454e44ae426082";
/// Pixels 0 1 / 2 1 of a palette whose color 1 is transparent.
static const char *palettePng =
    "89504e470d0a1a0a0000000d49484452000000020000000202030000000fd8e5b70000"
    "0009504c54450a141e28323c46505a16ac84740000000274524e53ff00e5b7304a0000"
    "000c4944415478da63106098000000c400a128a1693a0000000049454e44ae426082";

TEST(Image, ShrinksAsPillowDoes) {
  Image image = resizeBilinear(makePicture(11, 7), 4, 3);
  EXPECT_EQ(image.pixels,
            std::vector<uint8_t>(
                {109, 131, 142, 121, 134, 144, 121, 126, 136, 117, 128, 139,
                 123, 136, 130, 143, 138, 131, 137, 130, 123, 126, 131, 125,
                 112, 151, 120, 130, 133, 113, 140, 140, 120, 130, 132, 101}));
}

TEST(Image, EnlargesAsPillowDoes) {
  Image image = resizeBilinear(makePicture(3, 2), 5, 4);
  EXPECT_EQ(image.pixels,
            std::vector<uint8_t>(
                {0,   53,  106, 15,  68,  121, 37,  90,  143, 59,  112, 165,
                 74,  127, 180, 23,  76,  129, 39,  92,  145, 62,  115, 168,
                 85,  138, 152, 100, 153, 142, 68,  121, 174, 86,  139, 192,
                 111, 164, 217, 136, 189, 127, 153, 206, 67,  91,  144, 197,
                 109, 162, 215, 135, 188, 241, 161, 214, 114, 179, 232, 29}));
}

TEST(Image, KeepsItsSizeExactly) {
  Image image = makePicture(11, 7);
  EXPECT_EQ(resizeBilinear(image, 11, 7).pixels, image.pixels);
}

TEST(Image, KeepsAConstant) {
  Image image{50, 40, std::vector<uint8_t>(50 * 40 * 3, 200)};
  for (uint8_t pixel : resizeBilinear(image, 13, 77).pixels)
    ASSERT_EQ(pixel, 200);
}

TEST(Image, Crops) {
  Image image = cropImage(makePicture(5, 4), 1, 2, 3, 1);
  Image whole = makePicture(5, 4);
  auto first = whole.pixels.begin() + (2 * 5 + 1) * 3;
  EXPECT_EQ(image.pixels, std::vector<uint8_t>(first, first + 9));
}

TEST(Image, DecodesJpeg) {
  Image image = cantFail(decodeImage(bytesOf(grayJpeg), "a.jpg"));
  EXPECT_EQ(image.width, 2);
  EXPECT_EQ(image.pixels, std::vector<uint8_t>({0, 0, 0, 55, 55, 55, 107, 107,
                                                107, 245, 245, 245}));
}

TEST(Image, DecodesPng) {
  Image image = cantFail(decodeImage(bytesOf(rgbPng), "a.png"));
  EXPECT_EQ(image.pixels, makePicture(3, 2).pixels);
  image = cantFail(decodeImage(bytesOf(palettePng), "a.png"));
  EXPECT_EQ(image.pixels, std::vector<uint8_t>({10, 20, 30, 40, 50, 60, 70, 80,
                                                90, 40, 50, 60}));
}

TEST(Image, RefusesOtherFiles) {
  EXPECT_EQ(toString(decodeImage(bytesOf("474946383961"), "a.gif").takeError()),
            "a.gif: expected a JPEG or PNG picture, but got a file that starts "
            "with '47494638'");
  EXPECT_EQ(toString(decodeImage({}, "a.png").takeError()),
            "a.png: expected a JPEG or PNG picture, but got a file that starts "
            "with ''");
}

TEST(Image, RefusesEveryTruncation) {
  for (const char *hexadecimal : {grayJpeg, rgbPng, palettePng}) {
    std::vector<uint8_t> bytes = bytesOf(hexadecimal);
    // A JPEG may end early within its last two bytes, the end marker.
    for (size_t size = 0; size + 2 < bytes.size(); ++size) {
      auto image = decodeImage(ArrayRef(bytes).take_front(size), "a");
      if (image) {
        EXPECT_EQ(hexadecimal, grayJpeg) << size;
        continue;
      }
      std::string message = toString(image.takeError());
      EXPECT_EQ(message.find("a: expected a "), 0u) << message;
    }
  }
}

TEST(Image, SurvivesChangedBytes) {
  for (const char *hexadecimal : {grayJpeg, rgbPng, palettePng}) {
    std::vector<uint8_t> bytes = bytesOf(hexadecimal);
    for (size_t place = 0; place < bytes.size(); ++place) {
      std::vector<uint8_t> damaged = bytes;
      damaged[place] ^= 0xff;
      if (auto image = decodeImage(damaged, "a"); !image)
        consumeError(image.takeError());
    }
  }
}

TEST(Image, RefusesMorePixelsThanFit) {
  std::vector<uint8_t> bytes = bytesOf(grayJpeg);
  // Height and width in the frame header, after its length and precision.
  size_t frame = 2 + 18 + 69 + 5;
  for (size_t i = 0; i < 4; i += 2) {
    bytes[frame + i] = 60000 >> 8;
    bytes[frame + i + 1] = 60000 & 0xff;
  }
  EXPECT_EQ(toString(decodeImage(bytes, "a.jpg").takeError()),
            "a.jpg: expected a whole JPEG picture, but got expected at most "
            "89478485 pixels, but got 60000 x 60000");
}
