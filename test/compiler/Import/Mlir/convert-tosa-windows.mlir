// RUN: qcc-opt %s --qcc-convert-tosa | FileCheck %s

// Borders are top, bottom, left, right in TOSA; top, left, bottom, right here.
// CHECK-LABEL: @converts_conv2d
func.func @converts_conv2d(%x: tensor<1x8x8x3xf32>) -> tensor<1x4x4x4xf32> {
  %b = arith.constant dense<0.25> : tensor<4xf32>
  %w = arith.constant dense<0.5> : tensor<4x3x3x3xf32>
  // CHECK: %[[X:.*]] = qcc.transpose %arg0 {permutation = array<i64: 0, 3, 1, 2>}
  // CHECK: %[[Y:.*]] = qcc.conv %[[X]], {{.*}} bias(%{{[a-z0-9_]+}})
  // CHECK-SAME: pads = array<i64: 0, 0, 1, 1>, strides = array<i64: 2, 2>
  // CHECK: qcc.transpose %[[Y]] {permutation = array<i64: 0, 2, 3, 1>}
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}>
    : () -> tensor<1xf32>
  %0 = tosa.conv2d %x, %w, %b, %zero, %zero {acc_type = f32,
      dilation = array<i64: 1, 1>, pad = array<i64: 0, 1, 0, 1>,
      stride = array<i64: 2, 2>}
    : (tensor<1x8x8x3xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>, tensor<1xf32>,
       tensor<1xf32>) -> tensor<1x4x4x4xf32>
  return %0 : tensor<1x4x4x4xf32>
}

// CHECK-LABEL: @converts_depthwise
func.func @converts_depthwise(%x: tensor<1x8x8x3xf32>) -> tensor<1x8x8x6xf32> {
  %b = arith.constant dense<0.25> : tensor<6xf32>
  %w = arith.constant dense<0.5> : tensor<3x3x3x2xf32>
  // CHECK: qcc.conv {{.*}} bias(%{{[a-z0-9_]+}}) {group = 3 : i64
  // CHECK-SAME: (tensor<1x3x8x8xf32>, tensor<6x1x3x3xf32>, tensor<6xf32>)
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}>
    : () -> tensor<1xf32>
  %0 = tosa.depthwise_conv2d %x, %w, %b, %zero, %zero {acc_type = f32,
      dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>,
      stride = array<i64: 1, 1>}
    : (tensor<1x8x8x3xf32>, tensor<3x3x3x2xf32>, tensor<6xf32>, tensor<1xf32>,
       tensor<1xf32>) -> tensor<1x8x8x6xf32>
  return %0 : tensor<1x8x8x6xf32>
}

// Zeros between the pixels, and the filters from their end.
// CHECK-LABEL: @converts_transpose_conv2d
func.func @converts_transpose_conv2d(%x: tensor<1x4x4x3xf32>)
    -> tensor<1x9x9x2xf32> {
  %b = arith.constant dense<0.25> : tensor<2xf32>
  %w = arith.constant dense<0.5> : tensor<2x3x3x3xf32>
  // CHECK: qcc.pad {{.*}} -> tensor<1x3x4x2x4x2xf32>
  // CHECK: qcc.pad {{.*}} tensor<1x3x8x8xf32> -> tensor<1x3x11x11xf32>
  // CHECK: qcc.conv
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}>
    : () -> tensor<1xf32>
  %0 = tosa.transpose_conv2d %x, %w, %b, %zero, %zero {acc_type = f32,
      out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
    : (tensor<1x4x4x3xf32>, tensor<2x3x3x3xf32>, tensor<2xf32>, tensor<1xf32>,
       tensor<1xf32>) -> tensor<1x9x9x2xf32>
  return %0 : tensor<1x9x9x2xf32>
}

// A stack of one is a matrix, whose product can become a linear layer.
// CHECK-LABEL: @converts_matmul
func.func @converts_matmul(%x: tensor<1x2x4xf32>, %w: tensor<1x4x3xf32>)
    -> tensor<1x2x3xf32> {
  // CHECK: qcc.matmul {{.*}} (tensor<2x4xf32>, tensor<4x3xf32>)
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}>
    : () -> tensor<1xf32>
  %0 = tosa.matmul %x, %w, %zero, %zero
    : (tensor<1x2x4xf32>, tensor<1x4x3xf32>, tensor<1xf32>, tensor<1xf32>)
    -> tensor<1x2x3xf32>
  return %0 : tensor<1x2x3xf32>
}

// CHECK-LABEL: @converts_pools
func.func @converts_pools(%x: tensor<1x8x8x3xf32>) -> tensor<1x2x2x3xf32> {
  // CHECK: qcc.max_pool {{.*}}kernel = array<i64: 3, 3>
  // CHECK-SAME: pads = array<i64: 0, 0, 1, 1>, strides = array<i64: 2, 2>
  // CHECK: qcc.average_pool {{.*}}kernel = array<i64: 2, 2>
  // CHECK-NOT: count_include_pad
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}>
    : () -> tensor<1xf32>
  %0 = tosa.max_pool2d %x {kernel = array<i64: 3, 3>,
      pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>}
    : (tensor<1x8x8x3xf32>) -> tensor<1x4x4x3xf32>
  %1 = tosa.avg_pool2d %0, %zero, %zero {acc_type = f32,
      kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>,
      stride = array<i64: 2, 2>}
    : (tensor<1x4x4x3xf32>, tensor<1xf32>, tensor<1xf32>)
    -> tensor<1x2x2x3xf32>
  return %1 : tensor<1x2x2x3xf32>
}

// Offset 0 maps corners; half the difference of the scale maps centres.
// CHECK-LABEL: @converts_resize
func.func @converts_resize(%x: tensor<1x4x4x3xf32>) -> tensor<1x16x16x3xf32> {
  // CHECK: qcc.resize nearest {{.*}}coordinates = #qcc.coordinates<asymmetric>
  // CHECK-SAME: rounding = #qcc.nearest_rounding<round_prefer_ceil>
  // CHECK: qcc.resize linear
  // CHECK-SAME: scales = array<f64: 1.000000e+00, 1.000000e+00, 2.000000e+00
  %scale = tosa.const_shape {values = dense<[2, 1, 2, 1]> : tensor<4xindex>}
    : () -> !tosa.shape<4>
  %corner = tosa.const_shape {values = dense<0> : tensor<2xindex>}
    : () -> !tosa.shape<2>
  %scale4 = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>}
    : () -> !tosa.shape<4>
  %centre = tosa.const_shape {values = dense<-1> : tensor<2xindex>}
    : () -> !tosa.shape<2>
  %border = tosa.const_shape {values = dense<1> : tensor<2xindex>}
    : () -> !tosa.shape<2>
  %0 = tosa.resize %x, %scale, %corner, %border {mode = NEAREST_NEIGHBOR}
    : (tensor<1x4x4x3xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>)
    -> tensor<1x8x8x3xf32>
  %1 = tosa.resize %0, %scale4, %centre, %border {mode = BILINEAR}
    : (tensor<1x8x8x3xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>)
    -> tensor<1x16x16x3xf32>
  return %1 : tensor<1x16x16x3xf32>
}
