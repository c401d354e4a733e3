// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Rows are rows of a matrix.
func.func @linear_c1(%x: tensor<8xf32>, %w: tensor<3x8xf32>) {
  // expected-error @below {{expected input of rank 2, but got 1}}
  %0 = qcc.linear %x, %w
      : (tensor<8xf32>, tensor<3x8xf32>) -> tensor<2x3xf32>
  return
}

// -----

// Each row gives a row.
func.func @linear_c1_rows(%x: tensor<2x8xf32>, %w: tensor<3x8xf32>) {
  // expected-error @below {{expected 2 rows of result, but got 5}}
  %0 = qcc.linear %x, %w
      : (tensor<2x8xf32>, tensor<3x8xf32>) -> tensor<5x3xf32>
  return
}

// -----

// The matrix has as many columns as the input.
func.func @linear_c2(%x: tensor<2x8xf32>, %w: tensor<3x7xf32>) {
  // expected-error @below {{expected weight shape [3, 8], but got [3, 7]}}
  %0 = qcc.linear %x, %w
      : (tensor<2x8xf32>, tensor<3x7xf32>) -> tensor<2x3xf32>
  return
}

// -----

// One bias is missing.
func.func @linear_c3(%x: tensor<2x8xf32>, %w: tensor<3x8xf32>,
    %b: tensor<2xf32>) {
  // expected-error @below {{expected bias shape [3], but got [2]}}
  %0 = qcc.linear %x, %w bias(%b)
      : (tensor<2x8xf32>, tensor<3x8xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

// Quantized rows need the scales of the matrix.
func.func @linear_c4(%x: tensor<2x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<3x8xi8>) {
  // expected-error @below {{expected weight_scales exactly where input is quantized, but got}}
  %0 = qcc.linear %x, %w
      : (tensor<2x8x!qcc.quant<u8, 5.000000e-01, 128>>, tensor<3x8xi8>)
        -> tensor<2x3xf32>
  return
}

// -----

// The residual is what the result adds to.
func.func @linear_c5(%x: tensor<2x8xf32>, %w: tensor<3x8xf32>,
    %r: tensor<3xf32>) {
  // expected-error @below {{expected residual shape [2, 3], but got [3]}}
  %0 = qcc.linear %x, %w residual(%r)
      : (tensor<2x8xf32>, tensor<3x8xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return
}

// -----

// 2^16 + 1 products of 255 and 128 do not fit i32.
func.func @linear_c6(%x: tensor<1x65537x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<1x65537xi8>,
    %s: tensor<1xf32>) {
  // expected-error @below {{expected at most 65536 products in an integer sum, but got 65537}}
  %0 = qcc.linear %x, %w scales(%s)
      : (tensor<1x65537x!qcc.quant<u8, 5.000000e-01, 128>>, tensor<1x65537xi8>,
         tensor<1xf32>) -> tensor<1x1xf32>
  return
}
