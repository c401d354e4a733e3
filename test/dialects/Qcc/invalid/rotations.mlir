// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// A table has both parts.
func.func @rotations_c1(%p: tensor<8xi64>, %f: tensor<32xf32>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected result shape [8, 2, 32], but got [8, 32]}}
  %0 = qcc.rotations %p, %f, %extents {magnitude = 1.0 : f32}
      : (tensor<8xi64>, tensor<32xf32>, tensor<4xi64>) -> tensor<8x32xf32>
  return
}
