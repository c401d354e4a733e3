// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// A box has four numbers.
func.func @non_max_suppression_c1(%b: tensor<1x6x5xf32>,
                                  %s: tensor<1x2x6xf32>) {
  // expected-error @below {{expected boxes of shape [images, boxes, 4], but got [1, 6, 5]}}
  %0 = qcc.non_max_suppression %b, %s {boxes_per_class = 3 : i64,
      iou_threshold = 0.5 : f32}
      : (tensor<1x6x5xf32>, tensor<1x2x6xf32>) -> tensor<6x3xi64>
  return
}

// -----

// Two classes of three boxes.
func.func @non_max_suppression_c2(%b: tensor<1x6x4xf32>,
                                  %s: tensor<1x2x6xf32>) {
  // expected-error @below {{expected result shape [6, 3], but got [3, 3]}}
  %0 = qcc.non_max_suppression %b, %s {boxes_per_class = 3 : i64,
      iou_threshold = 0.5 : f32}
      : (tensor<1x6x4xf32>, tensor<1x2x6xf32>) -> tensor<3x3xi64>
  return
}

// -----

// A number of boxes.
func.func @non_max_suppression_c3(%b: tensor<1x6x4xf32>,
                                  %s: tensor<1x2x6xf32>) {
  // expected-error @below {{expected at least 0 boxes_per_class, but got -1}}
  %0 = qcc.non_max_suppression %b, %s {boxes_per_class = -1 : i64,
      iou_threshold = 0.5 : f32}
      : (tensor<1x6x4xf32>, tensor<1x2x6xf32>) -> tensor<6x3xi64>
  return
}
