// RUN: qcc-opt %s --qcc-fold-affine | FileCheck %s

// Batch norm after a convolution: 2 * (3x + 1) + 5 = 6x + 7.
// CHECK-LABEL: @folds_batch_norm
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<6.0{{.*}}> : tensor<1x1x1x1xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<7.0{{.*}}> : tensor<1xf32>
// CHECK:         %[[Y:.*]] = qcc.conv %{{.*}}, %[[W]] bias(%[[B]])
// CHECK-NEXT:    return %[[Y]]
func.func @folds_batch_norm(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %b = arith.constant dense<1.0> : tensor<1xf32>
  %scale = arith.constant dense<2.0> : tensor<1x1x1xf32>
  %shift = arith.constant dense<5.0> : tensor<1x1x1xf32>
  %0 = qcc.conv %x, %w bias(%b)
    : (tensor<1x1x4x4xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x1x4x4xf32>
  %1 = qcc.binary mul %0, %scale : (tensor<1x1x4x4xf32>, tensor<1x1x1xf32>) -> tensor<1x1x4x4xf32>
  %2 = qcc.binary add %shift, %1 : (tensor<1x1x1xf32>, tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32>
  return %2 : tensor<1x1x4x4xf32>
}

// Each output channel has its own factor: rows of the weight are scaled.
// CHECK-LABEL: @folds_division_per_channel
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}1.0{{.*}}, 2.0{{.*}}], [1.0{{.*}}, 1.0{{.*}}]]>
// CHECK:         %[[Y:.*]] = qcc.linear %{{.*}}, %[[W]] bias
// CHECK-NEXT:    return %[[Y]]
func.func @folds_division_per_channel(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<[[2.0, 4.0], [4.0, 4.0]]> : tensor<2x2xf32>
  %c = arith.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %0 = qcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qcc.binary div %0, %c : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// 10 - (3x) negates the weights.
// CHECK-LABEL: @folds_difference_from_constant
// CHECK-DAG:     arith.constant dense<-3.0{{.*}}> : tensor<1x1xf32>
// CHECK-DAG:     arith.constant dense<1.0{{.*}}e+01> : tensor<1xf32>
// CHECK-NOT:     qcc.binary
func.func @folds_difference_from_constant(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %c = arith.constant dense<10.0> : tensor<1xf32>
  %0 = qcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.binary sub %c, %0 : (tensor<1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// A factor before a padded convolution: zero times it is zero still.
// CHECK-LABEL: @folds_factor_before_padding
// CHECK-DAG:     arith.constant dense<1.0{{.*}}> : tensor<1x1x3x3xf32>
// CHECK-NOT:     qcc.binary
func.func @folds_factor_before_padding(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %w = arith.constant dense<2.0> : tensor<1x1x3x3xf32>
  %c = arith.constant dense<0.5> : tensor<f32>
  %0 = qcc.binary mul %x, %c : (tensor<1x1x4x4xf32>, tensor<f32>) -> tensor<1x1x4x4xf32>
  %1 = qcc.conv %0, %w {pads = array<i64: 1, 1, 1, 1>}
    : (tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x4x4xf32>
  return %1 : tensor<1x1x4x4xf32>
}

// The second group reads the second channel: 4 * 10 goes to its bias.
// CHECK-LABEL: @folds_shift_before_groups
// CHECK-DAG:     arith.constant dense<[3.0{{.*}}, 4.0{{.*}}e+01]> : tensor<2xf32>
// CHECK-NOT:     qcc.binary
func.func @folds_shift_before_groups(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %w = arith.constant dense<[[[[3.0]]], [[[4.0]]]]> : tensor<2x1x1x1xf32>
  %c = arith.constant dense<[[[1.0]], [[10.0]]]> : tensor<2x1x1xf32>
  %0 = qcc.binary add %x, %c : (tensor<1x2x4x4xf32>, tensor<2x1x1xf32>) -> tensor<1x2x4x4xf32>
  %1 = qcc.conv %0, %w {group = 2 : i64}
    : (tensor<1x2x4x4xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x4x4xf32>
  return %1 : tensor<1x2x4x4xf32>
}

// Padding is zero after the addition, so it cannot move into the convolution.
// CHECK-LABEL: @keeps_shift_before_padding
// CHECK:         qcc.binary add
func.func @keeps_shift_before_padding(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %w = arith.constant dense<2.0> : tensor<1x1x3x3xf32>
  %c = arith.constant dense<0.5> : tensor<f32>
  %0 = qcc.binary add %x, %c : (tensor<1x1x4x4xf32>, tensor<f32>) -> tensor<1x1x4x4xf32>
  %1 = qcc.conv %0, %w {pads = array<i64: 1, 1, 1, 1>}
    : (tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x4x4xf32>
  return %1 : tensor<1x1x4x4xf32>
}

// The bound applies before the factor.
// CHECK-LABEL: @keeps_factor_after_activation
// CHECK:         qcc.binary mul
func.func @keeps_factor_after_activation(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %c = arith.constant dense<2.0> : tensor<1xf32>
  %0 = qcc.linear %x, %w {lower = 0.0 : f32} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.binary mul %0, %c : (tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// Somebody else reads the sum without the factor.
// CHECK-LABEL: @keeps_factor_of_shared_sum
// CHECK:         qcc.binary mul
func.func @keeps_factor_of_shared_sum(%x: tensor<1x1xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %c = arith.constant dense<2.0> : tensor<1xf32>
  %0 = qcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.binary mul %0, %c : (tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0, %1 : tensor<1x1xf32>, tensor<1x1xf32>
}

// The constant varies along the image, not only along channels.
// CHECK-LABEL: @keeps_factor_per_pixel
// CHECK:         qcc.binary mul
func.func @keeps_factor_per_pixel(%x: tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %c = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %0 = qcc.conv %x, %w : (tensor<1x1x1x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x2xf32>
  %1 = qcc.binary mul %0, %c : (tensor<1x1x1x2xf32>, tensor<2xf32>) -> tensor<1x1x1x2xf32>
  return %1 : tensor<1x1x1x2xf32>
}
