// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// One row becomes two.
// CHECK-LABEL: @rows
func.func @rows(%x: tensor<1x3xf32>) -> tensor<2x3xf32> {
  // CHECK: qcc.expand %{{[^ ]+}} : tensor<1x3xf32> -> tensor<2x3xf32>
  %0 = qcc.expand %x : tensor<1x3xf32>
      -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
