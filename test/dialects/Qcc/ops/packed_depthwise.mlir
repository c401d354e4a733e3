// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// One filter a channel, as many accumulators.
// CHECK-LABEL: @channels
func.func @channels(%x: tensor<1x16x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<3x3x16xi8>,
    %s: tensor<16xi32>, %m: tensor<16xf32>) -> tensor<1x16x8x8xf32> {
  // CHECK: qcc.packed_depthwise %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}} multiplier(%{{[^ ]+}})
  // CHECK-SAME: tile = 4 : i64
  %0 = qcc.packed_depthwise %x, %w, %s multiplier(%m)
      {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>,
       pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, tile = 4 : i64}
      : (tensor<1x16x8x8x!qcc.quant<u8, 5.000000e-01, 128>>, tensor<3x3x16xi8>,
         tensor<16xi32>, tensor<16xf32>) -> tensor<1x16x8x8xf32>
  return %0 : tensor<1x16x8x8xf32>
}
