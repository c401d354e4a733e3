// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finding the source of a library, and how the compiler is called for it.

#include "compiler/Evaluate/ReferenceLibrary.h"

#include "test/unit/compiler/Evaluate/FakeLibrary.h"
#include "test/unit/compiler/Evaluate/TemporaryFolder.h"

#include "gtest/gtest.h"

using namespace llvm;
using namespace qcc::evaluate;

using Fake = FakeLibrary<3>;

static std::unique_ptr<CompiledModel> wrap(const char *information,
                                           StringRef name = "a.so") {
  Fake::behaviour = {};
  Fake::behaviour.information = information;
  return cantFail(CompiledModel::wrap(Fake::table(), name));
}

TEST(ReferenceLibrary, FindsTheSource) {
  TemporaryFolder folder;
  std::string model = folder.write("m.onnx", "model");
  std::string information = "{\"source\": \"" + model + "\"}";
  EXPECT_EQ(cantFail(findSource(*wrap(information.c_str()))), model);
  // The library moved together with its model.
  auto moved =
      wrap("{\"source\": \"/nonexistent/m.onnx\"}", folder.file("a.so"));
  EXPECT_EQ(cantFail(findSource(*moved)), model);
}

TEST(ReferenceLibrary, SaysThatThereIsNoSource) {
  EXPECT_EQ(toString(findSource(*wrap("{}")).takeError()),
            "a.so: expected --reference=LIBRARY or MODEL, since the library "
            "does not name its source");
  EXPECT_EQ(
      toString(findSource(*wrap("{\"source\": \"/no/m.onnx\"}")).takeError()),
      "a.so: expected its source '/no/m.onnx' to exist, but got no such "
      "file (give the model with --reference)");
  std::string message = toString(findSource(*wrap("{")).takeError());
  EXPECT_EQ(message.find("a.so: expected JSON as its information"), 0u);
}

TEST(ReferenceLibrary, CompilesInFloatWithTheSameShapes) {
  EXPECT_EQ(referenceArguments("qcc", "m.onnx", *wrap("{}"), "r.so"),
            std::vector<std::string>({"qcc", "m.onnx", "--precision=f32",
                                      "--target=native", "-o", "r.so",
                                      "--shape=image=?x3"}));
}

TEST(ReferenceLibrary, TellsLibrariesFromModels) {
  TemporaryFolder folder;
  EXPECT_FALSE(cantFail(isSharedLibrary(folder.write("m.onnx", "model"))));
  EXPECT_EQ(toString(isSharedLibrary("/nonexistent").takeError()),
            "/nonexistent: expected a library or a model, but got No such "
            "file or directory");
}

TEST(ReferenceLibrary, ReportsACompilerThatFails) {
  TemporaryFolder folder;
  std::string model = folder.write("m.onnx", "model");
  auto tested = wrap("{}");
  EXPECT_EQ(
      toString(loadReference(model, *tested, "/bin/false", 1).takeError()),
      model + ": expected /bin/false to compile the reference, but got "
              "exit code 1");
  std::string message =
      toString(loadReference(model, *tested, "/nonexistent", 1).takeError());
  EXPECT_EQ(message.find(model + ": expected /nonexistent to compile the "
                                 "reference, but got "),
            0u)
      << message;
}
