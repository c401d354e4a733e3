// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Nothing to give a new shape to.
// CHECK-LABEL: @drops_same_shape
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_same_shape(%x: tensor<6xf32>) -> tensor<6xf32> {
  // CHECK: return %[[X]]
  %0 = qcc.reshape %x : tensor<6xf32> -> tensor<6xf32>
  return %0 : tensor<6xf32>
}

// Only the last shape counts.
// CHECK-LABEL: @joins_two
// CHECK-SAME: %[[X:.*]]: tensor
func.func @joins_two(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // CHECK: %[[Y:.*]] = qcc.reshape %[[X]] : tensor<2x3xf32> -> tensor<3x2xf32>
  // CHECK: return %[[Y]]
  %1 = qcc.reshape %x : tensor<2x3xf32> -> tensor<6xf32>
  %0 = qcc.reshape %1 : tensor<6xf32> -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// There and back is the input.
// CHECK-LABEL: @drops_round_trip
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_round_trip(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: return %[[X]]
  %1 = qcc.reshape %x : tensor<2x3xf32> -> tensor<6xf32>
  %0 = qcc.reshape %1 : tensor<6xf32> -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// A new shape is a new type.
// CHECK-LABEL: @keeps_new_shape
func.func @keeps_new_shape(%x: tensor<2x3xf32>) -> tensor<6xf32> {
  // CHECK: qcc.reshape
  %0 = qcc.reshape %x : tensor<2x3xf32> -> tensor<6xf32>
  return %0 : tensor<6xf32>
}

// The elements stay in order.
// CHECK-LABEL: @folds_constant
func.func @folds_constant() -> tensor<2x2xi64> {
  // CHECK: dense<[{{\[}}1, 2], [3, 4]]> : tensor<2x2xi64>
  %c = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi64>
  %0 = qcc.reshape %c : tensor<4xi64> -> tensor<2x2xi64>
  return %0 : tensor<2x2xi64>
}

// A splat is one element for all.
// CHECK-LABEL: @folds_splat
func.func @folds_splat() -> tensor<2x2xf32> {
  // CHECK: dense<2.000000e+00> : tensor<2x2xf32>
  %c = arith.constant dense<2.0> : tensor<4xf32>
  %0 = qcc.reshape %c : tensor<4xf32> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
