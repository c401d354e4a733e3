// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Dimension 1 would be there twice.
func.func @transpose_c1(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected a permutation of 2 dimensions, but got [1, 1]}}
  %0 = qcc.transpose %x {permutation = array<i64: 1, 1>}
      : tensor<2x3xf32> -> tensor<3x3xf32>
  return
}

// -----

// The result has the sizes in their new order.
func.func @transpose_c2(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected result shape [3, 2], but got [2, 3]}}
  %0 = qcc.transpose %x {permutation = array<i64: 1, 0>}
      : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}

// -----

// Moving does not convert.
func.func @transpose_c2_type(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.transpose %x {permutation = array<i64: 1, 0>}
      : tensor<2x3xf32> -> tensor<3x2xf64>
  return
}
