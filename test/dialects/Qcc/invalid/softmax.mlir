// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Each element has one result.
func.func @softmax_c1(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected result shape [2, 3], but got [3, 2]}}
  %0 = qcc.softmax %x {axis = 0 : i64}
      : tensor<2x3xf32> -> tensor<3x2xf32>
  return
}

// -----

// There is no third dimension.
func.func @softmax_c2(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected an axis from 0 to 1, but got 2}}
  %0 = qcc.softmax %x {axis = 2 : i64}
      : tensor<2x3xf32> -> tensor<2x3xf32>
  return
}
