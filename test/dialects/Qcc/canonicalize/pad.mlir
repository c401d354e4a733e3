// RUN: qcc-opt %s --canonicalize | FileCheck %s

// No border to add.
// CHECK-LABEL: @drops_nothing
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_nothing(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: return %[[X]]
  %0 = qcc.pad %x {low = array<i64: 0>, high = array<i64: 0>}
      : tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// One element more on the left, one less on the right: the same type.
// CHECK-LABEL: @keeps_shift
func.func @keeps_shift(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: qcc.pad
  %0 = qcc.pad %x {low = array<i64: 1>, high = array<i64: -1>}
      : tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// The border has the value.
// CHECK-LABEL: @folds_constant
func.func @folds_constant() -> tensor<4xf32> {
  // CHECK: dense<[7.000000e+00, 1.000000e+00, 2.000000e+00, 7.000000e+00]> : tensor<4xf32>
  %c = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = qcc.pad %c {low = array<i64: 1>, high = array<i64: 1>, value = 7.0 : f64}
      : tensor<2xf32> -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// The border mirrors what is inside, the edge not twice.
// CHECK-LABEL: @folds_reflection
func.func @folds_reflection() -> tensor<5xi64> {
  // CHECK: dense<[3, 2, 1, 2, 3]> : tensor<5xi64>
  %c = arith.constant dense<[1, 2, 3]> : tensor<3xi64>
  %0 = qcc.pad %c {low = array<i64: 2>, high = array<i64: 0>,
      mode = #qcc.pad_mode<reflect>} : tensor<3xi64> -> tensor<5xi64>
  return %0 : tensor<5xi64>
}
