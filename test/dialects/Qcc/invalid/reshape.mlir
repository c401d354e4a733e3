// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Six elements stay six.
func.func @reshape_c1(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected 6 elements, but got 5}}
  %0 = qcc.reshape %x
      : tensor<2x3xf32> -> tensor<5xf32>
  return
}

// -----

// Moving does not convert.
func.func @reshape_c2(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.reshape %x
      : tensor<2x3xf32> -> tensor<6xf64>
  return
}
