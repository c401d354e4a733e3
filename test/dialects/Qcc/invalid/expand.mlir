// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Only dimensions of size one repeat.
func.func @expand_c1(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected an input that broadcasts to [4, 3], but got [2, 3]}}
  %0 = qcc.expand %x
      : tensor<2x3xf32> -> tensor<4x3xf32>
  return
}

// -----

// Moving does not convert.
func.func @expand_c2(%x: tensor<1x3xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.expand %x
      : tensor<1x3xf32> -> tensor<2x3xf64>
  return
}
