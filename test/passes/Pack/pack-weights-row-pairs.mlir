// RUN: qcc-opt %s --qcc-pack-weights=target=avx512 --canonicalize \
// RUN:   --split-input-file | FileCheck %s

// A 3x3 window without strides: 16 channels, three columns, two rows of
// outputs, four rows of taps, the first or the last of which is zero.
// CHECK-LABEL: @packs_row_pairs
// CHECK:         arith.constant dense_resource<[[W:.*]]> : tensor<384xi8>
// CHECK:         qcc.packed_depthwise {{.*}}row_pairs
// CHECK:         [[W]]: "0x400000000102030001020300010203000102030000000000
// CHECK-SAME:      0000010203000102030001020300010203
func.func @packs_row_pairs(%x: tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x4x6x6x!qcc.quant<u8, 1.0, 0>> {
  %w = arith.constant dense<[
    [[[1, 1, 1], [2, 2, 2], [3, 3, 3]]], [[[1, 1, 1], [2, 2, 2], [3, 3, 3]]],
    [[[1, 1, 1], [2, 2, 2], [3, 3, 3]]], [[[1, 1, 1], [2, 2, 2], [3, 3, 3]]]]>
    : tensor<4x1x3x3xi8>
  %s = arith.constant dense<1.0> : tensor<4xf32>
  %0 = qcc.conv %x, %w scales(%s) {group = 4 : i64}
    : (tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>, tensor<4x1x3x3xi8>, tensor<4xf32>)
      -> tensor<1x4x6x6x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<1x4x6x6x!qcc.quant<u8, 1.0, 0>>
}

// -----

// With strides, rows of outputs share too little.
// CHECK-LABEL: @keeps_strided
// CHECK:         qcc.packed_depthwise
// CHECK-NOT:     row_pairs
func.func @keeps_strided(%x: tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x4x3x3x!qcc.quant<u8, 1.0, 0>> {
  %w = arith.constant dense<1> : tensor<4x1x3x3xi8>
  %s = arith.constant dense<1.0> : tensor<4xf32>
  %0 = qcc.conv %x, %w scales(%s) {group = 4 : i64, strides = array<i64: 2, 2>}
    : (tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>, tensor<4x1x3x3xi8>, tensor<4xf32>)
      -> tensor<1x4x3x3x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<1x4x3x3x!qcc.quant<u8, 1.0, 0>>
}

// -----

// The second of two images of seven rows would begin inside a pair.
// CHECK-LABEL: @keeps_odd_images
// CHECK:         qcc.packed_depthwise
// CHECK-NOT:     row_pairs
func.func @keeps_odd_images(%x: tensor<2x4x9x8x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<2x4x7x6x!qcc.quant<u8, 1.0, 0>> {
  %w = arith.constant dense<1> : tensor<4x1x3x3xi8>
  %s = arith.constant dense<1.0> : tensor<4xf32>
  %0 = qcc.conv %x, %w scales(%s) {group = 4 : i64}
    : (tensor<2x4x9x8x!qcc.quant<u8, 1.0, 0>>, tensor<4x1x3x3xi8>, tensor<4xf32>)
      -> tensor<2x4x7x6x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<2x4x7x6x!qcc.quant<u8, 1.0, 0>>
}
