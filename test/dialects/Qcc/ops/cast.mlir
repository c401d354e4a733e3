// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Only the types say what is converted.
// CHECK-LABEL: @integer_to_float
func.func @integer_to_float(%x: tensor<4xi64>) -> tensor<4xf32> {
  // CHECK: qcc.cast %{{[^ ]+}} : tensor<4xi64> -> tensor<4xf32>
  %0 = qcc.cast %x : tensor<4xi64>
      -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
