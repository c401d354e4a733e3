// RUN: qcc-opt %s --qcc-convert-linalg | FileCheck %s

// The image is transposed, its filters at once, and the result back.
// CHECK-LABEL: @converts_conv_nhwc
func.func @converts_conv_nhwc(%x: tensor<1x8x9x3xf32>)
    -> tensor<1x3x8x4xf32> {
  %w = arith.constant dense<0.5> : tensor<3x2x3x4xf32>
  // CHECK: %[[X:.*]] = qcc.transpose %arg0 {permutation = array<i64: 0, 3, 1, 2>}
  // CHECK: %[[Y:.*]] = qcc.conv %[[X]], {{.*}} {strides = array<i64: 2, 1>}
  // CHECK-SAME: tensor<4x3x3x2xf32>) -> tensor<1x4x3x8xf32>
  // CHECK: %[[R:.*]] = qcc.transpose %[[Y]] {permutation = array<i64: 0, 2, 3, 1>}
  // CHECK: return %[[R]]
  %zero = arith.constant dense<0.0> : tensor<1x3x8x4xf32>
  %0 = linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : vector<2xi64>,
                                 strides = dense<[2, 1]> : vector<2xi64>}
    ins(%x, %w : tensor<1x8x9x3xf32>, tensor<3x2x3x4xf32>)
    outs(%zero : tensor<1x3x8x4xf32>) -> tensor<1x3x8x4xf32>
  return %0 : tensor<1x3x8x4xf32>
}

// CHECK-LABEL: @converts_conv_nchw
func.func @converts_conv_nchw(%x: tensor<1x3x8x8xf32>)
    -> tensor<1x4x4x4xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3x3x3xf32>
  // CHECK: %[[Y:.*]] = qcc.conv %arg0
  // CHECK-SAME: dilations = array<i64: 2, 2>
  // CHECK-NEXT: return %[[Y]]
  %zero = arith.constant dense<0.0> : tensor<1x4x4x4xf32>
  %0 = linalg.conv_2d_nchw_fchw {dilations = dense<2> : vector<2xi64>,
                                 strides = dense<1> : vector<2xi64>}
    ins(%x, %w : tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>)
    outs(%zero : tensor<1x4x4x4xf32>) -> tensor<1x4x4x4xf32>
  return %0 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: @converts_conv_grouped
func.func @converts_conv_grouped(%x: tensor<1x2x3x8x8xf32>)
    -> tensor<1x2x4x6x6xf32> {
  %w = arith.constant dense<0.5> : tensor<2x4x3x3x3xf32>
  // CHECK: qcc.conv {{.*}} {group = 2 : i64}
  // CHECK-SAME: (tensor<1x6x8x8xf32>, tensor<8x3x3x3xf32>)
  %zero = arith.constant dense<0.0> : tensor<1x2x4x6x6xf32>
  %0 = linalg.conv_2d_ngchw_gfchw {dilations = dense<1> : vector<2xi64>,
                                   strides = dense<1> : vector<2xi64>}
    ins(%x, %w : tensor<1x2x3x8x8xf32>, tensor<2x4x3x3x3xf32>)
    outs(%zero : tensor<1x2x4x6x6xf32>) -> tensor<1x2x4x6x6xf32>
  return %0 : tensor<1x2x4x6x6xf32>
}

