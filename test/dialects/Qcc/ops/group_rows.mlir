// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// CHECK-LABEL: @groups
func.func @groups(%c: tensor<8x2x2xf32>, %extents: tensor<4xi64>)
    -> tensor<29xi64> {
  // CHECK: qcc.group_rows %{{[^ ]+}}, %{{[^ ]+}} {experts = 4 : i64}
  // CHECK-SAME: (tensor<8x2x2xf32>, tensor<4xi64>) -> tensor<29xi64>
  %0 = qcc.group_rows %c, %extents {experts = 4 : i64}
      : (tensor<8x2x2xf32>, tensor<4xi64>) -> tensor<29xi64>
  return %0 : tensor<29xi64>
}
