// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// There are two dimensions.
func.func @top_k_c1(%x: tensor<1x10xf32>) {
  // expected-error @below {{expected an axis from 0 to 1, but got 2}}
  %0 = qcc.top_k %x {axis = 2 : i64} : tensor<1x10xf32> -> tensor<1x3xi64>
  return
}

// -----

// Ten have no eleventh place.
func.func @top_k_c2(%x: tensor<1x10xf32>) {
  // expected-error @below {{expected result shape [1, 10], but got [1, 11]}}
  %0 = qcc.top_k %x {axis = 1 : i64} : tensor<1x10xf32> -> tensor<1x11xi64>
  return
}

// -----

// Places are i64 whatever the elements.
func.func @top_k_c3(%x: tensor<1x10xf32>) {
  // expected-error @below {{expected result element type 'i64', but got 'i32'}}
  %0 = qcc.top_k %x {axis = 1 : i64} : tensor<1x10xf32> -> tensor<1x3xi32>
  return
}
