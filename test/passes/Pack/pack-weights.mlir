// RUN: qcc-opt %s --qcc-pack-weights=target=avx2 --canonicalize \
// RUN:   --split-input-file --verify-diagnostics | FileCheck %s

// Two channels of six weights: the reduction takes two steps of four bytes,
// zeros where it ends, then the next channel, eight channels in a register.
// start = bias - zero point * sum of the weights: 100 - 3 * 21, 0 - 3 * -21;
// multiplier = 0.5 * scale of the weights / 2.
// CHECK-LABEL: @packs_linear
// CHECK-SAME:    %[[X:[^:]*]]: tensor<2x6x!qcc.quant<u8, 5.000000e-01, 3>>
// CHECK-DAG:     %[[W:.*]] = arith.constant {{.*}}1, 2, 3, 4, -1, -2, -3, -4, 0, 0,
// CHECK-SAME:      5, 6, 0, 0, -5, -6, 0, 0, {{.*}} : tensor<1x1x1x2x1x32xi8,
// CHECK-SAME:      #qcc.panels<lanes = 8, vectors = 1, step = 4, order = interleaved>>
// CHECK-DAG:     %[[S:.*]] = arith.constant dense<[37, 63, 0, 0, 0, 0, 0, 0]>
// CHECK-DAG:     %[[M:.*]] = arith.constant dense<[2.500000e-01, 5.000000e-01, 0.0{{.*}}]>
// CHECK:         %[[Y:.*]] = qcc.packed_conv %[[X]], %[[W]], %[[S]] multiplier(%[[M]])
// CHECK-SAME:      {bounded,
// CHECK-SAME:      kernel = array<i64: 1, 1>, lower = 0.000000e+00 : f32,
// CHECK-SAME:      -> tensor<2x2x!qcc.quant<u8, 2.000000e+00, 0>>
// CHECK-NEXT:    return %[[Y]]
func.func @packs_linear(%x: tensor<2x6x!qcc.quant<u8, 0.5, 3>>)
    -> tensor<2x2x!qcc.quant<u8, 2.0, 0>> {
  %w = arith.constant dense<[[1, 2, 3, 4, 5, 6], [-1, -2, -3, -4, -5, -6]]>
    : tensor<2x6xi8>
  %b = arith.constant dense<[100, 0]> : tensor<2xi32>
  %s = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %0 = qcc.linear %x, %w bias(%b) scales(%s) {lower = 0.0 : f32}
    : (tensor<2x6x!qcc.quant<u8, 0.5, 3>>, tensor<2x6xi8>, tensor<2xi32>, tensor<2xf32>)
      -> tensor<2x2x!qcc.quant<u8, 2.0, 0>>
  return %0 : tensor<2x2x!qcc.quant<u8, 2.0, 0>>
}

// -----

// Sixteen channels in two registers: element 4L + j of register v holds the
// channel 8L + 4v + j, so that saturating packs leave bytes in order.
// CHECK-LABEL: @interleaves_channels
// CHECK-DAG: %[[S:.*]] = {{.*}} dense<[0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15]>
// CHECK:     qcc.packed_conv %{{[^ ]+}}, %{{[^ ]+}}, %[[S]]
// CHECK-SAME:  vectors = 2, step = 4, order = interleaved
func.func @interleaves_channels(%x: tensor<1x4x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x16x!qcc.quant<u8, 1.0, 0>> {
  %w = arith.constant dense<1> : tensor<16x4xi8>
  %b = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]>
    : tensor<16xi32>
  %s = arith.constant dense<1.0> : tensor<16xf32>
  %0 = qcc.linear %x, %w bias(%b) scales(%s)
    : (tensor<1x4x!qcc.quant<u8, 1.0, 0>>, tensor<16x4xi8>, tensor<16xi32>, tensor<16xf32>)
      -> tensor<1x16x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<1x16x!qcc.quant<u8, 1.0, 0>>
}

// -----

// Sums that leave as floats are not narrowed: the channels keep their order.
// CHECK-LABEL: @keeps_order_of_float_results
// CHECK-DAG: %[[S:.*]] = {{.*}} dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]>
// CHECK:     qcc.packed_conv %{{[^ ]+}}, %{{[^ ]+}}, %[[S]]
// CHECK-SAME:  step = 4, order = natural
func.func @keeps_order_of_float_results(%x: tensor<1x4x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x16xf32> {
  %w = arith.constant dense<1> : tensor<16x4xi8>
  %b = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]>
    : tensor<16xi32>
  %s = arith.constant dense<1.0> : tensor<16xf32>
  %0 = qcc.linear %x, %w bias(%b) scales(%s)
    : (tensor<1x4x!qcc.quant<u8, 1.0, 0>>, tensor<16x4xi8>, tensor<16xi32>, tensor<16xf32>)
      -> tensor<1x16xf32>
  return %0 : tensor<1x16xf32>
}

// -----

