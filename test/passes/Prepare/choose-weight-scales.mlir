// RUN: qcc-opt %s --qcc-choose-weight-scales | FileCheck %s
// RUN: qcc-opt %s --qcc-choose-weight-scales=search=false | FileCheck %s --check-prefix=LARGEST

// 127 is on the grid of step 1, and so is 63: nothing to gain by another.
// CHECK-LABEL: @chooses_exact_scales
// CHECK:         qcc.weight_scales = array<f32: 1.0{{.*}}, 5.0{{.*}}e-01>
func.func @chooses_exact_scales(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<[[127.0, 63.0], [63.5, 31.5]]> : tensor<2x2xf32>
  %0 = qcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// 0.99 puts 50.49 on 51 steps, which is worth clipping 127 to 125.73 for seven
// errors of 0.49.
// CHECK-LABEL: @chooses_smaller_scale
// CHECK:         qcc.weight_scales = array<f32: 9.9{{0*}}e-01>
// LARGEST-LABEL: @chooses_smaller_scale
// LARGEST:       qcc.weight_scales = array<f32: 1.0{{.*}}>
func.func @chooses_smaller_scale(%x: tensor<1x8xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<[[127.0, 50.49, 50.49, 50.49, 50.49, 50.49, 50.49, 50.49]]>
    : tensor<1x8xf32>
  %0 = qcc.linear %x, %w : (tensor<1x8xf32>, tensor<1x8xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// The input's steps are 1, so a bias of 2^31 needs weight steps of at least 2.
// CHECK-LABEL: @chooses_scale_that_holds_bias
// CHECK:         qcc.weight_scales = array<f32: 2.0{{.*}}>
func.func @chooses_scale_that_holds_bias(
    %x: tensor<1x1xf32> {qcc.range = array<f32: 0.0, 255.0>}) -> tensor<1x1xf32> {
  %w = arith.constant dense<127.0> : tensor<1x1xf32>
  %b = arith.constant dense<2147483648.0> : tensor<1xf32>
  %0 = qcc.linear %x, %w bias(%b)
    : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// CHECK-LABEL: @keeps_computed_weights
// CHECK-NOT:     qcc.weight_scales
func.func @keeps_computed_weights(%x: tensor<1x2xf32>, %w: tensor<2x2xf32>) -> tensor<1x2xf32> {
  %0 = qcc.linear %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// It has its scales already.
// CHECK-LABEL: @keeps_quantized_linear
// CHECK-NOT:     qcc.weight_scales
func.func @keeps_quantized_linear(%x: tensor<1x1x!qcc.quant<u8, 1.0, 0>>) -> tensor<1x1xf32> {
  %w = arith.constant dense<3> : tensor<1x1xi8>
  %s = arith.constant dense<1.0> : tensor<1xf32>
  %0 = qcc.linear %x, %w scales(%s)
    : (tensor<1x1x!qcc.quant<u8, 1.0, 0>>, tensor<1x1xi8>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// Unequal channels keep a depthwise convolution in f32: nothing will be rounded
// there, and so nothing is to be corrected.
// CHECK-LABEL: @keeps_depthwise_of_unequal_channels
// CHECK-NOT:     qcc.weight_scales
func.func @keeps_depthwise_of_unequal_channels(
    %x: tensor<1x2x1x1xf32> {qcc.range = array<f32: 0.0, 255.0>,
      qcc.channel_lows = array<f32: 0.0, 0.0>,
      qcc.channel_highs = array<f32: 255.0, 7.0>}) -> tensor<1x2x1x1xf32> {
  %v = arith.constant dense<3.0> : tensor<2x1x1x1xf32>
  %0 = qcc.conv %x, %v {group = 2 : i64}
    : (tensor<1x2x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  return %0 : tensor<1x2x1x1xf32>
}
