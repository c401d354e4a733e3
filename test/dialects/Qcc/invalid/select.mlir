// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Four conditions choose four elements.
func.func @select_c1(%c: tensor<4xi1>, %a: tensor<4xf32>, %b: tensor<4xf32>) {
  // expected-error @below {{expected result shape [4], but got [5]}}
  %0 = qcc.select %c, %a, %b
      : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<5xf32>
  return
}

// -----

// Both choices have the type of the result.
func.func @select_c2(%c: tensor<4xi1>, %a: tensor<4xf32>, %b: tensor<4xi64>) {
  // expected-error @below {{expected rhs element type 'f32', but got 'i64'}}
  %0 = qcc.select %c, %a, %b
      : (tensor<4xi1>, tensor<4xf32>, tensor<4xi64>) -> tensor<4xf32>
  return
}

// -----

// Choosing does not convert.
func.func @select_c2_result(%c: tensor<4xi1>, %a: tensor<4xf32>,
    %b: tensor<4xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.select %c, %a, %b
      : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf64>
  return
}
