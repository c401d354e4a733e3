// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole files: values of all types, tensors in place, and files in parts.

#include "compiler/Import/Gguf/GgufReader.h"

#include "test/unit/compiler/Import/GgufBytes.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "gtest/gtest.h"

#include <filesystem>
#include <fstream>

using namespace qcc;

TEST(GgufReader, ReadsValuesOfAllWidths) {
  GgufBytes bytes;
  bytes.addRaw("u8", 0, "\xff").addRaw("i8", 1, "\xff");
  bytes.addRaw("u16", 2, "\xff\xff").addRaw("i16", 3, "\xff\xff");
  bytes.addRaw("u32", 4, "\xff\xff\xff\xff")
      .addRaw("i32", 5, "\xff\xff\xff\xff");
  bytes.add("f32", 0.5f).addRaw("bool", 7, "\x01").add("text", "qcc");
  bytes.addRaw("u64", 10, toBytes(~uint64_t(0)));
  bytes.addRaw("i64", 11, toBytes(int64_t(-7)));
  bytes.addRaw("f64", 12, toBytes(0.25));
  GgufFile file = llvm::cantFail(readGguf(bytes.build()));
  EXPECT_EQ(print(file.getInteger("u8")), "255");
  EXPECT_EQ(print(file.getInteger("i8")), "-1");
  EXPECT_EQ(print(file.getInteger("u16")), "65535");
  EXPECT_EQ(print(file.getInteger("i16")), "-1");
  EXPECT_EQ(print(file.getInteger("u32")), "4294967295");
  EXPECT_EQ(print(file.getInteger("i32")), "-1");
  EXPECT_EQ(print(file.getInteger("i64")), "-7");
  EXPECT_EQ(llvm::cantFail(file.getFloat("f32")), 0.5);
  EXPECT_EQ(llvm::cantFail(file.getFloat("f64")), 0.25);
  EXPECT_EQ(llvm::cantFail(file.getFloat("u8")), 255);
  EXPECT_TRUE(llvm::cantFail(file.getBool("bool")));
  EXPECT_EQ(print(file.getString("text")), "qcc");
  EXPECT_EQ(print(file.getInteger("u64")),
            "key 'u64': expected an integer below 2^63, but got type u64");
  EXPECT_EQ(print(file.getInteger("none")),
            "key 'none': expected an integer below 2^63, but got none");
  EXPECT_EQ(print(file.getString("u8")),
            "key 'u8': expected a string, but got type u8");
  EXPECT_FALSE(file.has("none"));
}

TEST(GgufReader, ReadsArrays) {
  GgufBytes bytes;
  bytes.addArray("words", 8, 2, toGgufString("a") + toGgufString(""));
  bytes.addArray("shorts", 3, 2, "\x01\x02\xff\xff");
  bytes.addArray("flags", 7, 3, std::string("\0\1\1", 3));
  bytes.addArray("floats", 6, 1, toBytes(1.5f));
  // Two arrays, of one byte and of one word.
  bytes.addArray("nested", 9, 2,
                 toBytes(uint32_t(0)) + toBytes(uint64_t(1)) + "x" +
                     toBytes(uint32_t(8)) + toBytes(uint64_t(1)) +
                     toGgufString("y"));
  GgufFile file = llvm::cantFail(readGguf(bytes.build()));
  EXPECT_EQ(llvm::cantFail(file.getStrings("words")),
            (std::vector<llvm::StringRef>{"a", ""}));
  EXPECT_EQ(llvm::cantFail(file.getIntegers("shorts")),
            (std::vector<int64_t>{513, -1}));
  EXPECT_EQ(llvm::cantFail(file.getIntegers("flags")),
            (std::vector<int64_t>{0, 1, 1}));
  EXPECT_EQ(llvm::cantFail(file.getFloats("floats")),
            (std::vector<float>{1.5f}));
  EXPECT_EQ(llvm::toString(file.getStrings("nested").takeError()),
            "key 'nested': expected an array of strings, but got an array of "
            "array");
  EXPECT_EQ(print(file.getString("words")),
            "key 'words': expected a string, but got an array of string");
}

