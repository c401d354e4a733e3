// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Nothing to repeat.
// CHECK-LABEL: @drops_same_shape
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_same_shape(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: return %[[X]]
  %0 = qcc.expand %x : tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// A repeat is a new type.
// CHECK-LABEL: @keeps_repeat
func.func @keeps_repeat(%x: tensor<1xf32>) -> tensor<2xf32> {
  // CHECK: qcc.expand
  %0 = qcc.expand %x : tensor<1xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Each row twice.
// CHECK-LABEL: @folds_constant
func.func @folds_constant() -> tensor<2x2xi64> {
  // CHECK: dense<[{{\[}}1, 1], [2, 2]]> : tensor<2x2xi64>
  %c = arith.constant dense<[[1], [2]]> : tensor<2x1xi64>
  %0 = qcc.expand %c : tensor<2x1xi64> -> tensor<2x2xi64>
  return %0 : tensor<2x2xi64>
}
