// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// A stack of matrices times one matrix.
// CHECK-LABEL: @stacked_matmul
func.func @stacked_matmul(%a: tensor<2x4x8xf32>, %b: tensor<8x3xf32>)
  -> tensor<2x4x3xf32> {
  // CHECK: qcc.matmul %{{[^ ]+}}, %{{[^ ]+}} : (tensor<2x4x8xf32>, tensor<8x3xf32>)
  %0 = qcc.matmul %a, %b
      : (tensor<2x4x8xf32>, tensor<8x3xf32>) -> tensor<2x4x3xf32>
  return %0 : tensor<2x4x3xf32>
}