// One filter for each channel is a group for each.
// CHECK-LABEL: @converts_depthwise
func.func @converts_depthwise(%x: tensor<1x8x8x3xf32>)
    -> tensor<1x6x6x3xf32> {
  %w = arith.constant dense<0.5> : tensor<3x3x3xf32>
  // CHECK: qcc.conv {{.*}} {group = 3 : i64}
  // CHECK-SAME: (tensor<1x3x8x8xf32>, tensor<3x1x3x3xf32>)
  %zero = arith.constant dense<0.0> : tensor<1x6x6x3xf32>
  %0 = linalg.depthwise_conv_2d_nhwc_hwc {
      dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
    ins(%x, %w : tensor<1x8x8x3xf32>, tensor<3x3x3xf32>)
    outs(%zero : tensor<1x6x6x3xf32>) -> tensor<1x6x6x3xf32>
  return %0 : tensor<1x6x6x3xf32>
}

// CHECK-LABEL: @converts_depthwise_multiplier
func.func @converts_depthwise_multiplier(%x: tensor<1x8x8x3xf32>)
    -> tensor<1x6x6x3x2xf32> {
  %w = arith.constant dense<0.5> : tensor<3x3x3x2xf32>
  // CHECK: qcc.conv {{.*}} {group = 3 : i64}
  // CHECK-SAME: tensor<6x1x3x3xf32>) -> tensor<1x6x6x6xf32>
  %zero = arith.constant dense<0.0> : tensor<1x6x6x3x2xf32>
  %0 = linalg.depthwise_conv_2d_nhwc_hwcm {
      dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
    ins(%x, %w : tensor<1x8x8x3xf32>, tensor<3x3x3x2xf32>)
    outs(%zero : tensor<1x6x6x3x2xf32>) -> tensor<1x6x6x3x2xf32>
  return %0 : tensor<1x6x6x3x2xf32>
}

// Sound has one dimension; its images have one row.
// CHECK-LABEL: @converts_conv_1d
func.func @converts_conv_1d(%x: tensor<1x3x8xf32>)
    -> tensor<1x4x6xf32> {
  %w = arith.constant dense<0.5> : tensor<4x3x3xf32>
  // CHECK: qcc.conv {{.*}} (tensor<1x3x1x8xf32>, tensor<4x3x1x3xf32>)
  // CHECK-SAME: -> tensor<1x4x1x6xf32>
  %zero = arith.constant dense<0.0> : tensor<1x4x6xf32>
  %0 = linalg.conv_1d_ncw_fcw {dilations = dense<1> : vector<1xi64>,
                               strides = dense<1> : vector<1xi64>}
    ins(%x, %w : tensor<1x3x8xf32>, tensor<4x3x3xf32>)
    outs(%zero : tensor<1x4x6xf32>) -> tensor<1x4x6xf32>
  return %0 : tensor<1x4x6xf32>
}

// The padding that counts for nothing belongs to the pool.
// CHECK-LABEL: @converts_max_pool
func.func @converts_max_pool(%x: tensor<1x8x8x3xf32>) -> tensor<1x4x4x3xf32> {
  // CHECK: qcc.max_pool {{.*}}kernel = array<i64: 3, 3>
  // CHECK-SAME: pads = array<i64: 0, 0, 1, 1>
  // CHECK-SAME: strides = array<i64: 2, 2>
  %low = arith.constant 0xFF800000 : f32
  %init = arith.constant dense<0xFF800000> : tensor<1x4x4x3xf32>
  %window = tensor.empty() : tensor<3x3xf32>
  %0 = tensor.pad %x low[0, 0, 0, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %low : f32
  } : tensor<1x8x8x3xf32> to tensor<1x9x9x3xf32>
  %1 = linalg.pooling_nhwc_max {dilations = dense<1> : vector<2xi64>,
                                strides = dense<2> : vector<2xi64>}
    ins(%0, %window : tensor<1x9x9x3xf32>, tensor<3x3xf32>)
    outs(%init : tensor<1x4x4x3xf32>) -> tensor<1x4x4x3xf32>
  return %1 : tensor<1x4x4x3xf32>
}

// A sum that is divided by the size of its window is a mean.
// CHECK-LABEL: @converts_average_pool
func.func @converts_average_pool(%x: tensor<1x3x8x8xf32>)
    -> tensor<1x3x4x4xf32> {
  // CHECK: %[[Y:.*]] = qcc.average_pool %arg0
  // CHECK-SAME: kernel = array<i64: 2, 2>
  // CHECK: return %[[Y]]
  %four = arith.constant dense<4.0> : tensor<1x3x4x4xf32>
  %zero = arith.constant dense<0.0> : tensor<1x3x4x4xf32>
  %window = tensor.empty() : tensor<2x2xf32>
  %0 = linalg.pooling_nchw_sum {dilations = dense<1> : vector<2xi64>,
                                strides = dense<2> : vector<2xi64>}
    ins(%x, %window : tensor<1x3x8x8xf32>, tensor<2x2xf32>)
    outs(%zero : tensor<1x3x4x4xf32>) -> tensor<1x3x4x4xf32>
  %1 = arith.divf %0, %four : tensor<1x3x4x4xf32>
  return %1 : tensor<1x3x4x4xf32>
}

// CHECK-LABEL: @converts_min_pool
func.func @converts_min_pool(%x: tensor<1x8x8x3xf32>) -> tensor<1x7x7x3xf32> {
  // CHECK: %[[N:.*]] = qcc.unary neg
  // CHECK: %[[M:.*]] = qcc.max_pool %[[N]]
  // CHECK: qcc.unary neg %[[M]]
  %high = arith.constant dense<0x7F800000> : tensor<1x7x7x3xf32>
  %window = tensor.empty() : tensor<2x2xf32>
  %0 = linalg.pooling_nhwc_min {dilations = dense<1> : vector<2xi64>,
                                strides = dense<1> : vector<2xi64>}
    ins(%x, %window : tensor<1x8x8x3xf32>, tensor<2x2xf32>)
    outs(%high : tensor<1x7x7x3xf32>) -> tensor<1x7x7x3xf32>
  return %0 : tensor<1x7x7x3xf32>
}
