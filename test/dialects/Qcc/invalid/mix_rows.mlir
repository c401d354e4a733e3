// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// As many places as rows have experts.
func.func @mix_rows_c1(%p: tensor<15x64xf32>, %c: tensor<8x2x2xf32>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected places shape [16, 64], but got [15, 64]}}
  %0 = qcc.mix_rows %p, %c, %extents
      : (tensor<15x64xf32>, tensor<8x2x2xf32>, tensor<4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// One row for each of the run.
func.func @mix_rows_c2(%p: tensor<16x64xf32>, %c: tensor<8x2x2xf32>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected result shape [8, 64], but got [16, 64]}}
  %0 = qcc.mix_rows %p, %c, %extents
      : (tensor<16x64xf32>, tensor<8x2x2xf32>, tensor<4xi64>)
        -> tensor<16x64xf32>
  return
}

// -----

// There must be something that the gate opens.
func.func @mix_rows_c2_gate(%p: tensor<16x64xf32>, %c: tensor<8x2x2xf32>,
    %extents: tensor<4xi64>, %g: tensor<8x1xf32>) {
  // expected-error @below {{expected shared rows for the gate, but got none}}
  %0 = qcc.mix_rows %p, %c, %extents gate(%g)
      : (tensor<16x64xf32>, tensor<8x2x2xf32>, tensor<4xi64>, tensor<8x1xf32>)
        -> tensor<8x64xf32>
  return
}

// -----

// One number opens a row.
func.func @mix_rows_c2_gates(%p: tensor<16x64xf32>, %c: tensor<8x2x2xf32>,
    %extents: tensor<4xi64>, %y: tensor<8x64xf32>, %g: tensor<8x2xf32>) {
  // expected-error @below {{expected gate shape [8, 1], but got [8, 2]}}
  %0 = qcc.mix_rows %p, %c, %extents shared(%y) gate(%g)
      : (tensor<16x64xf32>, tensor<8x2x2xf32>, tensor<4xi64>, tensor<8x64xf32>,
         tensor<8x2xf32>) -> tensor<8x64xf32>
  return
}
