// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Without bounds nothing is limited.
// CHECK-LABEL: @drops_unbounded
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_unbounded(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: return %[[X]]
  %0 = qcc.clamp %x : tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// A bound limits.
// CHECK-LABEL: @keeps_bounded
func.func @keeps_bounded(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: qcc.clamp
  %0 = qcc.clamp %x {lower = 0.0 : f32} : tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Without bounds, but to another grid.
// CHECK-LABEL: @keeps_regrid
func.func @keeps_regrid(%x: tensor<2x!qcc.quant<u8, 5.000000e-01, 128>>)
  -> tensor<2x!qcc.quant<u8, 1.0, 0>> {
  // CHECK: qcc.clamp
  %0 = qcc.clamp %x : tensor<2x!qcc.quant<u8, 5.000000e-01, 128>>
      -> tensor<2x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<2x!qcc.quant<u8, 1.0, 0>>
}

// Below, between, above, and NaN.
// CHECK-LABEL: @folds_constant
func.func @folds_constant() -> tensor<4xf32> {
  // CHECK: dense<[0.000000e+00, 3.000000e+00, 6.000000e+00, 0.000000e+00]> : tensor<4xf32>
  %c = arith.constant dense<[-1.0, 3.0, 9.0, 0x7FC00000]> : tensor<4xf32>
  %0 = qcc.clamp %c {lower = 0.0 : f32, upper = 6.0 : f32}
      : tensor<4xf32> -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
