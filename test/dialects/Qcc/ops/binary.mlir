// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The kind comes first.
// CHECK-LABEL: @broadcast_add
func.func @broadcast_add(%a: tensor<2x3xf32>, %b: tensor<3xf32>)
  -> tensor<2x3xf32> {
  // CHECK: qcc.binary add %{{[^ ]+}}, %{{[^ ]+}} : (tensor<2x3xf32>, tensor<3xf32>)
  %0 = qcc.binary add %a, %b
      : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// The sign rule of C is an attribute.
// CHECK-LABEL: @truncating_modulo
func.func @truncating_modulo(%a: tensor<4xi64>, %b: tensor<4xi64>)
  -> tensor<4xi64> {
  // CHECK: qcc.binary mod %{{[^ ]+}}, %{{[^ ]+}} {c_style = true}
  %0 = qcc.binary mod %a, %b {c_style = true}
      : (tensor<4xi64>, tensor<4xi64>) -> tensor<4xi64>
  return %0 : tensor<4xi64>
}
