// RUN: qcc-opt %s --canonicalize | FileCheck %s

// One input is the result.
// CHECK-LABEL: @drops_single
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_single(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: return %[[X]]
  %0 = qcc.concat %x {axis = 0 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Two inputs are joined.
// CHECK-LABEL: @keeps_two
func.func @keeps_two(%x: tensor<2xf32>) -> tensor<4xf32> {
  // CHECK: qcc.concat
  %0 = qcc.concat %x, %x {axis = 0 : i64}
      : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Columns beside columns.
// CHECK-LABEL: @folds_constants
func.func @folds_constants() -> tensor<2x3xi64> {
  // CHECK: dense<[{{\[}}1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>
  %a = arith.constant dense<[[1, 2], [4, 5]]> : tensor<2x2xi64>
  %b = arith.constant dense<[[3], [6]]> : tensor<2x1xi64>
  %0 = qcc.concat %a, %b {axis = 1 : i64}
      : (tensor<2x2xi64>, tensor<2x1xi64>) -> tensor<2x3xi64>
  return %0 : tensor<2x3xi64>
}
