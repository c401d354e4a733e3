// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Nothing to combine.
// CHECK-LABEL: @drops_no_axes
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_no_axes(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: return %[[X]]
  %0 = qcc.reduce sum %x {axes = array<i64>} : tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Squares change elements even without axes.
// CHECK-LABEL: @keeps_squares
func.func @keeps_squares(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: qcc.reduce sum_square
  %0 = qcc.reduce sum_square %x {axes = array<i64>}
      : tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// The number of elements of a shape.
// CHECK-LABEL: @folds_product
func.func @folds_product() -> tensor<1xi64> {
  // CHECK: dense<24> : tensor<1xi64>
  %c = arith.constant dense<[2, 3, 4]> : tensor<3xi64>
  %0 = qcc.reduce prod %c {axes = array<i64: 0>}
      : tensor<3xi64> -> tensor<1xi64>
  return %0 : tensor<1xi64>
}

// Along the rows.
// CHECK-LABEL: @folds_mean
func.func @folds_mean() -> tensor<2x1xf32> {
  // CHECK: dense<[{{\[}}1.500000e+00], [4.000000e+00]]> : tensor<2x1xf32>
  %c = arith.constant dense<[[1.0, 2.0], [3.0, 5.0]]> : tensor<2x2xf32>
  %0 = qcc.reduce mean %c {axes = array<i64: 1>}
      : tensor<2x2xf32> -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}