// Floats have one element a step, their bias as start and no multiplier.
// CHECK-LABEL: @packs_floats
// CHECK-DAG:     %[[S:.*]] = {{.*}} dense<[5.0{{.*}}, 6.0{{.*}}, 0.0{{.*}}]> : tensor<8xf32>
// CHECK:         qcc.packed_conv %{{[^ ]+}}, %{{[^ ]+}}, %[[S]] {
// CHECK-SAME:      step = 1, order = natural
func.func @packs_floats(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x3xf32>
  %b = arith.constant dense<[5.0, 6.0]> : tensor<2xf32>
  %0 = qcc.linear %x, %w bias(%b)
    : (tensor<1x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// Three channels fill no step of four; a row of the window, nine bytes, fills
// three. Three taps are left of nine.
// CHECK-LABEL: @packs_rows_of_first_layer
// CHECK:         qcc.packed_conv {{.*}}row_taps
// CHECK-SAME:      tensor<1x1x3x3x1x32xi8
func.func @packs_rows_of_first_layer(%x: tensor<1x3x4x4x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x2x2x2x!qcc.quant<u8, 1.0, 0>> {
  %w = arith.constant dense<1> : tensor<2x3x3x3xi8>
  %s = arith.constant dense<1.0> : tensor<2xf32>
  %0 = qcc.conv %x, %w scales(%s)
    : (tensor<1x3x4x4x!qcc.quant<u8, 1.0, 0>>, tensor<2x3x3x3xi8>, tensor<2xf32>)
      -> tensor<1x2x2x2x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<1x2x2x2x!qcc.quant<u8, 1.0, 0>>
}

// -----

// Columns that lie apart are no run of bytes: nine taps of three channels.
// CHECK-LABEL: @keeps_taps_of_dilated_rows
// CHECK-NOT:     row_taps
// CHECK:         tensor<1x1x9x1x1x32xi8
func.func @keeps_taps_of_dilated_rows(%x: tensor<1x3x5x5x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x2x1x1x!qcc.quant<u8, 1.0, 0>> {
  %w = arith.constant dense<1> : tensor<2x3x3x3xi8>
  %s = arith.constant dense<1.0> : tensor<2xf32>
  %0 = qcc.conv %x, %w scales(%s) {dilations = array<i64: 2, 2>}
    : (tensor<1x3x5x5x!qcc.quant<u8, 1.0, 0>>, tensor<2x3x3x3xi8>, tensor<2xf32>)
      -> tensor<1x2x1x1x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<1x2x1x1x!qcc.quant<u8, 1.0, 0>>
}

// -----

// One filter a channel: four columns of the window are the step.
// CHECK-LABEL: @packs_depthwise
// CHECK:         qcc.packed_depthwise {{.*}} multiplier(
// CHECK-SAME:      kernel = array<i64: 3, 3>
// CHECK-SAME:      tile = {{[0-9]+}}
// CHECK-NOT:     qcc.conv
func.func @packs_depthwise(%x: tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x4x6x6x!qcc.quant<u8, 1.0, 0>> {
  %w = arith.constant dense<1> : tensor<4x1x3x3xi8>
  %s = arith.constant dense<1.0> : tensor<4xf32>
  %0 = qcc.conv %x, %w scales(%s) {group = 4 : i64}
    : (tensor<1x4x8x8x!qcc.quant<u8, 1.0, 0>>, tensor<4x1x3x3xi8>, tensor<4xf32>)
      -> tensor<1x4x6x6x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<1x4x6x6x!qcc.quant<u8, 1.0, 0>>
}

// -----

// 127 * 4 * 255 * 2^15 is more than 2^30: the kernel must clamp as floats.
// CHECK-LABEL: @keeps_float_clamp_of_large_sums
// CHECK-NOT:     bounded
// CHECK:         return
func.func @keeps_float_clamp_of_large_sums(%x: tensor<1x4x!qcc.quant<u8, 1.0, 0>>)
    -> tensor<1x1x!qcc.quant<u8, 1.0, 0>> {
  %w = arith.constant dense<127> : tensor<1x4xi8>
  %s = arith.constant dense<32768.0> : tensor<1xf32>
  %0 = qcc.linear %x, %w scales(%s)
    : (tensor<1x4x!qcc.quant<u8, 1.0, 0>>, tensor<1x4xi8>, tensor<1xf32>)
      -> tensor<1x1x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<1x1x!qcc.quant<u8, 1.0, 0>>
}

// -----

// Both factors of a matrix product are computed: nothing to pack.
// CHECK-LABEL: @keeps_matmul
// CHECK:         qcc.matmul
func.func @keeps_matmul(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %0 = qcc.matmul %x, %x : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

func.func @computed_weights(%x: tensor<1x3xf32>, %w: tensor<2x3xf32>) -> tensor<1x2xf32> {
  // expected-error @below {{expected constant weights, but got a value that is computed}}
  %0 = qcc.linear %x, %w : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

func.func @computed_bias(%x: tensor<1x3xf32>, %b: tensor<2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x3xf32>
  // expected-error @below {{expected a constant bias and constant scales, but got a value}}
  %0 = qcc.linear %x, %w bias(%b)
    : (tensor<1x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

func.func @overflowing_sum(%x: tensor<1x1x!qcc.quant<u8, 1.0, 0>>) -> tensor<1x1xf32> {
  %w = arith.constant dense<127> : tensor<1x1xi8>
  %b = arith.constant dense<2147483647> : tensor<1xi32>
  %s = arith.constant dense<1.0> : tensor<1xf32>
  // expected-error @below {{expected sums that fit 32 bits, but output channel 0 can reach}}
  %0 = qcc.linear %x, %w bias(%b) scales(%s)
    : (tensor<1x1x!qcc.quant<u8, 1.0, 0>>, tensor<1x1xi8>, tensor<1xi32>, tensor<1xf32>)
      -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
