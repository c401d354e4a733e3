// RUN: qcc-opt %s --qcc-equalize-layers | FileCheck %s

// Channel 0 reaches 5 of 6, so it stays. Channel 1 reaches 0.5, and 1.2 times
// that fits ten times into 6: its filter and bias grow, its depthwise filter
// shrinks. Means follow; the old bounds of the channels are gone.
// CHECK-LABEL: @scales_small_channels
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<{{\[+}}1.000000e+00]]], {{\[+}}2.000000e+01]]]]>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<[3.000000e+00, 4.000000e+01]> : tensor<2xf32>
// CHECK:         %[[R:.*]] = qcc.conv %arg0, %[[W]] bias(%[[B]])
// CHECK-SAME:      qcc.channel_means = array<f32: 1.000000e+00, 2.000000e+00>
// CHECK-NOT:       qcc.channel_highs
// CHECK:         %[[V:.*]] = arith.constant dense<{{\[+}}5.000000e+00]]], {{\[+}}6.000000e-01]]]]>
// CHECK:         qcc.conv %[[R]], %[[V]]
func.func @scales_small_channels(%x: tensor<1x1x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %w = arith.constant dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>
  %b = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %v = arith.constant dense<[[[[5.0]]], [[[6.0]]]]> : tensor<2x1x1x1xf32>
  %0 = qcc.conv %x, %w bias(%b) {qcc.range = array<f32: 0.0, 6.0>,
      qcc.channel_means = array<f32: 1.0, 0.2>,
      qcc.channel_lows = array<f32: 0.0, 0.0>,
      qcc.channel_highs = array<f32: 5.0, 0.5>}
    : (tensor<1x1x2x2xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %1 = qcc.conv %0, %v {group = 2 : i64}
    : (tensor<1x2x2x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

// Somebody else reads the tensor as it is.
// CHECK-LABEL: @keeps_channels_of_two_readers
// CHECK:         arith.constant dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}2.000000e+00]]]]>
func.func @keeps_channels_of_two_readers(%x: tensor<1x1x2x2xf32>)
    -> (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) {
  %w = arith.constant dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>
  %v = arith.constant dense<[[[[5.0]]], [[[6.0]]]]> : tensor<2x1x1x1xf32>
  %0 = qcc.conv %x, %w {qcc.range = array<f32: 0.0, 6.0>,
      qcc.channel_lows = array<f32: 0.0, 0.0>,
      qcc.channel_highs = array<f32: 5.0, 0.5>}
    : (tensor<1x1x2x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  %1 = qcc.conv %0, %v {group = 2 : i64}
    : (tensor<1x2x2x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  return %0, %1 : tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>
}

// A convolution that mixes channels gains nothing.
// CHECK-LABEL: @keeps_channels_that_mix
// CHECK:         arith.constant dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}2.000000e+00]]]]>
func.func @keeps_channels_that_mix(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32> {
  %w = arith.constant dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>
  %v = arith.constant dense<[[[[5.0]], [[6.0]]]]> : tensor<1x2x1x1xf32>
  %0 = qcc.conv %x, %w {qcc.range = array<f32: 0.0, 6.0>,
      qcc.channel_lows = array<f32: 0.0, 0.0>,
      qcc.channel_highs = array<f32: 5.0, 0.5>}
    : (tensor<1x1x2x2xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32>
  %1 = qcc.conv %0, %v
    : (tensor<1x2x2x2xf32>, tensor<1x2x1x1xf32>) -> tensor<1x1x2x2xf32>
  return %1 : tensor<1x1x2x2xf32>
}
