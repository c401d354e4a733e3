// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays in files, byte by byte: as NumPy writes them, and as no one should.

#include "compiler/Evaluate/NpyFile.h"

#include "test/unit/compiler/Evaluate/TemporaryFolder.h"

#include "gtest/gtest.h"

using namespace llvm;
using namespace qcc::evaluate;

/// A version 1.0 file around a header text and element bytes.
static std::vector<uint8_t> makeFile(const std::string &header,
                                     std::vector<uint8_t> elements = {}) {
  std::vector<uint8_t> bytes = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  bytes.push_back(header.size() & 0xff);
  bytes.push_back(header.size() >> 8);
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), elements.begin(), elements.end());
  return bytes;
}

static std::string errorOf(ArrayRef<uint8_t> bytes) {
  auto stream = ArrayStream::openBytes(bytes, "a.npy");
  if (!stream)
    return toString(stream.takeError());
  auto array = (*stream)->readAll();
  return array ? "no error" : toString(array.takeError());
}

static Array read(ArrayRef<uint8_t> bytes) {
  auto stream = cantFail(ArrayStream::openBytes(bytes, "a.npy"));
  return cantFail(stream->readAll());
}

TEST(NpyFile, WritesTheBytesOfNumPy) {
  Array array = Array::make<int16_t>(ArrayType::S16, {3}, {1, -2, 3});
  std::vector<uint8_t> bytes = encodeNpy(array);
  std::string header = "{'descr': '<i2', 'fortran_order': False, "
                       "'shape': (3,), }";
  header.resize(128 - 10 - 1, ' ');
  EXPECT_EQ(bytes, makeFile(header + "\n", {1, 0, 0xfe, 0xff, 3, 0}));
}

TEST(NpyFile, RoundTripsEveryTypeAndRank) {
  for (int type = 0; type <= int(ArrayType::F64); ++type)
    for (const std::vector<int64_t> &shape :
         {std::vector<int64_t>{}, {5}, {2, 3}, {2, 0, 4}, {1, 2, 1, 3}}) {
      Array array{ArrayType(type), shape, {}};
      array.bytes.resize(ArrayHeader{array.type, shape}.countBytes(), 1);
      Array again = read(encodeNpy(array));
      EXPECT_EQ(again.type, array.type);
      EXPECT_EQ(again.shape, array.shape);
      EXPECT_EQ(again.bytes, array.bytes);
    }
}

TEST(NpyFile, MakesFortranOrderRowMajor) {
  Array array = read(makeFile("{'descr': '|u1', 'fortran_order': True, "
                              "'shape': (2, 3), }",
                              {0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(array.bytes, std::vector<uint8_t>({0, 1, 2, 3, 4, 5}));
}

TEST(NpyFile, AcceptsOtherSpellings) {
  for (const char *header :
       {"{\"shape\": (2L,), \"descr\": \"|i1\", \"fortran_order\": False}",
        "  { 'shape' : ( 2 , ) , 'fortran_order':False,'descr':'|i1' }  \n"})
    EXPECT_EQ(read(makeFile(header, {7, 8})).shape, std::vector<int64_t>{2});
}

TEST(NpyFile, ReadsInPiecesAndAgain) {
  std::vector<uint8_t> bytes =
      encodeNpy(Array::make<uint8_t>(ArrayType::U8, {4}, {1, 2, 3, 4}));
  auto stream = cantFail(ArrayStream::openBytes(bytes, "a.npy"));
  uint8_t buffer[3];
  for (int round = 0; round < 2; ++round) {
    ASSERT_FALSE(stream->read(buffer));
    EXPECT_EQ(buffer[2], 3);
    EXPECT_EQ(toString(stream->read(buffer)),
              "a.npy: expected 3 more bytes, but got 1");
    ASSERT_FALSE(stream->rewind());
  }
}

TEST(NpyFile, RefusesWhatIsNoArray) {
  EXPECT_EQ(errorOf({}), "a.npy: expected a .npy array, but got 0 bytes");
  EXPECT_EQ(errorOf(bytesOf("504b030400000000000000000000")),
            "a.npy: expected a .npy array that starts with 93 4e 55 4d 50 "
            "59, but got 504b03040000");
  std::vector<uint8_t> bytes = makeFile("");
  bytes[6] = 9;
  EXPECT_EQ(errorOf(bytes), "a.npy: expected version 1, 2 or 3 of the .npy "
                            "format, but got 9");
}

TEST(NpyFile, RefusesHostileSizes) {
  // A header of four gigabytes in a file of a few bytes.
  EXPECT_EQ(errorOf(bytesOf("934e554d50590200ffffffff00000000")),
            "a.npy: expected a header of at most 10000 bytes, but got "
            "4294967295");
  EXPECT_EQ(errorOf(makeFile("{'descr': '<f4', 'fortran_order': False, "
                             "'shape': (1000000, 1000000)}")),
            "a.npy: expected 4000000000000 bytes for shape [1000000, "
            "1000000] of f32, but got 0");
  // Products that wrap around, with and without a zero among them.
  for (const char *shape :
       {"(4294967296, 4294967296)", "(0, 4294967296, 4294967296)",
        "(9223372036854775807, 2)"}) {
    std::string message =
        errorOf(makeFile("{'descr': '<f4', 'fortran_order': False, "
                         "'shape': " +
                         std::string(shape) + "}"));
    EXPECT_NE(message.find("expected an array that fits in memory"),
              std::string::npos)
        << message;
  }
}

TEST(NpyFile, RefusesOtherHeaders) {
  std::string rank = "(1,";
  for (int i = 0; i < 64; ++i)
    rank += "1,";
  for (const std::string &header :
       {std::string("{}"), std::string("{'shape': (1,)}"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"),
        std::string("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (1"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': "
                    "(99999999999999999999,)}"),
        std::string("{'descr': '<f4', 'descr': '<f4', 'fortran_order': "
                    "False, 'shape': ()}"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': ()}x"),
        "{'descr': '|u1', 'fortran_order': False, 'shape': " + rank + ")}"})
    EXPECT_EQ(errorOf(makeFile(header, {0, 0, 0, 0}))
                  .find("a.npy: expected the header of a .npy file"),
              0u)
        << header;
}

TEST(NpyFile, RefusesOtherElementTypes) {
  for (const char *type : {"'|O'", "'>f4'", "'<c8'", "'<U5'", "'<f16'",
                           "[('a', '<f4'), ('b', '<i4')]"}) {
    std::string message =
        errorOf(makeFile("{'descr': " + std::string(type) +
                         ", 'fortran_order': False, 'shape': (1,), }"));
    EXPECT_EQ(message.find("a.npy: expected a little-endian number"), 0u)
        << message;
  }
}

TEST(NpyFile, SurvivesEveryTruncation) {
  std::vector<uint8_t> bytes =
      encodeNpy(Array::make<float>(ArrayType::F32, {2, 2}, {1, 2, 3, 4}));
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_NE(errorOf(ArrayRef(bytes).take_front(size)), "no error");
}

TEST(NpyFile, GoesThroughFiles) {
  TemporaryFolder folder;
  Array array = Array::make<float>(ArrayType::F32, {2}, {0.5f, -2});
  ASSERT_FALSE(writeNpy(folder.file("a.npy"), array));
  EXPECT_EQ(cantFail(readNpy(folder.file("a.npy"))).bytes, array.bytes);
  auto missing = readNpy("/nonexistent/a.npy");
  ASSERT_FALSE(bool(missing));
  EXPECT_EQ(toString(missing.takeError()),
            "/nonexistent/a.npy: expected a readable file, but got No such "
            "file or directory");
}
