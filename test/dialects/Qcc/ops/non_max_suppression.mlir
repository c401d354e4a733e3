// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Six boxes of two classes, three of each at most.
// CHECK-LABEL: @boxes
func.func @boxes(%b: tensor<1x6x4xf32>, %s: tensor<1x2x6xf32>)
    -> tensor<6x3xi64> {
  // CHECK: qcc.non_max_suppression %{{[^ ]+}}, %{{[^ ]+}} {boxes_per_class = 3 : i64,
  // CHECK-SAME: iou_threshold = 5.000000e-01 : f32, score_threshold = 1.000000e-01 : f32}
  %0 = qcc.non_max_suppression %b, %s {boxes_per_class = 3 : i64,
      iou_threshold = 0.5 : f32, score_threshold = 0.1 : f32}
      : (tensor<1x6x4xf32>, tensor<1x2x6xf32>) -> tensor<6x3xi64>
  return %0 : tensor<6x3xi64>
}
