// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All or nothing, also on a full disk.

#include "compiler/Evaluate/OutputFile.h"

#include "test/unit/compiler/Evaluate/TemporaryFolder.h"

#include "llvm/Support/MemoryBuffer.h"

#include "gtest/gtest.h"

using namespace llvm;
using namespace qcc::evaluate;

static std::string readFile(const std::string &path) {
  auto file = MemoryBuffer::getFile(path);
  return file ? (*file)->getBuffer().str() : "nothing";
}

TEST(OutputFile, ReplacesContents) {
  TemporaryFolder folder;
  std::string path = folder.write("a", "old and long");
  ASSERT_FALSE(writeFile(path, "new"));
  EXPECT_EQ(readFile(path), "new");
}

TEST(OutputFile, LeavesTheOldFileOnFailure) {
  TemporaryFolder folder;
  std::string path = folder.write("a", "old");
  std::string temporary;
  Error error = replaceFile(path, [&](StringRef name) {
    temporary = name.str();
    folder.write(sys::path::filename(name), "half");
    return createStringError(Twine("no space"));
  });
  EXPECT_EQ(toString(std::move(error)), "no space");
  EXPECT_EQ(readFile(path), "old");
  EXPECT_FALSE(sys::fs::exists(temporary));
}

TEST(OutputFile, ReportsAFullDisk) {
  if (!sys::fs::exists("/dev/full"))
    GTEST_SKIP() << "needs /dev/full";
  EXPECT_EQ(toString(writeFile("/dev/full", "text")),
            "/dev/full: expected a writable file, but got No space left on "
            "device");
  sys::fs::file_status status;
  ASSERT_FALSE(sys::fs::status("/dev/full", status));
  EXPECT_EQ(status.type(), sys::fs::file_type::character_file);
}

TEST(OutputFile, ReportsAMissingFolder) {
  EXPECT_EQ(toString(writeFile("/nonexistent/a", "text")),
            "/nonexistent/a: expected a writable file, but got No such file "
            "or directory");
}
