// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Bounds of a fused relu6.
// CHECK-LABEL: @float_linear
func.func @float_linear(%x: tensor<2x8xf32>, %w: tensor<3x8xf32>,
    %b: tensor<3xf32>)
  -> tensor<2x3xf32> {
  // CHECK: qcc.linear %{{[^ ]+}}, %{{[^ ]+}} bias(%{{[^ ]+}})
  // CHECK-SAME: {lower = 0.000000e+00 : f32, upper = 6.000000e+00 : f32}
  %0 = qcc.linear %x, %w bias(%b) {lower = 0.0 : f32, upper = 6.0 : f32}
      : (tensor<2x8xf32>, tensor<3x8xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// Integers in, floats out: the sum is not rounded.
// CHECK-LABEL: @quantized_linear
func.func @quantized_linear(%x: tensor<2x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<3x8xi8>,
    %s: tensor<3xf32>) -> tensor<2x3xf32> {
  // CHECK: qcc.linear %{{[^ ]+}}, %{{[^ ]+}} scales(%{{[^ ]+}}) :
  %0 = qcc.linear %x, %w scales(%s)
      : (tensor<2x8x!qcc.quant<u8, 5.000000e-01, 128>>, tensor<3x8xi8>,
         tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
