// RUN: qcc-opt %s --qcc-sink-transposes | FileCheck %s

// Two layers of channels-last images, with a relu and a padding in between.
// CHECK-LABEL: @sinks_until_they_cancel
func.func @sinks_until_they_cancel(%x: tensor<1x3x4x5xf32>)
    -> tensor<1x3x6x5xf32> {
  // CHECK: %[[R:.*]] = qcc.unary relu %arg0
  // CHECK: %[[P:.*]] = qcc.pad %[[R]] {high = array<i64: 0, 0, 1, 0>, low = array<i64: 0, 0, 1, 0>}
  // CHECK-NEXT: return %[[P]]
  %0 = qcc.transpose %x {permutation = array<i64: 0, 2, 3, 1>}
    : tensor<1x3x4x5xf32> -> tensor<1x4x5x3xf32>
  %1 = qcc.unary relu %0 {alpha = 0.0 : f32, beta = 0.0 : f32}
    : tensor<1x4x5x3xf32> -> tensor<1x4x5x3xf32>
  %2 = qcc.pad %1 {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 1, 0, 0>}
    : tensor<1x4x5x3xf32> -> tensor<1x6x5x3xf32>
  %3 = qcc.transpose %2 {permutation = array<i64: 0, 3, 1, 2>}
    : tensor<1x6x5x3xf32> -> tensor<1x3x6x5xf32>
  return %3 : tensor<1x3x6x5xf32>
}

// A constant of fewer dimensions gets all of them first.
// CHECK-LABEL: @sinks_through_constants
func.func @sinks_through_constants(%x: tensor<2x3x4xf32>)
    -> tensor<2x4x3xf32> {
  // CHECK: %[[C:.*]] = arith.constant dense<{{.*}}> : tensor<1x3x1xf32>
  // CHECK: %[[A:.*]] = qcc.binary add %arg0, %[[C]]
  // CHECK: qcc.transpose %[[A]] {permutation = array<i64: 0, 2, 1>}
  %bias = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %0 = qcc.transpose %x {permutation = array<i64: 0, 2, 1>}
    : tensor<2x3x4xf32> -> tensor<2x4x3xf32>
  %1 = qcc.binary add %0, %bias
    : (tensor<2x4x3xf32>, tensor<3xf32>) -> tensor<2x4x3xf32>
  return %1 : tensor<2x4x3xf32>
}

// Dimensions that an attribute names are renamed.
// CHECK-LABEL: @sinks_through_axes
func.func @sinks_through_axes(%x: tensor<2x3x4xf32>, %y: tensor<2x3x4xf32>)
    -> tensor<1x3x4xf32> {
  // CHECK: %[[C:.*]] = qcc.concat %arg0, %arg1 {axis = 2 : i64}
  // CHECK: %[[L:.*]] = qcc.slice %[[C]] {starts = array<i64: 0, 0, 2>, steps = array<i64: 1, 1, 1>}
  // CHECK: %[[S:.*]] = qcc.softmax %[[L]] {axis = 1 : i64}
  // CHECK: %[[R:.*]] = qcc.reduce max %[[S]] {axes = array<i64: 0>}
  // CHECK: %[[N:.*]] = qcc.unary neg %[[R]]
  // CHECK: return %[[N]]
  %0 = qcc.transpose %x {permutation = array<i64: 0, 2, 1>}
    : tensor<2x3x4xf32> -> tensor<2x4x3xf32>
  %1 = qcc.transpose %y {permutation = array<i64: 0, 2, 1>}
    : tensor<2x3x4xf32> -> tensor<2x4x3xf32>
  %2 = qcc.concat %0, %1 {axis = 1 : i64}
    : (tensor<2x4x3xf32>, tensor<2x4x3xf32>) -> tensor<2x8x3xf32>
  %3 = qcc.slice %2 {starts = array<i64: 0, 2, 0>, steps = array<i64: 1, 1, 1>}
    : tensor<2x8x3xf32> -> tensor<2x4x3xf32>
  %4 = qcc.softmax %3 {axis = 2 : i64} : tensor<2x4x3xf32> -> tensor<2x4x3xf32>
  %5 = qcc.reduce max %4 {axes = array<i64: 0>}
    : tensor<2x4x3xf32> -> tensor<1x4x3xf32>
  %6 = qcc.transpose %5 {permutation = array<i64: 0, 2, 1>}
    : tensor<1x4x3xf32> -> tensor<1x3x4xf32>
  %7 = qcc.unary neg %6 {alpha = 0.0 : f32, beta = 0.0 : f32}
    : tensor<1x3x4xf32> -> tensor<1x3x4xf32>
  return %7 : tensor<1x3x4xf32>
}

