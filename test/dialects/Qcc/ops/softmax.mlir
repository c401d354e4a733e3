// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The logarithm is an attribute.
// CHECK-LABEL: @logarithm
func.func @logarithm(%x: tensor<1x10xf32>) -> tensor<1x10xf32> {
  // CHECK: qcc.softmax %{{[^ ]+}} {axis = 1 : i64, log = true} : tensor<1x10xf32>
  %0 = qcc.softmax %x {axis = 1 : i64, log = true} : tensor<1x10xf32>
      -> tensor<1x10xf32>
  return %0 : tensor<1x10xf32>
}
