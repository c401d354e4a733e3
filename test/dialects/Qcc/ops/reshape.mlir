// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Only the types say the shapes.
// CHECK-LABEL: @to_vector
func.func @to_vector(%x: tensor<2x3xf32>) -> tensor<6xf32> {
  // CHECK: qcc.reshape %{{[^ ]+}} : tensor<2x3xf32> -> tensor<6xf32>
  %0 = qcc.reshape %x : tensor<2x3xf32>
      -> tensor<6xf32>
  return %0 : tensor<6xf32>
}
