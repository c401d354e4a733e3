// RUN: qcc-opt %s --qcc-correct-bias | FileCheck %s

// 3.25 and 5.5 become 3 and 6 (half to even): errors -0.25 and 0.5, times the
// means 2 and 4 is 1.5, which leaves the bias of 10.
// CHECK-LABEL: @corrects_bias
// CHECK:         %[[B:.*]] = arith.constant dense<8.5{{.*}}> : tensor<1xf32>
// CHECK:         qcc.linear %{{.*}} bias(%[[B]])
func.func @corrects_bias(
    %x: tensor<1x2xf32> {qcc.channel_means = array<f32: 2.0, 4.0>}) -> tensor<1x1xf32> {
  %w = arith.constant dense<[[3.25, 5.5]]> : tensor<1x2xf32>
  %b = arith.constant dense<10.0> : tensor<1xf32>
  %0 = qcc.linear %x, %w bias(%b) {qcc.weight_scales = array<f32: 1.0>}
    : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// Each group reads the mean of its own channel: -(0.25 * -1) and -(0.25 * -3).
// CHECK-LABEL: @corrects_groups_without_bias
// CHECK:         %[[B:.*]] = arith.constant dense<[2.5{{.*}}e-01, 7.5{{.*}}e-01]> : tensor<2xf32>
// CHECK:         qcc.conv %{{.*}} bias(%[[B]])
func.func @corrects_groups_without_bias(
    %x: tensor<1x2x1x1xf32> {qcc.channel_means = array<f32: 1.0, 3.0>}) -> tensor<1x2x1x1xf32> {
  %w = arith.constant dense<3.25> : tensor<2x1x1x1xf32>
  %0 = qcc.conv %x, %w {group = 2 : i64, qcc.weight_scales = array<f32: 1.0, 1.0>}
    : (tensor<1x2x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  return %0 : tensor<1x2x1x1xf32>
}

// Nothing was measured.
// CHECK-LABEL: @keeps_bias_without_means
// CHECK:         qcc.linear %{{[^ ]*}}, %{{[^ ]*}} {qcc.weight_scales
func.func @keeps_bias_without_means(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.25> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w {qcc.weight_scales = array<f32: 1.0>}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// Without scales it will not be quantized.
// CHECK-LABEL: @keeps_bias_without_scales
// CHECK-NOT:     bias
func.func @keeps_bias_without_scales(
    %x: tensor<1x1xf32> {qcc.channel_means = array<f32: 2.0>}) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.25> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// Means of another number of channels say nothing about these.
// CHECK-LABEL: @keeps_bias_with_other_means
// CHECK:         qcc.linear %{{[^ ]*}}, %{{[^ ]*}} {qcc.weight_scales
func.func @keeps_bias_with_other_means(
    %x: tensor<1x1xf32> {qcc.channel_means = array<f32: 2.0, 1.0>}) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.25> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w {qcc.weight_scales = array<f32: 1.0>}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// CHECK-LABEL: @keeps_computed_bias
// CHECK-SAME:    %[[B:[^:]*]]: tensor<1xf32>)
// CHECK:         bias(%[[B]])
func.func @keeps_computed_bias(
    %x: tensor<1x1xf32> {qcc.channel_means = array<f32: 2.0>}, %b: tensor<1xf32>)
      -> tensor<1x1xf32> {
  %w = arith.constant dense<3.25> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w bias(%b) {qcc.weight_scales = array<f32: 1.0>}
    : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
