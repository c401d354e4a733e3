// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Shapes are i64 arithmetic.
// CHECK-LABEL: @folds_shape_product
func.func @folds_shape_product() -> tensor<2xi64> {
  // CHECK: dense<[6, 8]> : tensor<2xi64>
  %a = arith.constant dense<[3, 4]> : tensor<2xi64>
  %b = arith.constant dense<2> : tensor<1xi64>
  %0 = qcc.binary mul %a, %b
      : (tensor<2xi64>, tensor<1xi64>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// Integer quotients truncate towards zero.
// CHECK-LABEL: @folds_division
func.func @folds_division() -> tensor<2xi64> {
  // CHECK: dense<[3, -3]> : tensor<2xi64>
  %a = arith.constant dense<[7, -7]> : tensor<2xi64>
  %b = arith.constant dense<2> : tensor<1xi64>
  %0 = qcc.binary div %a, %b
      : (tensor<2xi64>, tensor<1xi64>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// The sign of the divisor, unless C says otherwise.
// CHECK-LABEL: @folds_modulo
func.func @folds_modulo() -> tensor<2xi64> {
  // CHECK: dense<[1, 2]> : tensor<2xi64>
  %a = arith.constant dense<[7, -7]> : tensor<2xi64>
  %b = arith.constant dense<3> : tensor<1xi64>
  %0 = qcc.binary mod %a, %b
      : (tensor<2xi64>, tensor<1xi64>) -> tensor<2xi64>
  return %0 : tensor<2xi64>
}

// Comparisons give truth.
// CHECK-LABEL: @folds_comparison
func.func @folds_comparison() -> tensor<2xi1> {
  // CHECK: dense<[true, false]> : tensor<2xi1>
  %a = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %b = arith.constant dense<1.5> : tensor<2xf32>
  %0 = qcc.binary less %a, %b
      : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xi1>
  return %0 : tensor<2xi1>
}

// One constant is not enough.
// CHECK-LABEL: @keeps_variable
func.func @keeps_variable(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: qcc.binary add
  %b = arith.constant dense<1.5> : tensor<2xf32>
  %0 = qcc.binary add %x, %b
      : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
