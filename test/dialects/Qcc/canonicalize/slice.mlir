// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Every element, forwards.
// CHECK-LABEL: @drops_everything
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_everything(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: return %[[X]]
  %0 = qcc.slice %x {starts = array<i64: 0, 0>, steps = array<i64: 1, 1>}
      : tensor<2x3xf32> -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// The same type, but the other way round.
// CHECK-LABEL: @keeps_backwards
func.func @keeps_backwards(%x: tensor<3xf32>) -> tensor<3xf32> {
  // CHECK: qcc.slice
  %0 = qcc.slice %x {starts = array<i64: 2>, steps = array<i64: -1>}
      : tensor<3xf32> -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// A part is a new type.
// CHECK-LABEL: @keeps_part
func.func @keeps_part(%x: tensor<3xf32>) -> tensor<2xf32> {
  // CHECK: qcc.slice
  %0 = qcc.slice %x {starts = array<i64: 0>, steps = array<i64: 1>}
      : tensor<3xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Every second element from the end.
// CHECK-LABEL: @folds_constant
func.func @folds_constant() -> tensor<3xi64> {
  // CHECK: dense<[5, 3, 1]> : tensor<3xi64>
  %c = arith.constant dense<[0, 1, 2, 3, 4, 5]> : tensor<6xi64>
  %0 = qcc.slice %c {starts = array<i64: 5>, steps = array<i64: -2>}
      : tensor<6xi64> -> tensor<3xi64>
  return %0 : tensor<3xi64>
}
