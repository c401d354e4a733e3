// RUN: qcc-opt %s --qcc-fuse-residual | FileCheck %s

// CHECK-LABEL: @fuses_addition
// CHECK-SAME:    %[[X:.*]]: tensor<1x2xf32>
// CHECK:         %[[Y:.*]] = qcc.linear %[[X]], %{{.*}} residual(%[[X]])
// CHECK-NEXT:    return %[[Y]]
func.func @fuses_addition(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<3.0> : tensor<2x2xf32>
  %0 = qcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qcc.binary add %0, %x : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// Of two convolutions the later one takes the other's result, and the bound.
// CHECK-LABEL: @fuses_into_later_one
// CHECK:         %[[A:.*]] = qcc.conv %{{.*}}, %{{.*}} : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>)
// CHECK:         %[[B:.*]] = qcc.conv {{.*}} residual(%[[A]]) {{.*}}lower = 0.0
// CHECK-NEXT:    return %[[B]]
func.func @fuses_into_later_one(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %v = arith.constant dense<2.0> : tensor<1x1x3x3xf32>
  %0 = qcc.conv %x, %w : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %1 = qcc.conv %x, %v {pads = array<i64: 1, 1, 1, 1>}
    : (tensor<1x1x2x2xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x2x2xf32>
  %2 = qcc.binary add %1, %0 {lower = 0.0 : f32}
    : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  return %2 : tensor<1x1x2x2xf32>
}

// The bound of the contraction applies before the addition.
// CHECK-LABEL: @keeps_addition_after_activation
// CHECK:         qcc.binary add
func.func @keeps_addition_after_activation(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<3.0> : tensor<2x2xf32>
  %0 = qcc.linear %x, %w {lower = 0.0 : f32} : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qcc.binary add %0, %x : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// A residual has the shape of the result.
// CHECK-LABEL: @keeps_broadcast_addition
// CHECK:         qcc.binary add
func.func @keeps_broadcast_addition(%x: tensor<1x2xf32>, %y: tensor<1x1xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<3.0> : tensor<2x2xf32>
  %0 = qcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qcc.binary add %0, %y : (tensor<1x2xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// Somebody reads the sum without the residual.
// CHECK-LABEL: @keeps_addition_of_shared_sum
// CHECK:         qcc.binary add
func.func @keeps_addition_of_shared_sum(%x: tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %w = arith.constant dense<3.0> : tensor<2x2xf32>
  %0 = qcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qcc.binary add %0, %x : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %0, %1 : tensor<1x2xf32>, tensor<1x2xf32>
}

// A constant is no activation to read beside the result.
// CHECK-LABEL: @keeps_addition_of_constant
// CHECK:         qcc.binary add
func.func @keeps_addition_of_constant(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<3.0> : tensor<2x2xf32>
  %c = arith.constant dense<1.0> : tensor<1x2xf32>
  %0 = qcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qcc.binary add %0, %c : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// CHECK-LABEL: @keeps_product
// CHECK:         qcc.binary mul
func.func @keeps_product(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<3.0> : tensor<2x2xf32>
  %0 = qcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qcc.binary mul %0, %x : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}