TEST(GgufReader, FindsTensorsWhereTheyAre) {
  GgufBytes bytes;
  bytes.alignment = 64;
  bytes.add("general.alignment", 64u);
  bytes.addFloats("a", {3}, 1).addFloats("b", {2, 2}, 5);
  bytes.addTensor("c", {32, 3}, 2, std::string(54, 'q'));
  GgufFile file = llvm::cantFail(readGguf(bytes.build()));
  ASSERT_EQ(file.getTensors().size(), 3u);
  const GgufTensor *b = file.findTensor("b");
  ASSERT_TRUE(b);
  EXPECT_EQ(b->dimensions, (llvm::SmallVector<int64_t, 4>{2, 2}));
  float first;
  std::memcpy(&first, b->bytes.data(), sizeof(first));
  EXPECT_EQ(first, 5.0f);
  EXPECT_EQ(llvm::cantFail(getBlockFormat(*file.findTensor("c"))),
            BlockFormat::Q4_0);
  EXPECT_EQ(file.findTensor("c")->bytes.size(), 54u);
  EXPECT_FALSE(file.findTensor("d"));
}

// Version 2 has the same layout.
TEST(GgufReader, ReadsVersion2) {
  GgufBytes bytes;
  bytes.version = 2;
  EXPECT_EQ(getGgufError(bytes.add("a", 1u).build()), "");
}

namespace {

/// Writes model-0000i-of-00002.gguf, with one tensor each.
class GgufPartsTest : public testing::Test {
protected:
  void SetUp() override {
    llvm::SmallString<128> path;
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("gguf", path));
    folder = path.str().str();
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void write(int number, llvm::StringRef tensor, uint32_t count = 2) {
    GgufBytes bytes;
    bytes.add("split.no", uint32_t(number - 1)).add("split.count", count);
    bytes.add("split.tensors.count", 2u);
    bytes.addFloats(tensor, {2}, static_cast<float>(number));
    std::ofstream(getPath(number), std::ios::binary) << bytes.build();
  }
  std::string getPath(int number) const {
    return folder + "/model-0000" + std::to_string(number) + "-of-00002.gguf";
  }
  /// Names of all tensors, or the message.
  std::string read(const std::string &path) {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    auto file = GgufFile::read(std::move(*buffer));
    if (!file)
      return llvm::toString(file.takeError());
    std::string names;
    for (const GgufTensor &tensor : file->getTensors())
      names += tensor.name.str() + " ";
    return names + std::to_string(file->getFiles().size());
  }

  std::string folder;
};

} // namespace

TEST_F(GgufPartsTest, AreJoined) {
  write(1, "a");
  write(2, "b");
  EXPECT_EQ(read(getPath(1)), "a b 2");
}

TEST_F(GgufPartsTest, MustAgree) {
  write(1, "a");
  EXPECT_EQ(read(getPath(1)), "expected the file 'model-00002-of-00002.gguf' "
                              "beside it, but got none");
  write(2, "a");
  EXPECT_EQ(read(getPath(1)), "'model-00002-of-00002.gguf': tensor 'a': "
                              "expected it once, but got it twice");
  write(2, "b", 3);
  EXPECT_EQ(read(getPath(1)), "'model-00002-of-00002.gguf': key 'split.count': "
                              "expected 2, but got 3");
  write(2, "b");
  EXPECT_EQ(read(getPath(2)), "key 'split.no': expected 0, but got 1");
  std::filesystem::rename(getPath(1), folder + "/model.gguf");
  EXPECT_EQ(read(folder + "/model.gguf"),
            "expected a file name that ends in '-00001-of-00002.gguf', but got "
            "'model.gguf'");
}
