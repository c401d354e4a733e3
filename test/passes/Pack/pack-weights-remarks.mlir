// RUN: qcc-opt %s --qcc-pack-weights --verify-diagnostics | FileCheck %s

// What has no kernel of its own is said.
// CHECK-LABEL: @packs_float_result
// CHECK:         qcc.packed_conv
func.func @packs_float_result(%x: tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x4x6x6xf32> {
  %w = arith.constant dense<1> : tensor<4x1x3x3xi8>
  %s = arith.constant dense<0.5> : tensor<4xf32>
  // expected-remark@below {{is an int8 depthwise layer with an f32 result}}
  %0 = qcc.conv %x, %w scales(%s) {group = 4 : i64}
    : (tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>, tensor<4x1x3x3xi8>, tensor<4xf32>)
      -> tensor<1x4x6x6xf32>
  return %0 : tensor<1x4x6x6xf32>
}
