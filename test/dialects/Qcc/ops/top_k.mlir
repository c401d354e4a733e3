// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The places of the three largest, and of the smallest.
// CHECK-LABEL: @places
func.func @places(%x: tensor<1x10xf32>) -> (tensor<1x3xi64>, tensor<1x1xi64>) {
  // CHECK: qcc.top_k %{{[^ ]+}} {axis = 1 : i64} : tensor<1x10xf32> -> tensor<1x3xi64>
  %0 = qcc.top_k %x {axis = 1 : i64} : tensor<1x10xf32> -> tensor<1x3xi64>
  // CHECK: qcc.top_k %{{[^ ]+}} {axis = 1 : i64, largest = false}
  %1 = qcc.top_k %x {axis = 1 : i64, largest = false}
      : tensor<1x10xf32> -> tensor<1x1xi64>
  return %0, %1 : tensor<1x3xi64>, tensor<1x1xi64>
}
