// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// There is no dimension before the first.
func.func @gather_c1(%a: tensor<5x3xf32>, %b: tensor<2xi64>) {
  // expected-error @below {{expected an axis from 0 to 1, but got -1}}
  %0 = qcc.gather %a, %b {axis = -1 : i64}
      : (tensor<5x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  return
}

// -----

// Two indices pick two rows.
func.func @gather_c2(%a: tensor<5x3xf32>, %b: tensor<2xi64>) {
  // expected-error @below {{expected result shape [2, 3], but got [3, 3]}}
  %0 = qcc.gather %a, %b {axis = 0 : i64}
      : (tensor<5x3xf32>, tensor<2xi64>) -> tensor<3x3xf32>
  return
}

// -----

// Moving does not convert.
func.func @gather_c2_type(%a: tensor<5x3xf32>, %b: tensor<2xi64>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.gather %a, %b {axis = 0 : i64}
      : (tensor<5x3xf32>, tensor<2xi64>) -> tensor<2x3xf64>
  return
}
