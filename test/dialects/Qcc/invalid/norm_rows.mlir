// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Rows are rows of a matrix.
func.func @norm_rows_c1(%x: tensor<64xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected input of rank 2, but got 1}}
  %0 = qcc.norm_rows %x, %extents
      {epsilon = 1.0e-5 : f32, format = #qcc.row_format<f32>}
      : (tensor<64xf32>, tensor<4xi64>) -> tensor<64xf32>
  return
}

// -----

// A weight is missing.
func.func @norm_rows_c1_weight(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %w: tensor<63xf32>) {
  // expected-error @below {{expected weight shape [64], but got [63]}}
  %0 = qcc.norm_rows %x, %extents weight(%w)
      {epsilon = 1.0e-5 : f32, format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<63xf32>) -> tensor<8x64xf32>
  return
}

// -----

// Codes need sums and a scale beside them.
func.func @norm_rows_c2(%x: tensor<8x64xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected result shape [8, 448], but got [8, 64]}}
  %0 = qcc.norm_rows %x, %extents
      {epsilon = 1.0e-5 : f32, format = #qcc.row_format<q8_token>}
      : (tensor<8x64xf32>, tensor<4xi64>) -> tensor<8x64xi8>
  return
}

// -----

// As many rows as are selected.
func.func @norm_rows_c2_select(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %s: tensor<2xi64>) {
  // expected-error @below {{expected result shape [2, 64], but got [8, 64]}}
  %0 = qcc.norm_rows %x, %extents select(%s)
      {epsilon = 1.0e-5 : f32, format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<2xi64>) -> tensor<8x64xf32>
  return
}

// -----

// There is no column 64.
func.func @norm_rows_c3(%x: tensor<8x64xf32>, %extents: tensor<4xi64>) {
  %order = arith.constant dense<[0, -1, 64]> : tensor<3xi32>
  // expected-error @below {{expected order of columns below 64 or -1, but got 64}}
  %0 = qcc.norm_rows %x, %extents order(%order)
      {epsilon = 1.0e-5 : f32, format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<3xi32>) -> tensor<8x3xf32>
  return
}

// -----

// Only -1 means that there is none.
func.func @norm_rows_c3_negative(%x: tensor<8x64xf32>,
    %extents: tensor<4xi64>) {
  %order = arith.constant dense<[0, -2]> : tensor<2xi32>
  // expected-error @below {{expected order of columns below 64 or -1, but got -2}}
  %0 = qcc.norm_rows %x, %extents order(%order)
      {epsilon = 1.0e-5 : f32, format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<2xi32>) -> tensor<8x2xf32>
  return
}
