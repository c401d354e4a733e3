// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Defaults are not printed.
// CHECK-LABEL: @halves
func.func @halves(%x: tensor<1x4x8x8xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK: qcc.max_pool %{{[^ ]+}} {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
  %0 = qcc.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : tensor<1x4x8x8xf32>
      -> tensor<1x4x4x4xf32>
  return %0 : tensor<1x4x4x4xf32>
}

// One more window, which starts inside the input.
// CHECK-LABEL: @ceil_mode
func.func @ceil_mode(%x: tensor<1x1x5x5xf32>) -> tensor<1x1x3x3xf32> {
  // CHECK: qcc.max_pool
  %0 = qcc.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>} : tensor<1x1x5x5xf32>
      -> tensor<1x1x3x3xf32>
  return %0 : tensor<1x1x3x3xf32>
}
