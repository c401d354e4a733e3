// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Condition, then both choices.
// CHECK-LABEL: @plain_select
func.func @plain_select(%c: tensor<4xi1>, %a: tensor<4xf32>, %b: tensor<1xf32>)
  -> tensor<4xf32> {
  // CHECK: qcc.select %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}}
  %0 = qcc.select %c, %a, %b
      : (tensor<4xi1>, tensor<4xf32>, tensor<1xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
