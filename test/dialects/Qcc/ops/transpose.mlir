// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The order is an attribute.
// CHECK-LABEL: @two_dimensions
func.func @two_dimensions(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // CHECK: qcc.transpose %{{[^ ]+}} {permutation = array<i64: 1, 0>} : tensor<2x3xf32>
  %0 = qcc.transpose %x {permutation = array<i64: 1, 0>} : tensor<2x3xf32>
      -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}
