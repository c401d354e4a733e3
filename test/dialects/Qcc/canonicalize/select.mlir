// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Each condition picks its element.
// CHECK-LABEL: @folds_constants
func.func @folds_constants() -> tensor<2xi64> {
  // CHECK: dense<[1, 9]> : tensor<2xi64>
  %c = arith.constant dense<[true, false]> : tensor<2xi1>
  %a = arith.constant dense<[1, 2]> : tensor<2xi64>
  %b = arith.constant dense<9> : tensor<1xi64>
  %0 = qcc.select %c, %a, %b
      : (tensor<2xi1>, tensor<2xi64>, tensor<1xi64>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}
