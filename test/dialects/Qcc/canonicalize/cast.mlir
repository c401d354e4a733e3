// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Nothing to convert.
// CHECK-LABEL: @drops_same_type
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_same_type(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: return %[[X]]
  %0 = qcc.cast %x : tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Another type is another value.
// CHECK-LABEL: @keeps_conversion
func.func @keeps_conversion(%x: tensor<2xf32>) -> tensor<2xf64> {
  // CHECK: qcc.cast
  %0 = qcc.cast %x : tensor<2xf32> -> tensor<2xf64>
  return %0 : tensor<2xf64>
}

// Truncated, saturated, and NaN gives 0.
// CHECK-LABEL: @folds_to_integer
func.func @folds_to_integer() -> tensor<4xi8> {
  // CHECK: dense<[-1, 127, -128, 0]> : tensor<4xi8>
  %c = arith.constant dense<[-1.9, 300.0, -300.0, 0x7FC00000]> : tensor<4xf32>
  %0 = qcc.cast %c : tensor<4xf32> -> tensor<4xi8>
  return %0 : tensor<4xi8>
}

// Integers wrap.
// CHECK-LABEL: @folds_wrap
func.func @folds_wrap() -> tensor<2xi8> {
  // CHECK: dense<[1, -1]> : tensor<2xi8>
  %c = arith.constant dense<[257, -1]> : tensor<2xi64>
  %0 = qcc.cast %c : tensor<2xi64> -> tensor<2xi8>
  return %0 : tensor<2xi8>
}

// 1/3 rounded to eleven bits.
// CHECK-LABEL: @folds_half
func.func @folds_half() -> tensor<1xf16> {
  // CHECK: dense<3.332520e-01> : tensor<1xf16>
  %c = arith.constant dense<0.333333343> : tensor<1xf32>
  %0 = qcc.cast %c : tensor<1xf32> -> tensor<1xf16>
  return %0 : tensor<1xf16>
}
