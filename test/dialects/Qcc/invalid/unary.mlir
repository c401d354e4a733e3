// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Each element has one result.
func.func @unary_c1(%x: tensor<4xf32>) {
  // expected-error @below {{expected result shape [4], but got [5]}}
  %0 = qcc.unary relu %x
      : tensor<4xf32> -> tensor<5xf32>
  return
}

// -----

// Functions do not convert.
func.func @unary_c2(%x: tensor<4xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.unary relu %x
      : tensor<4xf32> -> tensor<4xf64>
  return
}

// -----

// A table has integers on both sides.
func.func @unary_c2_grids(%x: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>) {
  // expected-error @below {{expected input and result both quantized with 8 bits, but got}}
  %0 = qcc.unary relu %x
      : tensor<4x!qcc.quant<u8, 5.000000e-01, 128>> -> tensor<4xf32>
  return
}
