// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// A list of rows has one dimension.
func.func @scatter_c1(%x: tensor<5x3xf32>, %i: tensor<2x1xi64>,
                      %u: tensor<2x3xf32>) {
  // expected-error @below {{expected indices of rank 1, but got}}
  %0 = qcc.scatter set %x, %i, %u
      : (tensor<5x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> tensor<5x3xf32>
  return
}

// -----

// Two indices want two rows.
func.func @scatter_c2(%x: tensor<5x3xf32>, %i: tensor<2xi64>,
                      %u: tensor<3x3xf32>) {
  // expected-error @below {{expected updates shape [2, 3], but got [3, 3]}}
  %0 = qcc.scatter set %x, %i, %u
      : (tensor<5x3xf32>, tensor<2xi64>, tensor<3x3xf32>) -> tensor<5x3xf32>
  return
}

// -----

// Scattering does not convert.
func.func @scatter_c3(%x: tensor<5xf32>, %i: tensor<2xi64>, %u: tensor<2xi32>) {
  // expected-error @below {{expected updates element type 'f32', but got 'i32'}}
  %0 = qcc.scatter set %x, %i, %u
      : (tensor<5xf32>, tensor<2xi64>, tensor<2xi32>) -> tensor<5xf32>
  return
}

// -----

// The result is a copy with changes.
func.func @scatter_c4(%x: tensor<5xf32>, %i: tensor<2xi64>, %u: tensor<2xf32>) {
  // expected-error @below {{expected result shape [5], but got [6]}}
  %0 = qcc.scatter set %x, %i, %u
      : (tensor<5xf32>, tensor<2xi64>, tensor<2xf32>) -> tensor<6xf32>
  return
}
