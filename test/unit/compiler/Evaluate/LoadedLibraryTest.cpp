// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The host side of the C interface, against a table made by hand.

#include "compiler/Evaluate/LoadedLibrary.h"

#include "test/unit/compiler/Evaluate/FakeLibrary.h"
#include "test/unit/compiler/Evaluate/TemporaryFolder.h"

#include "gtest/gtest.h"

#include <cstring>
#include <elf.h>

using namespace llvm;
using namespace qcc::evaluate;

using Fake = FakeLibrary<2>;

TEST(LoadedLibrary, RunsIntoArraysOfTheCaller) {
  Fake::behaviour = {3, 0};
  LoadedLibrary library = LoadedLibrary::wrap(Fake::table());
  cantFail(library.createContext(1));
  Array image = Array::make<float>(ArrayType::F32, {2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(batchOf(library.inputs(), image), 2);
  std::vector<Array> outputs = makeOutputs(library.outputs(), 2);
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0].shape, std::vector<int64_t>({2, 3}));
  cantFail(library.run(image, outputs, 2));
  EXPECT_EQ(outputs[0].values<float>(), ArrayRef<float>({3, 6, 9, 12, 15, 18}));
}

TEST(LoadedLibrary, MovesItsContext) {
  Fake::behaviour = {1, 0, true, true};
  LoadedLibrary first = LoadedLibrary::wrap(Fake::table());
  cantFail(first.createContext(1));
  LoadedLibrary library = std::move(first);
  Array image = Array::make<float>(ArrayType::F32, {1, 3}, {1, 2, 3});
  std::vector<Array> outputs = makeOutputs(library.outputs(), 1);
  cantFail(library.run(image, outputs, 1));
  ASSERT_EQ(library.target().num_observed, 1);
  qcc_observed_info_t info = cantFail(library.readObserved(0));
  EXPECT_STREQ(info.name, "conv_1");
  EXPECT_EQ(info.scale, 0.5f);
}

TEST(LoadedLibrary, SaysWhyThereIsNoContext) {
  Fake::behaviour = {};
  Fake::behaviour.createCode = QCC_UNSUPPORTED_MACHINE;
  LoadedLibrary library = LoadedLibrary::wrap(Fake::table());
  EXPECT_EQ(toString(library.createContext(1)),
            "expected a machine with avx512, but got one without");
}

TEST(LoadedLibrary, RefusesOtherFiles) {
  TemporaryFolder folder;
  std::string path = folder.write("a.so", "no library");
  std::string message = toString(LoadedLibrary::open(path).takeError());
  EXPECT_EQ(message.find("expected a compiled library, but got another file ("),
            0u)
      << message;
}

// The loader would map what is not there, and reading it is a signal.
TEST(LoadedLibrary, RefusesTheBeginningOfALibrary) {
  Elf64_Ehdr header = {};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_phoff = sizeof(header);
  header.e_phnum = 1;
  Elf64_Phdr segment = {};
  segment.p_type = PT_LOAD;
  segment.p_filesz = 4096;
  std::string bytes(reinterpret_cast<char *>(&header), sizeof(header));
  TemporaryFolder folder;
  std::string expected =
      "expected a compiled library, but got the beginning of one";
  EXPECT_EQ(
      toString(LoadedLibrary::open(folder.write("a.so", bytes)).takeError()),
      expected);
  bytes.append(reinterpret_cast<char *>(&segment), sizeof(segment));
  EXPECT_EQ(
      toString(LoadedLibrary::open(folder.write("b.so", bytes)).takeError()),
      expected);
}

TEST(LoadedLibrary, HasAnArrayTypeForEachTypeButBf16) {
  EXPECT_EQ(arrayTypeOf(QCC_DTYPE_F32), ArrayType::F32);
  EXPECT_EQ(arrayTypeOf(QCC_DTYPE_BF16), std::nullopt);
  EXPECT_EQ(arrayTypeOf(0xffff), std::nullopt);
  EXPECT_EQ(arrayTypeFor(QCC_DTYPE_BF16), ArrayType::U16);
  EXPECT_EQ(nameOf(QCC_DTYPE_BF16), "bf16");
}
