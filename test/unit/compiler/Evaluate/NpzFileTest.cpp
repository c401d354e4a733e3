// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Archives: NumPy's own bytes, our own round trip, and damage of every kind.

#include "compiler/Evaluate/NpzFile.h"

#include "test/unit/compiler/Evaluate/TemporaryFolder.h"

#include "llvm/Support/MemoryBuffer.h"

#include "gtest/gtest.h"

using namespace llvm;
using namespace qcc::evaluate;

/// savez_compressed(x=arange(6, dtype=float32).reshape(2, 3)).
static std::vector<uint8_t> compressedArchive() {
  return bytesOf(
      "504b03042d0000000800000021004fe9002affffffffffffffff05001400782e6e"
      "707901001000980000000000000055000000000000009bec17ea1b10c9c850c650"
      "ad9e925a9c5ca46ea5a06e9366a2aea3a09e965f54529498179f5f94920a12774b"
      "cc294e058a17672416a402f91a463a0ac69a3a0ab50a64032e063068b007120e40"
      "04c40d40bcc00100504b01022d032d0000000800000021004fe9002a5500000098"
      "000000050000000000000000000000800100000000782e6e7079504b0506000000"
      "0001000100330000008c0000000000");
}

/// Reads every array of an archive; empty, or the first error.
static std::string readEverything(ArrayRef<uint8_t> bytes) {
  auto archive = NpzFile::openBuffer(
      MemoryBuffer::getMemBufferCopy(toStringRef(bytes), "a.npz"));
  if (!archive)
    return toString(archive.takeError());
  for (const std::string &name : (*archive)->names()) {
    auto array = (*archive)->read(name);
    if (!array)
      return toString(array.takeError());
  }
  return "";
}

TEST(NpzFile, ReadsWhatNumPyCompressed) {
  std::vector<uint8_t> bytes = compressedArchive();
  auto archive = cantFail(NpzFile::openBuffer(
      MemoryBuffer::getMemBufferCopy(toStringRef(bytes), "a.npz")));
  ASSERT_EQ(archive->names().size(), 1u);
  Array array = cantFail(archive->read("x"));
  EXPECT_EQ(array.shape, std::vector<int64_t>({2, 3}));
  EXPECT_EQ(array.values<float>(), ArrayRef<float>({0, 1, 2, 3, 4, 5}));
}

TEST(NpzFile, RoundTrips) {
  TemporaryFolder folder;
  Array first = Array::make<float>(ArrayType::F32, {2}, {1, 2});
  Array second = Array::make<int64_t>(ArrayType::S64, {1, 3}, {4, 5, 6});
  std::string longName(300, 'n');
  ASSERT_FALSE(writeNpz(folder.file("a.npz"),
                        {{"input:0", &first}, {longName, &second}}));
  auto archive = cantFail(NpzFile::open(folder.file("a.npz")));
  EXPECT_EQ(cantFail(archive->read("input:0")).bytes, first.bytes);
  EXPECT_EQ(cantFail(archive->read(longName)).bytes, second.bytes);
  EXPECT_FALSE(archive->contains("input"));
}

TEST(NpzFile, StreamsSideBySideAndAgain) {
  TemporaryFolder folder;
  Array left = Array::make<uint8_t>(ArrayType::U8, {2}, {1, 2});
  Array right = Array::make<uint8_t>(ArrayType::U8, {2}, {3, 4});
  ASSERT_FALSE(
      writeNpz(folder.file("a.npz"), {{"left", &left}, {"right", &right}}));
  auto archive = cantFail(NpzFile::open(folder.file("a.npz")));
  auto a = cantFail(archive->stream("left"));
  auto b = cantFail(archive->stream("right"));
  archive.reset();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 2; ++i) {
      uint8_t x, y;
      ASSERT_FALSE(a->read(x));
      ASSERT_FALSE(b->read(y));
      EXPECT_EQ(x, 1 + i);
      EXPECT_EQ(y, 3 + i);
    }
    ASSERT_FALSE(a->rewind());
    ASSERT_FALSE(b->rewind());
  }
}

TEST(NpzFile, ListsItsNamesWhenOneIsMissing) {
  std::vector<uint8_t> bytes = compressedArchive();
  auto archive = cantFail(NpzFile::openBuffer(
      MemoryBuffer::getMemBufferCopy(toStringRef(bytes), "a.npz")));
  EXPECT_EQ(toString(archive->read("y").takeError()),
            "a.npz: expected an array named 'y', but got 'x'");
}

TEST(NpzFile, RefusesWhatIsNoArchive) {
  EXPECT_EQ(readEverything({}), "a.npz: expected an .npz archive, but got 0 "
                                "bytes that are no zip file");
  EXPECT_NE(readEverything(bytesOf("934e554d505901")), "");
}

TEST(NpzFile, SurvivesEveryTruncation) {
  std::vector<uint8_t> bytes = compressedArchive();
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_NE(readEverything(ArrayRef(bytes).take_front(size)), "") << size;
}

// Any single byte may be anything: an error or the same data, no crash.
TEST(NpzFile, SurvivesEveryChangedByte) {
  std::vector<uint8_t> bytes = compressedArchive();
  for (size_t place = 0; place < bytes.size(); ++place)
    for (int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::vector<uint8_t> damaged = bytes;
      damaged[place] = static_cast<uint8_t>(value);
      (void)readEverything(damaged);
    }
}

TEST(NpzFile, ComparesTheCheckSum) {
  std::vector<uint8_t> bytes = compressedArchive();
  // The check sum in both directories.
  for (size_t place : {size_t(14), size_t(0x8c + 16)})
    bytes[place] ^= 0xff;
  EXPECT_EQ(readEverything(bytes), "a.npz: 'x': expected the check sum of the "
                                   "zip entry to match, but got damaged "
                                   "bytes");
}

TEST(NpzFile, RefusesImpossibleExpansion) {
  std::vector<uint8_t> bytes = compressedArchive();
  // The uncompressed size in the central directory: one gigabyte.
  bytes[0x8c + 24 + 3] = 0x40;
  EXPECT_NE(readEverything(bytes).find("compressed bytes, but got 1073741976"),
            std::string::npos)
      << readEverything(bytes);
}
