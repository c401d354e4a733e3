// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model as evaluation sees it, against a table made by hand.

#include "compiler/Evaluate/CompiledModel.h"

#include "test/unit/compiler/Evaluate/FakeLibrary.h"
#include "test/unit/compiler/Evaluate/TemporaryFolder.h"

#include "gtest/gtest.h"

using namespace llvm;
using namespace qcc::evaluate;

using Fake = FakeLibrary<0>;

TEST(CompiledModel, DescribesAndRuns) {
  Fake::behaviour = {2, 1};
  auto model = cantFail(CompiledModel::wrap(Fake::table(), "fake.so"));
  ASSERT_EQ(model->inputs().size(), 1u);
  EXPECT_EQ(model->inputs()[0].name, "image");
  EXPECT_EQ(model->inputs()[0].shape, std::vector<int64_t>({-1, 3}));
  Array image = Array::make<float>(ArrayType::F32, {2, 3}, {1, 2, 3, 4, 5, 6});
  auto outputs = cantFail(model->run(image));
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0].shape, std::vector<int64_t>({2, 3}));
  EXPECT_EQ(outputs[0].values<float>(), ArrayRef<float>({2, 5, 8, 8, 11, 14}));
  EXPECT_GT(model->lastSeconds(), 0);
  EXPECT_EQ(toString(model->run({}).takeError()),
            "fake.so: expected 1 inputs, but got 0");
}

TEST(CompiledModel, ReadsObservedTensors) {
  for (bool isQuantized : {false, true}) {
    Fake::behaviour = {1, 0, isQuantized, true};
    auto model = cantFail(CompiledModel::wrap(Fake::table(), "fake.so"));
    Array image = Array::make<float>(ArrayType::F32, {1, 3}, {1, -2, 3.5f});
    cantFail(model->run(image));
    ASSERT_EQ(model->countObserved(), 1);
    ObservedTensor tensor = cantFail(model->readObserved(0));
    EXPECT_EQ(tensor.name, "conv_1");
    EXPECT_EQ(tensor.values, std::vector<float>({1, -2, 3.5f}));
  }
}

TEST(CompiledModel, PassesOnWhatTheLibrarySays) {
  Fake::behaviour = {};
  Fake::behaviour.createCode = QCC_UNSUPPORTED_MACHINE;
  EXPECT_EQ(toString(CompiledModel::wrap(Fake::table(), "a.so").takeError()),
            "a.so: expected a machine with avx512, but got one without");
}

TEST(CompiledModel, RefusesOtherFiles) {
  TemporaryFolder folder;
  std::string path = folder.write("a.so", "no library");
  std::string message = toString(CompiledModel::load(path).takeError());
  EXPECT_EQ(message.find(path + ": expected a compiled library, but got "
                                "another file ("),
            0u)
      << message;
  EXPECT_EQ(toString(CompiledModel::load("/nonexistent.so").takeError()),
            "/nonexistent.so: expected a compiled library, but got no file");
}
