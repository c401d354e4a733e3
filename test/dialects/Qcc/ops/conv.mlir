// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Every attribute away from its default.
// CHECK-LABEL: @float_conv
func.func @float_conv(%x: tensor<1x4x8x8xf32>, %w: tensor<8x2x3x3xf32>,
    %b: tensor<8xf32>) -> tensor<1x8x4x8xf32> {
  // CHECK: qcc.conv %{{.+}}, %{{.+}} bias(%{{.+}}) {dilations = array<i64: 1, 2>, group = 2
  // CHECK-SAME: lower = 0.000000e+00 : f32, pads = array<i64: 1, 2, 1, 2>,
  // CHECK-SAME: strides = array<i64: 2, 1>, upper = 6.000000e+00 : f32}
  %0 = qcc.conv %x, %w bias(%b) {dilations = array<i64: 1, 2>, group = 2 : i64,
      lower = 0.0 : f32, upper = 6.0 : f32, pads = array<i64: 1, 2, 1, 2>,
      strides = array<i64: 2, 1>}
      : (tensor<1x4x8x8xf32>, tensor<8x2x3x3xf32>, tensor<8xf32>)
        -> tensor<1x8x4x8xf32>
  return %0 : tensor<1x8x4x8xf32>
}

// Bias, scales and residual on grids; defaults are not printed.
// CHECK-LABEL: @quantized_conv
func.func @quantized_conv(%x: tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<4x4x1x1xi8>,
    %b: tensor<4xi32>, %s: tensor<4xf32>)
      -> tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>> {
  // CHECK: qcc.conv %[[X:.*]], %{{[^ ]+}} bias(%{{[^ ]+}}) scales(%{{[^ ]+}}) residual(%[[X]]) :
  %0 = qcc.conv %x, %w bias(%b) scales(%s) residual(%x)
      : (tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>, tensor<4x4x1x1xi8>,
         tensor<4xi32>, tensor<4xf32>,
         tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>)
        -> tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>
  return %0 : tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>
}
