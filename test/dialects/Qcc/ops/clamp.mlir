// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Only the bound that is there is printed.
// CHECK-LABEL: @one_bound
func.func @one_bound(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: qcc.clamp %{{[^ ]+}} {lower = 0.000000e+00 : f32} : tensor<4xf32>
  %0 = qcc.clamp %x {lower = 0.0 : f32} : tensor<4xf32>
      -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
