// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// External weights stay inside the model's folder and the file's size.

#include "compiler/Import/ExternalData.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

#include <filesystem>
#include <fstream>

using qcc::ExternalData;

namespace {

/// folder/model/weights.bin and, outside the model's folder, folder/other.bin.
class ExternalDataTest : public testing::Test {
protected:
  void SetUp() override {
    llvm::SmallString<128> path;
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("external", path));
    folder = path.str().str();
    std::filesystem::create_directory(folder + "/model");
    write("/model/weights.bin");
    write("/other.bin");
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void write(const std::string &name) {
    std::ofstream(folder + name) << "0123456789";
  }

  /// The bytes, or the message.
  std::string read(llvm::StringRef location, uint64_t offset,
                   uint64_t length) {
    ExternalData external(folder + "/model/model.onnx");
    auto mapped = external.read(location, offset, length);
    return mapped ? mapped->bytes.str() : llvm::toString(mapped.takeError());
  }

  std::string folder;
};

} // namespace

TEST_F(ExternalDataTest, ReadsParts) {
  EXPECT_EQ(read("weights.bin", 2, 3), "234");
  EXPECT_EQ(read("./weights.bin", 0, 10), "0123456789");
  EXPECT_EQ(read("weights.bin", 10, 0), "");
}

TEST_F(ExternalDataTest, RefusesPartsBeyondTheEnd) {
  EXPECT_EQ(read("weights.bin", 8, 3),
            "expected 3 bytes at offset 8 of 'weights.bin', but got a file of "
            "10");
  // The sum of the two wraps around.
  EXPECT_NE(read("weights.bin", ~uint64_t(0), 2).find("expected 2 bytes"),
            std::string::npos);
}

TEST_F(ExternalDataTest, StaysInTheFolder) {
  std::filesystem::create_symlink(folder + "/other.bin",
                                  folder + "/model/link.bin");
  for (std::string location :
       {std::string("../other.bin"), folder + "/model/weights.bin",
        std::string("link.bin"), std::string("none.bin"), std::string("."),
        std::string(""), std::string("weights.bin\0x", 13)})
    EXPECT_NE(read(location, 0, 1).find("expected a weight file inside"),
              std::string::npos)
        << location;
}
