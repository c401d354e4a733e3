// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Minus one is the last.
// CHECK-LABEL: @folds_constants
func.func @folds_constants() -> tensor<2xi64> {
  // CHECK: dense<[30, 10]> : tensor<2xi64>
  %c = arith.constant dense<[10, 20, 30]> : tensor<3xi64>
  %i = arith.constant dense<[-1, 0]> : tensor<2xi64>
  %0 = qcc.gather %c, %i {axis = 0 : i64}
      : (tensor<3xi64>, tensor<2xi64>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// There is no element 3; the error belongs to the run.
// CHECK-LABEL: @keeps_outside
func.func @keeps_outside() -> tensor<1xi64> {
  // CHECK: qcc.gather
  %c = arith.constant dense<[10, 20, 30]> : tensor<3xi64>
  %i = arith.constant dense<3> : tensor<1xi64>
  %0 = qcc.gather %c, %i {axis = 0 : i64}
      : (tensor<3xi64>, tensor<1xi64>) -> tensor<1xi64>
  return %0 : tensor<1xi64>
}
