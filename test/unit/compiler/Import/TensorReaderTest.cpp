// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants from each field that TensorProto has for them.

#include "compiler/Import/Onnx/TensorReader.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "gtest/gtest.h"

using namespace qcc;
using namespace qcc::onnx_import;

namespace {

class TensorReaderTest : public testing::Test {
protected:
  TensorReaderTest() : context(mlir::MLIRContext::Threading::DISABLED) {
    context.loadDialect<QccDialect>();
  }

  llvm::Expected<mlir::ElementsAttr> read(onnx::TensorProto tensor) {
    return TensorReader(context, "no-such-folder/model.onnx").read(tensor);
  }

  /// The constant's elements; none after an error.
  template <typename T> std::vector<T> elements(onnx::TensorProto tensor) {
    auto value = read(std::move(tensor));
    if (!value) {
      ADD_FAILURE() << llvm::toString(value.takeError());
      return {};
    }
    return getConstantBytes(*value)->as<T>().vec();
  }

  std::string problem(onnx::TensorProto tensor) {
    auto value = read(std::move(tensor));
    return value ? "" : llvm::toString(value.takeError());
  }

  mlir::MLIRContext context;
};

} // namespace

static onnx::TensorProto make(int32_t type, std::vector<int64_t> shape) {
  onnx::TensorProto tensor;
  tensor.set_data_type(type);
  for (int64_t size : shape)
    tensor.add_dims(size);
  return tensor;
}

TEST_F(TensorReaderTest, ReadsRawAndTypedFloats) {
  onnx::TensorProto raw = make(1, {2}), typed = make(1, {2});
  float values[] = {1.5f, -2.0f};
  raw.set_raw_data(values, sizeof(values));
  for (float value : values)
    typed.add_float_data(value);
  EXPECT_EQ(elements<float>(raw), (std::vector<float>{1.5f, -2.0f}));
  EXPECT_EQ(elements<float>(typed), (std::vector<float>{1.5f, -2.0f}));
}

// Large data is not copied, so its end must still be right.
TEST_F(TensorReaderTest, MovesLargeData) {
  std::vector<float> values(1000);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = i;
  onnx::TensorProto tensor = make(1, {10, 100});
  tensor.set_raw_data(values.data(), values.size() * sizeof(float));
  EXPECT_EQ(elements<float>(tensor), values);
}

// The body of a loop asks again in each trip.
TEST_F(TensorReaderTest, ReadsAgainTheSameConstant) {
  onnx::TensorProto tensor = make(7, {1});
  int64_t value = 3;
  tensor.set_raw_data(&value, sizeof(value));
  TensorReader reader(context, "no-such-folder/model.onnx");
  auto first = reader.read(tensor), second = reader.read(tensor);
  ASSERT_TRUE(bool(first) && bool(second));
  EXPECT_EQ(*first, *second);
}

TEST_F(TensorReaderTest, UnpacksLowNibblesFirst) {
  onnx::TensorProto tensor = make(22, {3});
  // -8 and 7, then 3: nibbles 8, 7, 3.
  tensor.set_raw_data("\x78\x03", 2);
  EXPECT_EQ(elements<int8_t>(tensor), (std::vector<int8_t>{-8, 7, 3}));
  tensor.set_data_type(21);
  EXPECT_EQ(elements<uint8_t>(tensor), (std::vector<uint8_t>{8, 7, 3}));
}

TEST_F(TensorReaderTest, UnpacksTwoBits) {
  onnx::TensorProto tensor = make(26, {5});
  // 1, -2, -1, 0 are 01, 10, 11, 00 from the low bits up; then 1.
  tensor.set_raw_data("\x39\x01", 2);
  EXPECT_EQ(elements<int8_t>(tensor), (std::vector<int8_t>{1, -2, -1, 0, 1}));
}

TEST_F(TensorReaderTest, WidensOtherFloats) {
  onnx::TensorProto half = make(10, {2}), brain = make(16, {1});
  half.add_int32_data(0x3c00);
  half.add_int32_data(0xc000);
  brain.add_int32_data(0x3fc0);
  EXPECT_EQ(elements<float>(half), (std::vector<float>{1.0f, -2.0f}));
  EXPECT_EQ(elements<float>(brain), (std::vector<float>{1.5f}));
}

TEST_F(TensorReaderTest, ReadsEmptyTensors) {
  EXPECT_TRUE(elements<float>(make(1, {0})).empty());
  EXPECT_TRUE(elements<int64_t>(make(7, {2, 0, 3})).empty());
}

TEST_F(TensorReaderTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(problem(make(1, {2})), "expected 8 bytes of data, but got 0");
  EXPECT_EQ(problem(make(8, {1})),
            "expected numbers or booleans, but got string");
  EXPECT_EQ(problem(make(99, {1})),
            "expected numbers or booleans, but got type number 99");
  EXPECT_NE(problem(make(1, {-1})), "");
  EXPECT_NE(problem(make(1, {int64_t(1) << 62, 8})), "");
  EXPECT_NE(problem(make(1, std::vector<int64_t>(17, 1))), "");
}

TEST_F(TensorReaderTest, RefusesBadExternalNumbers) {
  onnx::TensorProto tensor = make(1, {1});
  tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  auto *entry = tensor.add_external_data();
  entry->set_key("offset");
  entry->set_value("-4");
  EXPECT_EQ(problem(tensor),
            "expected a number as external offset, but got '-4'");
}
