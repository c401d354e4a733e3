// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Weights are a part of the choices.
func.func @group_rows_c1(%c: tensor<8x1x2xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{of shape [rows, 2, used], but got 'tensor<8x1x2xf32>'}}
  %0 = qcc.group_rows %c, %extents {experts = 4 : i64}
      : (tensor<8x1x2xf32>, tensor<4xi64>) -> tensor<29xi64>
  return
}

// -----

// A count, three numbers of each expert, and all places.
func.func @group_rows_c2(%c: tensor<8x2x2xf32>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected result shape [29], but got [28]}}
  %0 = qcc.group_rows %c, %extents {experts = 4 : i64}
      : (tensor<8x2x2xf32>, tensor<4xi64>) -> tensor<28xi64>
  return
}
