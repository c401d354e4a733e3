// RUN: qcc-opt %s --qcc-normalize-shapes | FileCheck %s

// CHECK-LABEL: @merges_transposes
// CHECK-SAME:    %[[X:.*]]: tensor<2x3x4xf32>
// CHECK-NEXT:    %[[Y:.*]] = qcc.transpose %[[X]] {permutation = array<i64: 0, 2, 1>}
// CHECK-NEXT:    return %[[Y]]
func.func @merges_transposes(%x: tensor<2x3x4xf32>) -> tensor<2x4x3xf32> {
  %0 = qcc.transpose %x {permutation = array<i64: 1, 0, 2>} : tensor<2x3x4xf32> -> tensor<3x2x4xf32>
  %1 = qcc.transpose %0 {permutation = array<i64: 1, 2, 0>} : tensor<3x2x4xf32> -> tensor<2x4x3xf32>
  return %1 : tensor<2x4x3xf32>
}

// Only the dimension of size 1 moves, then everything is flattened.
// CHECK-LABEL: @flattens_at_once
// CHECK-SAME:    %[[X:.*]]: tensor<1x4x1x1xf32>
// CHECK-NEXT:    %[[Y:.*]] = qcc.reshape %[[X]]
// CHECK-NEXT:    return %[[Y]]
func.func @flattens_at_once(%x: tensor<1x4x1x1xf32>) -> tensor<1x4xf32> {
  %0 = qcc.transpose %x {permutation = array<i64: 0, 2, 3, 1>}
    : tensor<1x4x1x1xf32> -> tensor<1x1x1x4xf32>
  %1 = qcc.reshape %0 : tensor<1x1x1x4xf32> -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// CHECK-LABEL: @keeps_real_transpose
// CHECK:         qcc.transpose
func.func @keeps_real_transpose(%x: tensor<1x4x2x1xf32>) -> tensor<1x2x1x4xf32> {
  %0 = qcc.transpose %x {permutation = array<i64: 0, 2, 3, 1>}
    : tensor<1x4x2x1xf32> -> tensor<1x2x1x4xf32>
  return %0 : tensor<1x2x1x4xf32>
}

// CHECK-LABEL: @folds_padding
// CHECK:         qcc.conv %{{.*}}pads = array<i64: 1, 1, 2, 1>
// CHECK-NEXT:    return
func.func @folds_padding(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x5x4xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x3x3xf32>
  %0 = qcc.pad %x {low = array<i64: 0, 0, 0, 0>, high = array<i64: 0, 0, 1, 0>}
    : tensor<1x1x4x4xf32> -> tensor<1x1x5x4xf32>
  %1 = qcc.conv %0, %w {pads = array<i64: 1, 1, 1, 1>}
    : (tensor<1x1x5x4xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x5x4xf32>
  return %1 : tensor<1x1x5x4xf32>
}

// Only the middle row of a kernel that is dilated beyond the image reads it;
// its columns all do.
// CHECK-LABEL: @drops_padded_rows
// CHECK:         dense<{{\[\[\[\[}}3.000000e+00, 4.000000e+00]]]]> : tensor<1x1x1x2xf32>
// CHECK:         qcc.conv {{.*}} {dilations = array<i64: 4, 1>, pads = array<i64: 0, 0, 0, 1>}
func.func @drops_padded_rows(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %w = arith.constant dense<[[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]]>
    : tensor<1x1x3x2xf32>
  %0 = qcc.conv %x, %w {dilations = array<i64: 4, 1>, pads = array<i64: 4, 0, 4, 1>}
    : (tensor<1x1x4x4xf32>, tensor<1x1x3x2xf32>) -> tensor<1x1x4x4xf32>
  return %0 : tensor<1x1x4x4xf32>
}

// One row of results still reads the image through the first row.
// CHECK-LABEL: @keeps_rows
// CHECK:         qcc.conv {{.*}}pads = array<i64: 3, 0, 3, 1>
func.func @keeps_rows(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %w = arith.constant dense<1.0> : tensor<1x1x3x2xf32>
  %0 = qcc.conv %x, %w {dilations = array<i64: 3, 1>, pads = array<i64: 3, 0, 3, 1>}
    : (tensor<1x1x4x4xf32>, tensor<1x1x3x2xf32>) -> tensor<1x1x4x4xf32>
  return %0 : tensor<1x1x4x4xf32>
}

// Convolutions pad with zero only.
// CHECK-LABEL: @keeps_padding_with_ones
// CHECK:         qcc.pad
func.func @keeps_padding_with_ones(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x6x6xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %0 = qcc.pad %x {low = array<i64: 0, 0, 1, 1>, high = array<i64: 0, 0, 1, 1>, value = 1.0}
    : tensor<1x1x4x4xf32> -> tensor<1x1x6x6xf32>
  %1 = qcc.conv %0, %w : (tensor<1x1x6x6xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x6x6xf32>
  return %1 : tensor<1x1x6x6xf32>
}

// CHECK-LABEL: @keeps_padding_of_channels
// CHECK:         qcc.pad
func.func @keeps_padding_of_channels(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x4x4xf32> {
  %w = arith.constant dense<3.0> : tensor<1x2x1x1xf32>
  %0 = qcc.pad %x {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 0, 0, 0>}
    : tensor<1x1x4x4xf32> -> tensor<1x2x4x4xf32>
  %1 = qcc.conv %0, %w : (tensor<1x2x4x4xf32>, tensor<1x2x1x1xf32>) -> tensor<1x1x4x4xf32>
  return %1 : tensor<1x1x4x4xf32>
}

// CHECK-LABEL: @keeps_cropping
// CHECK:         qcc.pad
func.func @keeps_cropping(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x3x4xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %0 = qcc.pad %x {low = array<i64: 0, 0, -1, 0>, high = array<i64: 0, 0, 0, 0>}
    : tensor<1x1x4x4xf32> -> tensor<1x1x3x4xf32>
  %1 = qcc.conv %0, %w : (tensor<1x1x3x4xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x3x4xf32>
  return %1 : tensor<1x1x3x4xf32>
}

// CHECK-LABEL: @reduces_global_pool
// CHECK:         qcc.reduce mean %{{.*}} {axes = array<i64: 2, 3>}
func.func @reduces_global_pool(%x: tensor<1x2x7x7xf32>) -> tensor<1x2x1x1xf32> {
  %0 = qcc.average_pool %x {kernel = array<i64: 7, 7>} : tensor<1x2x7x7xf32> -> tensor<1x2x1x1xf32>
  return %0 : tensor<1x2x1x1xf32>
}

// CHECK-LABEL: @keeps_small_pool
// CHECK:         qcc.average_pool
func.func @keeps_small_pool(%x: tensor<1x2x7x7xf32>) -> tensor<1x2x2x1xf32> {
  %0 = qcc.average_pool %x {kernel = array<i64: 6, 7>} : tensor<1x2x7x7xf32> -> tensor<1x2x2x1xf32>
  return %0 : tensor<1x2x2x1xf32>
}

// Its sum has the size of the image but another divisor.
// CHECK-LABEL: @keeps_padded_pool
// CHECK:         qcc.average_pool
func.func @keeps_padded_pool(%x: tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32> {
  %0 = qcc.average_pool %x {kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>,
      count_include_pad = true} : tensor<1x2x3x3xf32> -> tensor<1x2x3x3xf32>
  return %0 : tensor<1x2x3x3xf32>
}

// CHECK-LABEL: @drops_reduce_of_nothing
// CHECK-SAME:    %[[X:.*]]: tensor<2x1xf32>
// CHECK-NEXT:    return %[[X]]
func.func @drops_reduce_of_nothing(%x: tensor<2x1xf32>) -> tensor<2x1xf32> {
  %0 = qcc.reduce mean %x {axes = array<i64: 1>} : tensor<2x1xf32> -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// CHECK-LABEL: @keeps_square
// CHECK:         qcc.reduce sum_square
func.func @keeps_square(%x: tensor<2x1xf32>) -> tensor<2x1xf32> {
  %0 = qcc.reduce sum_square %x {axes = array<i64: 1>} : tensor<2x1xf32> -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// The matrix is transposed and the bias comes before the reshape.
// CHECK-LABEL: @makes_linear
// CHECK-SAME:    %[[X:.*]]: tensor<1x3x2xf32>
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}1.0{{.*}}, 3.0{{.*}}], [2.0{{.*}}, 4.0{{.*}}]]>
// CHECK:         %[[R:.*]] = qcc.reshape %[[X]] : tensor<1x3x2xf32> -> tensor<3x2xf32>
// CHECK-NEXT:    %[[L:.*]] = qcc.linear %[[R]], %[[W]]
// CHECK-NEXT:    %[[S:.*]] = qcc.binary add %[[L]]
// CHECK-NEXT:    qcc.reshape %[[S]] : tensor<3x2xf32> -> tensor<1x3x2xf32>
func.func @makes_linear(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<[5.0, 6.0]> : tensor<2xf32>
  %0 = qcc.matmul %x, %w : (tensor<1x3x2xf32>, tensor<2x2xf32>) -> tensor<1x3x2xf32>
  %1 = qcc.binary add %b, %0 : (tensor<2xf32>, tensor<1x3x2xf32>) -> tensor<1x3x2xf32>
  return %1 : tensor<1x3x2xf32>
}

// CHECK-LABEL: @keeps_product_of_activations
// CHECK:         qcc.matmul
func.func @keeps_product_of_activations(%x: tensor<3x2xf32>, %y: tensor<2x2xf32>)
    -> tensor<3x2xf32> {
  %0 = qcc.matmul %x, %y : (tensor<3x2xf32>, tensor<2x2xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// CHECK-LABEL: @keeps_stack_of_matrices
// CHECK:         qcc.matmul
func.func @keeps_stack_of_matrices(%x: tensor<1x3x2xf32>) -> tensor<1x3x2xf32> {
  %w = arith.constant dense<1.0> : tensor<1x2x2xf32>
  %0 = qcc.matmul %x, %w : (tensor<1x3x2xf32>, tensor<1x2x2xf32>) -> tensor<1x3x2xf32>
  return %0 : tensor<1x3x2xf32>
}
