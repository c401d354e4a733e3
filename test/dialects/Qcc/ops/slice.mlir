// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// A step may be negative.
// CHECK-LABEL: @backwards
func.func @backwards(%x: tensor<6xf32>) -> tensor<3xf32> {
  // CHECK: qcc.slice %{{[^ ]+}} {starts = array<i64: 5>, steps = array<i64: -2>} : tensor<6xf32>
  %0 = qcc.slice %x {starts = array<i64: 5>, steps = array<i64: -2>} : tensor<6xf32>
      -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
