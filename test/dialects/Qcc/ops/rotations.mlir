// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Cosines, then sines, of each row.
// CHECK-LABEL: @table
func.func @table(%p: tensor<8xi64>, %f: tensor<32xf32>, %extents: tensor<4xi64>)
    -> tensor<8x2x32xf32> {
  // CHECK: qcc.rotations %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}} {magnitude = 1.000000e+00 : f32}
  %0 = qcc.rotations %p, %f, %extents {magnitude = 1.0 : f32}
      : (tensor<8xi64>, tensor<32xf32>, tensor<4xi64>) -> tensor<8x2x32xf32>
  return %0 : tensor<8x2x32xf32>
}
