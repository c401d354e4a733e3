// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Rows are rows of a matrix.
func.func @gate_rows_c1(%x: tensor<64xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected input of rank 2, but got 1}}
  %0 = qcc.gate_rows %x, %extents {format = #qcc.row_format<f32>}
      : (tensor<64xf32>, tensor<4xi64>) -> tensor<64xf32>
  return
}

// -----

// No broadcasting.
func.func @gate_rows_c1_factor(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %y: tensor<1x64xf32>) {
  // expected-error @below {{expected factor shape [8, 64], but got [1, 64]}}
  %0 = qcc.gate_rows %x, %extents by(%y) {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<1x64xf32>) -> tensor<8x64xf32>
  return
}

// -----

// Floats are not what the format says.
func.func @gate_rows_c2(%x: tensor<8x64xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected result element type 'i8', but got 'f32'}}
  %0 = qcc.gate_rows %x, %extents {format = #qcc.row_format<q8_block256>}
      : (tensor<8x64xf32>, tensor<4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// As many columns as the order has.
func.func @gate_rows_c2_order(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %order: tensor<96xi32>) {
  // expected-error @below {{expected result shape [8, 96], but got [8, 64]}}
  %0 = qcc.gate_rows %x, %extents order(%order)
      {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<96xi32>) -> tensor<8x64xf32>
  return
}
