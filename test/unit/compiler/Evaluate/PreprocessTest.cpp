// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The --preprocess flag, its mistakes, and its arithmetic.

#include "compiler/Evaluate/Preprocess.h"

#include "gtest/gtest.h"

using namespace llvm;
using namespace qcc::evaluate;

static std::string errorOf(StringRef text) {
  auto preprocess = parsePreprocess(text);
  return preprocess ? "no error" : toString(preprocess.takeError());
}

static Image makePixels(int64_t width, int64_t height,
                        std::vector<uint8_t> pixels) {
  return {width, height, std::move(pixels)};
}

TEST(Preprocess, ParsesTheWholeFlag) {
  Preprocess preprocess = cantFail(parsePreprocess(
      "resize=256,crop=224,mean=123.675:116.28:103.53,std=58.395:57.12:57.375,"
      "channels=bgr,layout=nhwc,filter=bilinear"));
  EXPECT_EQ(preprocess.resize, 256);
  EXPECT_EQ(preprocess.crop, 224);
  EXPECT_EQ(preprocess.mean[2], 103.53f);
  EXPECT_EQ(preprocess.deviation[0], 58.395f);
  EXPECT_EQ(preprocess.channels, ChannelOrder::Bgr);
  EXPECT_EQ(preprocess.layout, ImageLayout::Nhwc);
}

TEST(Preprocess, HasDefaults) {
  Preprocess preprocess = cantFail(parsePreprocess("mean=127.5"));
  EXPECT_EQ(preprocess.resize, 0);
  EXPECT_EQ(preprocess.mean[2], 127.5f);
  EXPECT_EQ(preprocess.deviation[1], 1.0f);
}

TEST(Preprocess, RefusesMistakes) {
  EXPECT_EQ(errorOf("resize=0"), "--preprocess: expected a size from 1 to "
                                 "16384 for resize, but got '0'");
  EXPECT_EQ(errorOf("size=3"), "--preprocess: expected resize, crop, mean, "
                               "std, channels, layout or filter, but got "
                               "'size'");
  for (const char *text :
       {"crop", "crop=-1", "crop=99999", "mean=1:2", "mean=x", "mean=nan",
        "mean=1e99", "std=0", "std=1:0:1", "channels=cmyk", "layout=chw",
        "filter=nearest"})
    EXPECT_EQ(errorOf(text).find("--preprocess: expected "), 0u) << text;
}

TEST(Preprocess, NormalizesIntoPlanes) {
  Image image = makePixels(2, 1, {10, 20, 30, 40, 50, 60});
  auto values = [&](StringRef flag) {
    Preprocess preprocess = cantFail(parsePreprocess(flag));
    Array array = cantFail(preprocessImage(image, preprocess, "a"));
    return std::pair(array.shape, array.values<float>().vec());
  };
  EXPECT_EQ(values("mean=10:20:30,std=2"),
            std::pair(std::vector<int64_t>({1, 3, 1, 2}),
                      std::vector<float>({0, 15, 0, 15, 0, 15})));
  EXPECT_EQ(values("layout=nhwc").second,
            std::vector<float>({10, 20, 30, 40, 50, 60}));
  // The mean belongs to the color, and moves with it.
  EXPECT_EQ(values("layout=nhwc,channels=bgr,mean=10:0:0").second,
            std::vector<float>({30, 20, 0, 60, 50, 30}));
  // 0.299 R + 0.587 G + 0.114 B.
  EXPECT_EQ(values("channels=gray"),
            std::pair(std::vector<int64_t>({1, 1, 1, 2}),
                      std::vector<float>({18, 48})));
}

// 5 x 3 to a short side of 2: round(5 * 2 / 3) = 3 wide; half to even.
TEST(Preprocess, RoundsTheLongSide) {
  auto shape = [](int64_t width, int64_t height, StringRef flag) {
    Image image =
        makePixels(width, height, std::vector<uint8_t>(width * height * 3));
    Preprocess preprocess = cantFail(parsePreprocess(flag));
    return cantFail(preprocessImage(image, preprocess, "a")).shape;
  };
  EXPECT_EQ(shape(5, 3, "resize=2"), std::vector<int64_t>({1, 3, 2, 3}));
  EXPECT_EQ(shape(5, 2, "resize=1"), std::vector<int64_t>({1, 3, 1, 2}));
  EXPECT_EQ(shape(2, 7, "resize=1"), std::vector<int64_t>({1, 3, 4, 1}));
}

TEST(Preprocess, CropsTheCentre) {
  Image image = makePixels(4, 1, {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3});
  Preprocess preprocess = cantFail(parsePreprocess("crop=1"));
  Array array = cantFail(preprocessImage(image, preprocess, "a"));
  EXPECT_EQ(array.values<float>()[0], 1.0f);
  preprocess.crop = 2;
  EXPECT_EQ(toString(preprocessImage(image, preprocess, "a").takeError()),
            "a: expected at least 2 x 2 pixels to crop from, but got 4 x 1 "
            "(set resize in --preprocess)");
}

TEST(Preprocess, RefusesToInflateAStrip) {
  Image image = makePixels(30000, 1, std::vector<uint8_t>(90000));
  Preprocess preprocess = cantFail(parsePreprocess("resize=16384"));
  EXPECT_EQ(toString(preprocessImage(image, preprocess, "a").takeError())
                .find("a: after resizing, expected 1 to 89478485 pixels"),
            0u);
}
