// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Any number of inputs.
// CHECK-LABEL: @two_inputs
func.func @two_inputs(%a: tensor<2x3xf32>, %b: tensor<1x3xf32>)
  -> tensor<3x3xf32> {
  // CHECK: qcc.concat %{{[^ ]+}}, %{{[^ ]+}} {axis = 0 : i64} : (tensor<2x3xf32>, tensor<1x3xf32>)
  %0 = qcc.concat %a, %b {axis = 0 : i64}
      : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
  return %0 : tensor<3x3xf32>
}
