// RUN: qcc-opt %s --qcc-fuse-activations | FileCheck %s

// CHECK-LABEL: @fuses_relu
// CHECK:         %[[Y:.*]] = qcc.linear {{.*}} {lower = 0.0{{.*}} : f32}
// CHECK-NEXT:    return %[[Y]]
func.func @fuses_relu(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.unary relu %0 : tensor<1x1xf32> -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// Bounds of bounds: what passes both is 1 to 6.
// CHECK-LABEL: @merges_clamps
// CHECK:         %[[Y:.*]] = qcc.clamp %{{.*}} {lower = 1.0{{.*}} : f32, upper = 6.0{{.*}} : f32}
// CHECK-NEXT:    return %[[Y]]
func.func @merges_clamps(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.clamp %x {lower = 0.0 : f32, upper = 6.0 : f32} : tensor<4xf32> -> tensor<4xf32>
  %1 = qcc.clamp %0 {lower = 1.0 : f32, upper = 8.0 : f32} : tensor<4xf32> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: @fuses_clamp_of_sum
// CHECK:         %[[Y:.*]] = qcc.binary add {{.*}} {upper = 6.0{{.*}} : f32}
// CHECK-NEXT:    return %[[Y]]
func.func @fuses_clamp_of_sum(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.binary add %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = qcc.clamp %0 {upper = 6.0 : f32} : tensor<4xf32> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: @moves_relu_before_pool
// CHECK:         %[[C:.*]] = qcc.conv {{.*}} {lower = 0.0{{.*}} : f32}
// CHECK-NEXT:    %[[P:.*]] = qcc.max_pool %[[C]]
// CHECK-NEXT:    return %[[P]]
func.func @moves_relu_before_pool(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %0 = qcc.conv %x, %w : (tensor<1x1x4x4xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x4x4xf32>
  %1 = qcc.max_pool %0 {kernel = array<i64: 2, 2>} : tensor<1x1x4x4xf32> -> tensor<1x1x3x3xf32>
  %2 = qcc.unary relu %1 : tensor<1x1x3x3xf32> -> tensor<1x1x3x3xf32>
  return %2 : tensor<1x1x3x3xf32>
}

// Somebody reads the sum without the bound.
// CHECK-LABEL: @keeps_relu_of_shared_sum
// CHECK:         qcc.clamp
func.func @keeps_relu_of_shared_sum(%x: tensor<1x1xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.unary relu %0 : tensor<1x1xf32> -> tensor<1x1xf32>
  return %0, %1 : tensor<1x1xf32>, tensor<1x1xf32>
}

// Only sums and products know bounds.
// CHECK-LABEL: @keeps_relu_of_power
// CHECK:         qcc.clamp
func.func @keeps_relu_of_power(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.binary pow %x, %y : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = qcc.unary relu %0 : tensor<4xf32> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Bounds are f32 numbers; a relu of integers stays what it is.
// CHECK-LABEL: @keeps_relu_of_integers
// CHECK:         qcc.unary relu
func.func @keeps_relu_of_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  %0 = qcc.unary relu %x : tensor<4xi32> -> tensor<4xi32>
  return %0 : tensor<4xi32>
}

// Nothing before the pool could take the bound.
// CHECK-LABEL: @keeps_relu_after_pool_of_argument
// CHECK:         qcc.max_pool
// CHECK-NEXT:    qcc.clamp
func.func @keeps_relu_after_pool_of_argument(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32> {
  %0 = qcc.max_pool %x {kernel = array<i64: 2, 2>} : tensor<1x1x4x4xf32> -> tensor<1x1x3x3xf32>
  %1 = qcc.unary relu %0 : tensor<1x1x3x3xf32> -> tensor<1x1x3x3xf32>
  return %1 : tensor<1x1x3x3xf32>
}
