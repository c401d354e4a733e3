// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every way a caller's tensor can be wrong, with its sentence.

#include "runtime/core/tensor.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace {

class TensorTest : public testing::Test {
protected:
  std::vector<int64_t> declared{-1, 3, 4};
  qcc_tensor_info_t info{"image", QCC_DTYPE_F32, 3, declared.data()};
  std::vector<int64_t> shape{2, 3, 4};
  std::vector<float> data = std::vector<float>(24);
  qcc_tensor_t tensor{data.data(),   QCC_DEVICE_CPU, 0,       3,
                      QCC_DTYPE_F32, shape.data(),   nullptr, 0};

  std::string check(int64_t batch = 2) {
    qcc_status_t status;
    status.message[0] = '\0';
    qcc_code_t code =
        qcc_rt_check_tensor(&info, &tensor, batch, "input", &status);
    if (code == QCC_OK)
      return "ok";
    EXPECT_EQ(code, QCC_INVALID_ARGUMENT);
    EXPECT_EQ(code, status.code);
    return status.message;
  }
};

TEST_F(TensorTest, TakesWhatIsDeclared) {
  EXPECT_EQ(check(), "ok");
  std::vector<int64_t> strides{12, 4, 1};
  tensor.strides = strides.data();
  EXPECT_EQ(check(), "ok");
}

TEST_F(TensorTest, IgnoresStridesOfSingleElements) {
  shape = {1, 3, 4};
  std::vector<int64_t> strides{999, 4, 1};
  tensor.shape = shape.data();
  tensor.strides = strides.data();
  EXPECT_EQ(check(1), "ok");
}

TEST_F(TensorTest, RefusesOtherShapes) {
  EXPECT_EQ(check(3), "expected shape [3, 3, 4] for input 'image', but got "
                      "[2, 3, 4]");
  tensor.rank = 2;
  EXPECT_EQ(check(), "expected shape [2, 3, 4] for input 'image', but got "
                     "[2, 3]");
  tensor.shape = nullptr;
  EXPECT_EQ(check(), "expected shape [2, 3, 4] for input 'image', but got []");
}

TEST_F(TensorTest, CutsLongShapes) {
  std::vector<int64_t> longShape(60, 1234567);
  tensor.shape = longShape.data();
  tensor.rank = 60;
  std::string message = check();
  EXPECT_NE(message.find(", ...]"), std::string::npos) << message;
}

TEST_F(TensorTest, RefusesOtherTypes) {
  tensor.dtype = QCC_DTYPE_U8;
  EXPECT_EQ(check(), "expected type f32 for input 'image', but got u8");
  tensor.dtype = QCC_DTYPE(2u, 8u);
  EXPECT_EQ(check(), "expected type f32 for input 'image', but got an unknown "
                     "type");
}

TEST_F(TensorTest, RefusesStrides) {
  std::vector<int64_t> strides{12, 1, 3};
  tensor.strides = strides.data();
  EXPECT_EQ(check(), "expected contiguous row-major memory for input 'image', "
                     "but got strides");
}

TEST_F(TensorTest, RefusesOtherDevicesAndNoData) {
  tensor.device_type = 2;
  EXPECT_EQ(check(), "expected device type 1 (CPU) for input 'image', but got "
                     "2");
  tensor.device_type = QCC_DEVICE_CPU;
  tensor.data = nullptr;
  EXPECT_EQ(check(), "expected data for input 'image', but got a null pointer");
}

TEST_F(TensorTest, KnowsSizes) {
  EXPECT_EQ(qcc_rt_sample_stride_bytes(&info), 48);
  declared[0] = 2;
  EXPECT_EQ(qcc_rt_sample_stride_bytes(&info), 0);
  EXPECT_EQ(qcc_rt_dtype_size_bytes(QCC_DTYPE_BF16), 2);
  EXPECT_EQ(qcc_rt_dtype_size_bytes(QCC_DTYPE_BOOL), 1);
  EXPECT_EQ(qcc_rt_dtype_size_bytes(0), 0);
}

} // namespace
