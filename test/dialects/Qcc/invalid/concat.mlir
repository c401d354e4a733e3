// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// There is no third dimension.
func.func @concat_c1(%a: tensor<2x3xf32>, %b: tensor<1x3xf32>) {
  // expected-error @below {{expected an axis from 0 to 1, but got 2}}
  %0 = qcc.concat %a, %b {axis = 2 : i64}
      : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

// Nothing joined has no type.
func.func @concat_c1_empty() {
  // expected-error @below {{expected at least one input, but got none}}
  %0 = qcc.concat {axis = 0 : i64} : () -> tensor<3xf32>
  return
}

// -----

// Rows of three and of four do not stack.
func.func @concat_c2(%a: tensor<2x3xf32>, %b: tensor<1x4xf32>) {
  // expected-error @below {{expected input shape [1, 3], but got [1, 4]}}
  %0 = qcc.concat %a, %b {axis = 0 : i64}
      : (tensor<2x3xf32>, tensor<1x4xf32>) -> tensor<3x3xf32>
  return
}

// -----

// A vector does not stack with a matrix.
func.func @concat_c2_rank(%a: tensor<2x3xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{expected input of rank 2, but got 1}}
  %0 = qcc.concat %a, %b {axis = 0 : i64}
      : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<3x3xf32>
  return
}

// -----

// Two rows and one make three.
func.func @concat_c2_result(%a: tensor<2x3xf32>, %b: tensor<1x3xf32>) {
  // expected-error @below {{expected result shape [3, 3], but got [4, 3]}}
  %0 = qcc.concat %a, %b {axis = 0 : i64}
      : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<4x3xf32>
  return
}

// -----

// Moving does not convert.
func.func @concat_c3(%a: tensor<2xf32>, %b: tensor<2xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.concat %a, %b {axis = 0 : i64}
      : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf64>
  return
}
