// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files as the format's library writes them, files of an index, and each way
// in which a header can lie.

#include "compiler/Import/Safetensors/SafetensorsReader.h"

#include "test/unit/compiler/Evaluate/TemporaryFolder.h"
#include "test/unit/compiler/Import/SafetensorsBytes.h"

#include "gtest/gtest.h"

using namespace qcc;
using evaluate::TemporaryFolder;

/// Empty, or the message without the file's name.
static std::string refuse(const std::string &bytes) {
  auto file = llvm::MemoryBuffer::getMemBufferCopy(bytes, "a");
  auto entries = readSafetensors(*file);
  if (entries)
    return "";
  std::string message = llvm::toString(entries.takeError());
  EXPECT_EQ(message.substr(0, 3), "a: ");
  return message.substr(3);
}

/// The message for a file whose one tensor is `entry`, with `size` bytes.
static std::string refuseEntry(const std::string &entry, size_t size = 4) {
  return refuse(
      frameSafetensors("{\"x\":" + entry + "}", std::string(size, '\0')));
}

TEST(SafetensorsReader, ReadsTensorsInPlace) {
  SafetensorsWriter writer;
  writer.add<float>("a", "F32", {2, 1}, {1, 2});
  writer.add<uint16_t>("b", "BF16", {}, {0x3f80});
  writer.add<float>("empty", "F32", {0, 7}, {});
  auto checkpoint =
      llvm::cantFail(SafetensorsCheckpoint::openBuffer(writer.buffer()));
  EXPECT_EQ(checkpoint.names(),
            std::vector<llvm::StringRef>({"a", "b", "empty"}));
  const SafetensorsTensor *a = checkpoint.find("a");
  ASSERT_TRUE(a);
  EXPECT_EQ(getName(a->type), "F32");
  EXPECT_EQ(a->shape, std::vector<int64_t>({2, 1}));
  EXPECT_EQ(a->bytes.size(), 8u);
  llvm::StringRef file = checkpoint.files()[0]->getBuffer();
  EXPECT_EQ(a->bytes.data(), file.end() - 10);
  EXPECT_TRUE(checkpoint.find("b")->shape.empty());
  EXPECT_FALSE(checkpoint.find("c"));
}

TEST(SafetensorsReader, TakesMetadataAndBlanks) {
  EXPECT_EQ(
      refuse(frameSafetensors(R"({"__metadata__":{"format":"pt"}}    )", "")),
      "");
}

TEST(SafetensorsReader, RefusesBadFrames) {
  EXPECT_EQ(refuse("1234"), "expected 8 bytes before the header, but got 4");
  std::string size(8, '\xff');
  EXPECT_EQ(refuse(size + "{}"), "expected a header of at most 2 bytes, but "
                                 "got 18446744073709551615");
  EXPECT_EQ(refuse(frameSafetensors(" {}", "")),
            "expected a header that begins with '{', but got another");
  EXPECT_EQ(refuse(frameSafetensors("{}", "1")),
            "expected 0 bytes of data, but got 1");
  std::string deep(100000, '[');
  EXPECT_EQ(refuse(frameSafetensors("{\"a\":" + deep, "")),
            "header: expected JSON of at most 64 levels, but got 100001");
}

TEST(SafetensorsReader, RefusesBadEntries) {
  EXPECT_EQ(refuseEntry("3"), "tensor 'x': expected an object, but got 3");
  EXPECT_EQ(refuseEntry(R"({"dtype":"F31"})"),
            "tensor 'x': expected a known 'dtype', but got \"F31\"");
  EXPECT_EQ(refuseEntry(R"({"dtype":"F32","shape":[-1]})"),
            "tensor 'x': expected a count, but got -1");
  EXPECT_EQ(refuseEntry(R"({"dtype":"F32","shape":[4294967296,4294967296]})"),
            "tensor 'x': expected a size below 2^61 bytes, but got shape "
            "[4294967296, 4294967296]");
  EXPECT_EQ(refuseEntry(R"({"dtype":"F4","shape":[3]})"),
            "tensor 'x': expected whole bytes, but got 12 bits");
  EXPECT_EQ(refuseEntry(R"({"dtype":"U8","shape":[4],"data_offsets":[0]})"),
            "tensor 'x': expected two 'data_offsets', but got a list of 1");
  EXPECT_EQ(refuseEntry(R"({"dtype":"U8","shape":[5],"data_offsets":[0,5]})"),
            "tensor 'x': expected bytes inside the 4 of the data, but got 0 "
            "to 5");
  EXPECT_EQ(refuseEntry(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})"),
            "tensor 'x': expected 8 bytes for F32 [2], but got 4");
}

TEST(SafetensorsReader, RefusesHolesOverlapsAndRepetitions) {
  EXPECT_EQ(refuseEntry(R"({"dtype":"U8","shape":[3],"data_offsets":[1,4]})"),
            "tensor 'x': expected to begin at 0, but got 1");
  EXPECT_EQ(refuse(frameSafetensors(
                R"({"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                R"("y":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                "123")),
            "tensor 'y': expected to begin at 2, but got 1");
  EXPECT_EQ(refuse(frameSafetensors(
                R"({"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                R"("x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                "1")),
            "header: expected every key once, but got 4 of them again");
}

TEST(SafetensorsReader, FollowsTheIndex) {
  TemporaryFolder folder;
  SafetensorsWriter one, two;
  one.add<float>("a", "F32", {1}, {1});
  two.add<float>("b", "F32", {1}, {2});
  folder.write("1.safetensors", one.bytes());
  folder.write("2.safetensors", two.bytes());
  auto open = [&](const std::string &map) -> std::string {
    std::string path = folder.write("model.safetensors.index.json",
                                    "{\"weight_map\":" + map + "}");
    auto checkpoint = SafetensorsCheckpoint::open(folder.file(""));
    if (!checkpoint) {
      std::string message = llvm::toString(checkpoint.takeError());
      return message.substr(message.find(".json: ") + 7);
    }
    return std::to_string(checkpoint->names().size()) + " in " +
           std::to_string(checkpoint->files().size());
  };
  EXPECT_EQ(open(R"({"a":"1.safetensors","b":"2.safetensors"})"), "2 in 2");
  EXPECT_EQ(open(R"({"b":"1.safetensors"})"),
            "expected tensor 'b' in '1.safetensors', but got a file without "
            "it");
  for (std::string bad : {"../1.safetensors", "/etc/passwd", "..", ""})
    EXPECT_EQ(open("{\"a\":\"" + bad + "\"}"),
              "tensor 'a': expected a file beside the index, but got \"" + bad +
                  "\"");
  EXPECT_EQ(open("[]"),
            "expected an object as 'weight_map', but got a list of 0");
}

TEST(SafetensorsReader, FindsTheOnlyFile) {
  TemporaryFolder folder;
  SafetensorsWriter writer;
  writer.add<float>("a", "F32", {1}, {1});
  folder.write("gptq-4bit.safetensors", writer.bytes());
  EXPECT_TRUE(
      llvm::cantFail(SafetensorsCheckpoint::open(folder.file(""))).find("a"));
  folder.write("other.safetensors", writer.bytes());
  auto two = SafetensorsCheckpoint::open(folder.file(""));
  ASSERT_FALSE(bool(two));
  EXPECT_NE(llvm::toString(two.takeError())
                .find("expected model.safetensors, its index or one other "
                      ".safetensors file, but got 2 of them"),
            std::string::npos);
}
