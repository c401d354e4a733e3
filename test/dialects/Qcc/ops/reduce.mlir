// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The kind comes first.
// CHECK-LABEL: @global_mean
func.func @global_mean(%x: tensor<1x4x7x7xf32>) -> tensor<1x4x1x1xf32> {
  // CHECK: qcc.reduce mean %{{[^ ]+}} {axes = array<i64: 2, 3>} : tensor<1x4x7x7xf32>
  %0 = qcc.reduce mean %x {axes = array<i64: 2, 3>} : tensor<1x4x7x7xf32>
      -> tensor<1x4x1x1xf32>
  return %0 : tensor<1x4x1x1xf32>
}
