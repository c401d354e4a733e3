// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The text of --shape, and files that are no models.

#include "compiler/Import/Importer.h"

#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace qcc;

static std::string importBytes(llvm::StringRef bytes, llvm::StringRef path) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = importModel(context, llvm::MemoryBufferRef(bytes, path));
  return module ? "" : llvm::toString(module.takeError());
}

static bool accepts(ImportOptions &options, llvm::StringRef text) {
  llvm::Error error = addShape(options, text);
  bool isAccepted = !error;
  llvm::consumeError(std::move(error));
  return isAccepted;
}

TEST(AddShape, ReadsSizes) {
  ImportOptions options;
  ASSERT_TRUE(accepts(options, "image=1x3x480x640"));
  ASSERT_TRUE(accepts(options, "mask=?x2"));
  EXPECT_EQ(options.shapes["image"],
            (llvm::SmallVector<int64_t>{1, 3, 480, 640}));
  EXPECT_EQ(options.shapes["mask"], (llvm::SmallVector<int64_t>{-1, 2}));
}

// Names may hold anything, an equals sign too.
TEST(AddShape, SplitsAtTheLastEqualsSign) {
  ImportOptions options;
  ASSERT_TRUE(accepts(options, "a=b:0=4"));
  EXPECT_EQ(options.shapes.count("a=b:0"), 1u);
}

TEST(AddShape, RefusesOtherText) {
  for (llvm::StringRef text :
       {"", "x", "x=", "=1x2", "x=1x", "x=1x-2", "x=0", "x=1,2",
        "x=99999999999999999999"}) {
    ImportOptions options;
    EXPECT_FALSE(accepts(options, text)) << text.str();
  }
  ImportOptions options;
  ASSERT_TRUE(accepts(options, "x=1"));
  EXPECT_FALSE(accepts(options, "x=2"));
}

TEST(ImportModel, BeginsMessagesWithThePath) {
  EXPECT_EQ(importBytes("", "a/b.onnx"),
            "a/b.onnx: expected an ONNX model, but got an empty file");
  EXPECT_EQ(importBytes("", "a/b.gguf"),
            "a/b.gguf: expected an .onnx or .mlir model, but got 'b.gguf'");
}

// The content tells bytecode, whatever the name.
TEST(ImportModel, KnowsBytecodeByItsMagic) {
  EXPECT_EQ(importBytes("ML\xefR", "model.bin").find("model.bin: expected an "
                                                     ".onnx"),
            std::string::npos);
}

// A field that promises more bytes than there are.
TEST(ImportModel, RefusesTruncatedMessages) {
  EXPECT_NE(importBytes("\x3a\xff\xff\xff\x7f", "m.onnx").find("no protobuf"),
            std::string::npos);
  // A message that says nothing.
  EXPECT_NE(importBytes("\x08\x08", "m.onnx").find("but got none"),
            std::string::npos);
}
