// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Text that is nested deeper than any model, and text that only looks so.

#include "compiler/Import/MlirText.h"

#include "llvm/ADT/StringExtras.h"
#include <gtest/gtest.h>

namespace {

std::string check(const std::string &text) {
  return llvm::toString(qcc::checkNesting(text));
}

std::string repeat(const std::string &text, int count) {
  std::string result;
  for (int i = 0; i < count; ++i)
    result += text;
  return result;
}

TEST(MlirTextTest, TakesModels) {
  EXPECT_EQ(check(""), "");
  EXPECT_EQ(check("module {\n" +
                  repeat("  %0 = foo.bar %x : tensor<4xf32> -> i1\n", 5000) +
                  "}\n"),
            "");
  EXPECT_EQ(check("#s = affine_set<(d0) : (" + repeat("d0 >= 0, ", 1000) +
                  repeat("d0 <= 0, ", 1000) + "d0 == 0)>"),
            "");
}

TEST(MlirTextTest, LooksNotIntoStringsAndComments) {
  EXPECT_EQ(check("// " + repeat("((", 5000) + "\n"), "");
  EXPECT_EQ(
      check("a = \"" + repeat("[[", 5000) + "\\\"" + repeat("[", 5000) + "\""),
      "");
}

// As qcc prints them: one alias for each layer, none deeper than two.
TEST(MlirTextTest, TakesManyAliases) {
  std::string text = "#map = affine_map<(d0) -> (d0)>\n";
  text += "module {\n" + repeat("  foo.bar #map loc(#loc7)\n", 5000) + "}\n";
  text += "#loc = loc(\"a\":1:1)\n";
  for (int i = 1; i < 5000; ++i)
    text += "#loc" + std::to_string(i) + " = loc(\"layer\"(#loc))\n";
  EXPECT_EQ(check(text), "");
}

TEST(MlirTextTest, RefusesDeepBrackets) {
  EXPECT_EQ(check("\n" + repeat("[", 300)),
            "expected brackets or aliases of at most 256 levels, but got more "
            "in line 2");
  EXPECT_NE(check(repeat("tuple<", 300) + repeat(">", 300)), "");
  EXPECT_NE(check(repeat("module {\n", 300)), "");
}

TEST(MlirTextTest, RefusesLongExpressions) {
  EXPECT_EQ(check("affine_map<(d0) -> (d0" + repeat("+d0", 1000) + ")>"),
            "expected expressions of at most 1000 words, but got more in line "
            "1");
  EXPECT_NE(check("affine_map<(d0) -> (" + repeat("-", 2000) + "d0)>"), "");
  EXPECT_NE(check("affine_map<(d0) -> (d0" + repeat("\n mod 2", 2000)), "");
}

TEST(MlirTextTest, RefusesAliasesOfAliases) {
  for (const char *between : {" ", "\n", " \n "}) {
    std::string text = "#a0 = 1\n";
    for (int i = 1; i < 300; ++i)
      text += "#a" + std::to_string(i) + " =" + between + "[#a" +
              std::to_string(i - 1) + "]\n";
    EXPECT_NE(check(text), "") << "'" << between << "'";
  }
}

} // namespace
