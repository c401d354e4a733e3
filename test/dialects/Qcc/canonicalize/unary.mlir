// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Halves round to even.
// CHECK-LABEL: @folds_floats
func.func @folds_floats() -> tensor<3xf32> {
  // CHECK: dense<[0.000000e+00, 2.000000e+00, -2.000000e+00]> : tensor<3xf32>
  %c = arith.constant dense<[0.5, 1.5, -2.5]> : tensor<3xf32>
  %0 = qcc.unary round %c : tensor<3xf32> -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// Integers have signs too.
// CHECK-LABEL: @folds_integers
func.func @folds_integers() -> tensor<2xi64> {
  // CHECK: dense<[3, 4]> : tensor<2xi64>
  %c = arith.constant dense<[-3, 4]> : tensor<2xi64>
  %0 = qcc.unary abs %c : tensor<2xi64> -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// Truth is a bit.
// CHECK-LABEL: @folds_logic
func.func @folds_logic() -> tensor<2xi1> {
  // CHECK: dense<[false, true]> : tensor<2xi1>
  %c = arith.constant dense<[true, false]> : tensor<2xi1>
  %0 = qcc.unary not %c : tensor<2xi1> -> tensor<2xi1>
  return %0 : tensor<2xi1>
}

// What is not known is computed later.
// CHECK-LABEL: @keeps_variable
func.func @keeps_variable(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: qcc.unary relu
  %0 = qcc.unary relu %x : tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
