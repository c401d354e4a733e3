// RUN: qcc-opt %s --qcc-convert-linalg | FileCheck %s

// Two reshapes in a row are one.
// CHECK-LABEL: @converts_reshapes
func.func @converts_reshapes(%x: tensor<2x3x4xf32>) -> tensor<1x2x12xf32> {
  // CHECK: qcc.reshape %arg0 : tensor<2x3x4xf32> -> tensor<1x2x12xf32>
  %0 = tensor.collapse_shape %x [[0], [1, 2]]
    : tensor<2x3x4xf32> into tensor<2x12xf32>
  %1 = tensor.expand_shape %0 [[0, 1], [2]] output_shape [1, 2, 12]
    : tensor<2x12xf32> into tensor<1x2x12xf32>
  return %1 : tensor<1x2x12xf32>
}

// CHECK-LABEL: @converts_reshape
func.func @converts_reshape(%x: tensor<2x3xf32>) -> tensor<6xf32> {
  // CHECK: qcc.reshape %arg0 : tensor<2x3xf32> -> tensor<6xf32>
  %shape = arith.constant dense<6> : tensor<1xi64>
  %0 = tensor.reshape %x(%shape)
    : (tensor<2x3xf32>, tensor<1xi64>) -> tensor<6xf32>
  return %0 : tensor<6xf32>
}

// The dimension that the slice drops is reshaped away.
// CHECK-LABEL: @converts_extract_slice
func.func @converts_extract_slice(%x: tensor<4x6xf32>) -> tensor<3xf32> {
  // CHECK: %[[S:.*]] = qcc.slice %arg0
  // CHECK-SAME: starts = array<i64: 1, 0>, steps = array<i64: 1, 2>
  // CHECK: qcc.reshape %[[S]] : tensor<1x3xf32> -> tensor<3xf32>
  %0 = tensor.extract_slice %x[1, 0] [1, 3] [1, 2]
    : tensor<4x6xf32> to tensor<3xf32>
  return %0 : tensor<3xf32>
}

// The parts around it stay: left and right of it, then below.
// CHECK-LABEL: @converts_insert_slice
func.func @converts_insert_slice(%x: tensor<2x1xf32>, %y: tensor<4x3xf32>)
    -> tensor<4x3xf32> {
  // CHECK: %[[ROWS:.*]] = qcc.slice %arg1 {starts = array<i64: 0, 0>
  // CHECK: %[[LEFT:.*]] = qcc.slice %[[ROWS]] {starts = array<i64: 0, 0>
  // CHECK: %[[RIGHT:.*]] = qcc.slice %[[ROWS]] {starts = array<i64: 0, 2>
  // CHECK: %[[MIDDLE:.*]] = qcc.concat %[[LEFT]], %arg0, %[[RIGHT]]
  // CHECK-SAME: axis = 1
  // CHECK: %[[BELOW:.*]] = qcc.slice %arg1 {starts = array<i64: 2, 0>
  // CHECK: qcc.concat %[[MIDDLE]], %[[BELOW]] {axis = 0 : i64}
  %0 = tensor.insert_slice %x into %y[0, 1] [2, 1] [1, 1]
    : tensor<2x1xf32> into tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// CHECK-LABEL: @converts_pad
func.func @converts_pad(%x: tensor<2x3xf32>) -> tensor<3x5xf32> {
  // CHECK: qcc.pad %arg0 {high = array<i64: 0, 2>, low = array<i64: 1, 0>
  // CHECK-SAME: value = 1.500000e+00
  %value = arith.constant 1.5 : f32
  %0 = tensor.pad %x low[1, 0] high[0, 2] {
  ^bb0(%i: index, %j: index):
    tensor.yield %value : f32
  } : tensor<2x3xf32> to tensor<3x5xf32>
  return %0 : tensor<3x5xf32>
}

// CHECK-LABEL: @converts_concat
func.func @converts_concat(%x: tensor<2x3xf32>, %y: tensor<2x1xf32>)
    -> tensor<2x4xf32> {
  // CHECK: qcc.concat %arg0, %arg1 {axis = 1 : i64}
  %0 = tensor.concat dim(1) %x, %y
    : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// CHECK-LABEL: @converts_constants
func.func @converts_constants(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK-DAG: arith.constant dense<[1.000000e+00, 2.000000e+00]>
  // CHECK-DAG: arith.constant dense<2.000000e+00> : tensor<f32>
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %0 = tensor.from_elements %one, %two : tensor<2xf32>
  %1 = tensor.splat %two : tensor<2xf32>
  %2 = arith.mulf %x, %0 : tensor<2xf32>
  %3 = arith.addf %2, %1 : tensor<2xf32>
  return %3 : tensor<2xf32>
}
