// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The JSON that a library carries, from names that anybody may have chosen.

#include "compiler/Driver/LibraryDescription.h"

#include "compiler/Codegen/LibraryTable.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"

using namespace qcc;

TEST(LibraryDescription, IsJsonWhateverNamesAre) {
  LibraryInfo library;
  library.name = "model \xff";
  library.inputs.resize(1);
  library.inputs[0].name = "x\xc3";
  PlanEntry entry;
  entry.name = "layer \xe2\x82";
  CompileOptions options;
  options.modelPath = "folder\x80/model.onnx";
  std::string text = printDescription(library, {entry}, options, 1.0);
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(text);
  ASSERT_TRUE(bool(parsed)) << llvm::toString(parsed.takeError());
  const llvm::json::Object &object = *parsed->getAsObject();
  EXPECT_EQ(object.getString("name"), "model \xef\xbf\xbd");
  EXPECT_EQ(object.getArray("inputs")->size(), 1u);
}
