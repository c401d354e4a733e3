// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Two rows of five.
// CHECK-LABEL: @rows
func.func @rows(%a: tensor<5x3xf32>, %i: tensor<2xi64>) -> tensor<2x3xf32> {
  // CHECK: qcc.gather %{{[^ ]+}}, %{{[^ ]+}} {axis = 0 : i64} : (tensor<5x3xf32>, tensor<2xi64>)
  %0 = qcc.gather %a, %i {axis = 0 : i64}
      : (tensor<5x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
