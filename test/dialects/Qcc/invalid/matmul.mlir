// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// A vector is no matrix.
func.func @matmul_c1(%a: tensor<8xf32>, %b: tensor<8x3xf32>) {
  // expected-error @below {{expected ranks of at least 2, but got 1, 2 and 2}}
  %0 = qcc.matmul %a, %b
      : (tensor<8xf32>, tensor<8x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

// Columns meet rows.
func.func @matmul_c2(%a: tensor<4x8xf32>, %b: tensor<7x3xf32>) {
  // expected-error @below {{expected 8 rows of rhs, but got 7}}
  %0 = qcc.matmul %a, %b
      : (tensor<4x8xf32>, tensor<7x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

// The stack of the left stays.
func.func @matmul_c3(%a: tensor<2x4x8xf32>, %b: tensor<8x3xf32>) {
  // expected-error @below {{expected result shape [2, 4, 3], but got [4, 3]}}
  %0 = qcc.matmul %a, %b
      : (tensor<2x4x8xf32>, tensor<8x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

// Two and three matrices do not pair.
func.func @matmul_c3_stacks(%a: tensor<2x4x8xf32>, %b: tensor<3x8x3xf32>) {
  // expected-error @below {{expected leading dimensions that broadcast, but got [2, 4, 8] and}}
  %0 = qcc.matmul %a, %b
      : (tensor<2x4x8xf32>, tensor<3x8x3xf32>) -> tensor<2x4x3xf32>
  return
}
