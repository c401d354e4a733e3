// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// CHECK-LABEL: @softmax
func.func @softmax(%s: tensor<8x4xf32>, %extents: tensor<4xi64>)
    -> tensor<8x2x2xf32> {
  // CHECK: qcc.choose_experts %{{[^ ]+}}, %{{[^ ]+}}
  // CHECK-SAME: {function = "softmax", normalized, used = 2 : i64}
  %0 = qcc.choose_experts %s, %extents
      {function = "softmax", normalized, used = 2 : i64}
      : (tensor<8x4xf32>, tensor<4xi64>) -> tensor<8x2x2xf32>
  return %0 : tensor<8x2x2xf32>
}

// CHECK-LABEL: @sigmoid
func.func @sigmoid(%s: tensor<8x4xf32>, %extents: tensor<4xi64>,
    %b: tensor<4xf32>) -> tensor<8x2x2xf32> {
  // CHECK: bias(%{{[^ ]+}}) {function = "sigmoid", scale = 2.500000e+00 : f32,
  %0 = qcc.choose_experts %s, %extents bias(%b)
      {function = "sigmoid", used = 2 : i64, scale = 2.5 : f32}
      : (tensor<8x4xf32>, tensor<4xi64>, tensor<4xf32>) -> tensor<8x2x2xf32>
  return %0 : tensor<8x2x2xf32>
}
