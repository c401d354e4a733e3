// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The words of the command line.

#include "compiler/Pipeline/CompileOptions.h"

#include <gtest/gtest.h>

using namespace qcc;

namespace {

template <typename T> std::string messageOf(llvm::Expected<T> value) {
  EXPECT_FALSE(bool(value));
  return llvm::toString(value.takeError());
}

std::vector<std::string> namesOf(llvm::StringRef text) {
  auto targets = parseTargets(text);
  EXPECT_TRUE(bool(targets));
  std::vector<std::string> names;
  for (const Target *target : *targets)
    names.emplace_back(target->name);
  return names;
}

TEST(CompileOptions, SortsTargetsBestFirstAndDropsRepeats) {
  EXPECT_EQ(namesOf("avx2,avx512,avx2"),
            (std::vector<std::string>{"avx512", "avx2"}));
}

TEST(CompileOptions, RefusesUnknownAndEmptyTargets) {
  EXPECT_EQ(
      messageOf(parseTargets("avx3")),
      "expected avx512bf16, avx512, avxvnni, avx2 or native, but got 'avx3'");
  EXPECT_EQ(messageOf(parseTargets("avx2,")),
            "expected avx512bf16, avx512, avxvnni, avx2 or native, but got ''");
}

TEST(CompileOptions, ReadsBackEveryPhase) {
  for (const PhaseInfo &info : allPhases()) {
    auto phase = parsePhase(info.name);
    ASSERT_TRUE(bool(phase));
    EXPECT_EQ(*phase, info.phase);
    EXPECT_EQ(&getInfo(info.phase), &info);
  }
}

TEST(CompileOptions, ReadsBackPrecisionsAndArtefacts) {
  for (const char *word : {"f32", "bf16", "int8", "int4"})
    EXPECT_EQ(getName(llvm::cantFail(parsePrecision(word))), word);
  for (const char *word : {"qcc", "quantized", "onnx", "packed", "loops",
                           "llvm", "asm", "obj", "lib"})
    EXPECT_EQ(getName(llvm::cantFail(parseArtefact(word))), word);
  EXPECT_EQ(messageOf(parsePrecision("int7")),
            "expected f32, bf16, int8 or int4, but got 'int7'");
}

} // namespace
