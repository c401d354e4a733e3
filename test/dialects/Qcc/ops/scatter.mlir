// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Two rows of five.
// CHECK-LABEL: @rows
func.func @rows(%x: tensor<5x3xf32>, %i: tensor<2xi64>, %u: tensor<2x3xf32>)
    -> tensor<5x3xf32> {
  // CHECK: qcc.scatter add %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}}
  // CHECK-SAME: (tensor<5x3xf32>, tensor<2xi64>, tensor<2x3xf32>)
  %0 = qcc.scatter add %x, %i, %u
      : (tensor<5x3xf32>, tensor<2xi64>, tensor<2x3xf32>) -> tensor<5x3xf32>
  return %0 : tensor<5x3xf32>
}
