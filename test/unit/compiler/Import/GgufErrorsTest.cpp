// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Damaged GGUF files: each number that could be wrong, and every prefix.

#include "compiler/Import/Gguf/GgufReader.h"

#include "test/unit/compiler/Import/GgufBytes.h"
#include "gtest/gtest.h"

using namespace qcc;

TEST(GgufErrors, Headers) {
  GgufBytes bytes;
  bytes.magic = "GGML";
  EXPECT_EQ(getGgufError(bytes.build()),
            "expected a GGUF file, but got bytes that do not begin with "
            "'GGUF'");
  bytes = GgufBytes();
  bytes.version = 1;
  EXPECT_EQ(getGgufError(bytes.build()),
            "expected GGUF version 2 or 3, but got 1");
  bytes.version = 0x03000000;
  EXPECT_EQ(getGgufError(bytes.build()),
            "expected a little-endian GGUF file, but got a big-endian one");
  bytes = GgufBytes();
  bytes.tensors = uint64_t(1) << 40;
  EXPECT_EQ(getGgufError(bytes.build()),
            "expected at most 1048576 tensors, but got 1099511627776");
  bytes = GgufBytes();
  bytes.keys = uint64_t(1) << 40;
  EXPECT_EQ(getGgufError(bytes.build()),
            "expected at most 65536 keys, but got 1099511627776");
}

// No prefix is a file, and none makes the reader read beyond it.
TEST(GgufErrors, TruncatedFiles) {
  GgufBytes bytes;
  bytes.add("a", 1u).add("b", "text");
  bytes.addArray("c", 8, 2, toGgufString("x") + toGgufString("yz"));
  bytes.addFloats("t", {5});
  std::string whole = bytes.build();
  EXPECT_EQ(getGgufError(whole), "");
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(getGgufError(whole.substr(0, size)), "") << size;
}

TEST(GgufErrors, Keys) {
  EXPECT_EQ(getGgufError(GgufBytes().add("a", 1u).add("a", 2u).build()),
            "key 'a': expected it once, but got it twice");
  EXPECT_EQ(getGgufError(GgufBytes().addRaw("a", 13, "").build()),
            "key 'a': expected a type of 0 to 12, but got 13");
  EXPECT_EQ(getGgufError(GgufBytes().add("", 1u).build()),
            "expected a key of 1 to 65536 bytes, but got 0");
  // Lengths whose sum with the position wraps around.
  EXPECT_EQ(
      getGgufError(GgufBytes().addRaw("a", 8, toBytes(~uint64_t(0))).build()),
      "expected 18446744073709551615 bytes of the value of key 'a' at "
      "offset 45, but got a file of 64");
  EXPECT_EQ(getGgufError(
                GgufBytes().addArray("a", 10, uint64_t(1) << 61, "").build()),
            "expected 18446744073709551615 bytes of the value of key 'a' at "
            "offset 49, but got a file of 64");
}

TEST(GgufErrors, NestedArrays) {
  std::string inner = toBytes(uint32_t(0)) + toBytes(uint64_t(0));
  for (int depth = 0; depth < 4; ++depth)
    inner = toBytes(uint32_t(9)) + toBytes(uint64_t(1)) + inner;
  EXPECT_EQ(getGgufError(GgufBytes().addArray("a", 9, 1, inner).build()),
            "key 'a': expected arrays nested at most 4 deep, but got more");
  std::string bad = toBytes(uint32_t(77)) + toBytes(uint64_t(0));
  EXPECT_EQ(getGgufError(GgufBytes().addArray("a", 9, 1, bad).build()),
            "key 'a': expected a type of 0 to 12, but got 77");
}

TEST(GgufErrors, Alignment) {
  for (uint32_t alignment : {0u, 4u, 24u, 33u})
    EXPECT_EQ(
        getGgufError(GgufBytes().add("general.alignment", alignment).build()),
        "key 'general.alignment': expected a power of two of 8 or more, "
        "but got " +
            std::to_string(alignment));
}

TEST(GgufErrors, Shapes) {
  auto getError = [](std::vector<uint64_t> sizes, uint32_t type) {
    std::string message = getGgufError(
        GgufBytes().addTensor("t", sizes, type, std::string(64, 0)).build());
    llvm::StringRef text = message;
    EXPECT_TRUE(text.consume_front("tensor 't': ")) << message;
    return text.str();
  };
  EXPECT_EQ(getError({}, 0), "expected 1 to 4 dimensions, but got 0");
  EXPECT_EQ(getError({1, 1, 1, 1, 1}, 0),
            "expected 1 to 4 dimensions, but got 5");
  EXPECT_EQ(getError({4, 0}, 0), "expected sizes of 1 to 2^63 - 1, but got 0");
  EXPECT_EQ(getError({uint64_t(1) << 63}, 0),
            "expected sizes of 1 to 2^63 - 1, but got 9223372036854775808");
  EXPECT_EQ(getError({uint64_t(1) << 32, uint64_t(1) << 32}, 0),
            "expected fewer than 2^63 elements, but got more");
  // 2^62 elements of 4 bytes.
  EXPECT_EQ(getError({uint64_t(1) << 62}, 0),
            "expected 18446744073709551615 bytes at offset 0 of the data, but "
            "got 64 bytes of data");
  EXPECT_EQ(getError({48, 2}, 2),
            "expected rows of a multiple of 32 elements for Q4_0, but got 48");
  EXPECT_EQ(getError({17}, 0), "expected 68 bytes at offset 0 of the data, but "
                               "got 64 bytes of data");
  EXPECT_EQ(getError({1}, 5),
            "expected one of F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, "
            "Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, BF16, MXFP4, but got type "
            "number 5");
}

// Files with such tensors can be read, as long as nobody decodes these.
TEST(GgufErrors, UnsupportedTypes) {
  GgufFile file = llvm::cantFail(readGguf(
      GgufBytes().addTensor("t", {256}, 16, std::string(66, 0)).build()));
  EXPECT_EQ(llvm::toString(getBlockFormat(file.getTensors()[0]).takeError()),
            "tensor 't': expected one of F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, "
            "Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, BF16, MXFP4, "
            "but got IQ2_XXS");
}

TEST(GgufErrors, Places) {
  std::string bytes(64, 0);
  EXPECT_EQ(getGgufError(GgufBytes().addTensor("t", {1}, 0, bytes, 4).build()),
            "tensor 't': expected an offset of a multiple of 32, but got 4");
  EXPECT_EQ(
      getGgufError(
          GgufBytes().addTensor("t", {1}, 0, bytes, ~uint64_t(31)).build()),
      "tensor 't': expected 4 bytes at offset 18446744073709551584 of "
      "the data, but got 64 bytes of data");
  EXPECT_EQ(getGgufError(GgufBytes()
                             .addTensor("a", {16}, 0, bytes, 0)
                             .addTensor("b", {1}, 0, bytes, 32)
                             .build()),
            "tensor 'b': expected bytes of its own, but got some of tensor "
            "'a'");
  EXPECT_EQ(getGgufError(GgufBytes()
                             .addTensor("a", {1}, 0, bytes)
                             .addTensor("a", {1}, 0, bytes)
                             .build()),
            "tensor 'a': expected it once, but got it twice");
}
