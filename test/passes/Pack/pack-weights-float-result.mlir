// RUN: qcc-opt %s --qcc-pack-weights | FileCheck %s

// What only floats read stays unrounded.
// CHECK-LABEL: @packs_float_result
// CHECK:         qcc.packed_depthwise {{.*}} multiplier(
// CHECK-SAME:      -> tensor<1x4x6x6xf32>
func.func @packs_float_result(%x: tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x4x6x6xf32> {
  %w = arith.constant dense<1> : tensor<4x1x3x3xi8>
  %s = arith.constant dense<0.5> : tensor<4xf32>
  %0 = qcc.conv %x, %w scales(%s) {group = 4 : i64}
    : (tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>, tensor<4x1x3x3xi8>, tensor<4xf32>)
      -> tensor<1x4x6x6xf32>
  return %0 : tensor<1x4x6x6xf32>
}
