// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// One dimension, one start.
func.func @slice_c1(%x: tensor<6xf32>) {
  // expected-error @below {{expected 1 starts of at least 0, but got [0, 0]}}
  %0 = qcc.slice %x {starts = array<i64: 0, 0>, steps = array<i64: 1>}
      : tensor<6xf32> -> tensor<3xf32>
  return
}

// -----

// A step of 0 stays where it is.
func.func @slice_c1_step(%x: tensor<6xf32>) {
  // expected-error @below {{expected 1 steps other than 0, but got [0]}}
  %0 = qcc.slice %x {starts = array<i64: 0>, steps = array<i64: 0>}
      : tensor<6xf32> -> tensor<3xf32>
  return
}

// -----

// Element 6 of six.
func.func @slice_c2(%x: tensor<6xf32>) {
  // expected-error @below {{expected elements from 0 to 5 of dimension 0, but got 0 to 6}}
  %0 = qcc.slice %x {starts = array<i64: 0>, steps = array<i64: 2>}
      : tensor<6xf32> -> tensor<4xf32>
  return
}

// -----

// Slices keep every dimension.
func.func @slice_c2_rank(%x: tensor<6xf32>) {
  // expected-error @below {{expected result of rank 1, but got 2}}
  %0 = qcc.slice %x {starts = array<i64: 0>, steps = array<i64: 1>}
      : tensor<6xf32> -> tensor<1x6xf32>
  return
}

// -----

// Moving does not convert.
func.func @slice_c3(%x: tensor<6xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.slice %x {starts = array<i64: 0>, steps = array<i64: 2>}
      : tensor<6xf32> -> tensor<3xf64>
  return
}
