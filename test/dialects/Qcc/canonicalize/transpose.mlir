// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Every dimension stays where it is.
// CHECK-LABEL: @drops_same_order
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_same_order(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: return %[[X]]
  %0 = qcc.transpose %x {permutation = array<i64: 0, 1>}
      : tensor<2x3xf32> -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// Two turns of three dimensions are one turn.
// CHECK-LABEL: @joins_two
// CHECK-SAME: %[[X:.*]]: tensor
func.func @joins_two(%x: tensor<2x3x4xf32>) -> tensor<4x2x3xf32> {
  // CHECK: qcc.transpose %[[X]] {permutation = array<i64: 2, 0, 1>}
  %1 = qcc.transpose %x {permutation = array<i64: 1, 2, 0>}
      : tensor<2x3x4xf32> -> tensor<3x4x2xf32>
  %0 = qcc.transpose %1 {permutation = array<i64: 1, 2, 0>}
      : tensor<3x4x2xf32> -> tensor<4x2x3xf32>
  return %0 : tensor<4x2x3xf32>
}

// The same type, but other elements.
// CHECK-LABEL: @keeps_square
func.func @keeps_square(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK: qcc.transpose
  %0 = qcc.transpose %x {permutation = array<i64: 1, 0>}
      : tensor<2x2xf32> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// Rows become columns.
// CHECK-LABEL: @folds_constant
func.func @folds_constant() -> tensor<3x2xi32> {
  // CHECK: dense<[{{\[}}1, 4], [2, 5], [3, 6]]> : tensor<3x2xi32>
  %c = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi32>
  %0 = qcc.transpose %c {permutation = array<i64: 1, 0>}
      : tensor<2x3xi32> -> tensor<3x2xi32>
  return %0 : tensor<3x2xi32>
}
