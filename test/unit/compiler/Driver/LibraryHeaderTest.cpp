// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names in generated headers: models call their tensors what they like.

#include "compiler/Driver/LibraryHeader.h"

#include <gtest/gtest.h>

using namespace qcc;

namespace {

TEST(LibraryHeader, MakesIdentifiers) {
  EXPECT_EQ(makeIdentifier("ResNet-50 v2"), "resnet_50_v2");
  EXPECT_EQ(makeIdentifier("7"), "model_7");
  EXPECT_EQ(makeIdentifier(""), "model_");
  EXPECT_EQ(makeIdentifier("for"), "for_");
  // Parameters of the generated function itself.
  EXPECT_EQ(makeIdentifier("batch"), "batch_");
}

TEST(LibraryHeader, KeepsParametersApart) {
  LibraryInfo library;
  library.name = "net";
  library.inputs = {{"a.b", QCC_DTYPE_F32, {-1, 4}}};
  library.outputs = {{"a/b", QCC_DTYPE_U8, {2}}};
  std::string text = printLibraryHeader(library);
  EXPECT_NE(text.find("const float *a_b,"), std::string::npos);
  EXPECT_NE(text.find("uint8_t *a_b_,"), std::string::npos);
  EXPECT_NE(text.find("a_b: float[batch][4]"), std::string::npos);
}

} // namespace
