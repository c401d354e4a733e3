// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// CHECK-LABEL: @rows
func.func @rows(%q: tensor<4x3xi8>, %s: tensor<4xf32>) -> tensor<4x3xf32> {
  // CHECK: qcc.dequantize_channels %{{[^ ]+}}, %{{[^ ]+}} {axis = 0 : i64}
  // CHECK-SAME: (tensor<4x3xi8>, tensor<4xf32>) -> tensor<4x3xf32>
  %0 = qcc.dequantize_channels %q, %s {axis = 0 : i64}
    : (tensor<4x3xi8>, tensor<4xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}