// A convolution takes the padding in, if no transpose comes between.
// CHECK-LABEL: @keeps_padding_at_convolutions
func.func @keeps_padding_at_convolutions(%x: tensor<1x4x4x3xf32>)
    -> tensor<1x2x4x4xf32> {
  // CHECK: %[[T:.*]] = qcc.transpose %arg0
  // CHECK: %[[P:.*]] = qcc.pad %[[T]]
  // CHECK: qcc.conv %[[P]]
  %w = arith.constant dense<0.5> : tensor<2x3x3x3xf32>
  %0 = qcc.transpose %x {permutation = array<i64: 0, 3, 1, 2>}
    : tensor<1x4x4x3xf32> -> tensor<1x3x4x4xf32>
  %1 = qcc.pad %0 {low = array<i64: 0, 0, 1, 1>, high = array<i64: 0, 0, 1, 1>}
    : tensor<1x3x4x4xf32> -> tensor<1x3x6x6xf32>
  %2 = qcc.conv %1, %w
    : (tensor<1x3x6x6xf32>, tensor<2x3x3x3xf32>) -> tensor<1x2x4x4xf32>
  return %2 : tensor<1x2x4x4xf32>
}

// The other operand would need a transpose of its own.
// CHECK-LABEL: @keeps_before_other_operands
func.func @keeps_before_other_operands(%x: tensor<3x4xf32>, %y: tensor<4x3xf32>)
    -> tensor<4x3xf32> {
  // CHECK: %[[T:.*]] = qcc.transpose %arg0
  // CHECK: qcc.binary add %[[T]], %arg1
  %0 = qcc.transpose %x {permutation = array<i64: 1, 0>}
    : tensor<3x4xf32> -> tensor<4x3xf32>
  %1 = qcc.binary add %0, %y
    : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// The result has more dimensions than the transpose.
// CHECK-LABEL: @keeps_before_broadcasts
func.func @keeps_before_broadcasts(%x: tensor<3x4xf32>) -> tensor<1x4x3xf32> {
  // CHECK: %[[T:.*]] = qcc.transpose %arg0
  // CHECK: qcc.binary add %[[T]]
  %one = arith.constant dense<[[[1.0, 2.0, 3.0]]]> : tensor<1x1x3xf32>
  %0 = qcc.transpose %x {permutation = array<i64: 1, 0>}
    : tensor<3x4xf32> -> tensor<4x3xf32>
  %1 = qcc.binary add %0, %one
    : (tensor<4x3xf32>, tensor<1x1x3xf32>) -> tensor<1x4x3xf32>
  return %1 : tensor<1x4x3xf32>
}

// Elements move to other rows: the order of dimensions matters.
// CHECK-LABEL: @keeps_before_reshape
func.func @keeps_before_reshape(%x: tensor<3x4xf32>) -> tensor<12xf32> {
  // CHECK: %[[T:.*]] = qcc.transpose %arg0
  // CHECK: qcc.reshape %[[T]]
  %0 = qcc.transpose %x {permutation = array<i64: 1, 0>}
    : tensor<3x4xf32> -> tensor<4x3xf32>
  %1 = qcc.reshape %0 : tensor<4x3xf32> -> tensor<12xf32>
  return %1 : tensor<12xf32>
}
