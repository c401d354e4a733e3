// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// One dimension, one number.
func.func @pad_c1(%x: tensor<2xf32>) {
  // expected-error @below {{expected 1 entries of low and high, but got 2 and 1}}
  %0 = qcc.pad %x {low = array<i64: 1, 0>, high = array<i64: 0>}
      : tensor<2xf32> -> tensor<3xf32>
  return
}

// -----

// Two elements and one make three.
func.func @pad_c2(%x: tensor<2xf32>) {
  // expected-error @below {{expected result shape [3], but got [4]}}
  %0 = qcc.pad %x {low = array<i64: 1>, high = array<i64: 0>}
      : tensor<2xf32> -> tensor<4xf32>
  return
}

// -----

// Moving does not convert.
func.func @pad_c2_type(%x: tensor<2xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.pad %x {low = array<i64: 1>, high = array<i64: 0>}
      : tensor<2xf32> -> tensor<3xf64>
  return
}
