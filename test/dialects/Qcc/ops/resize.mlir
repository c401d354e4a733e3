// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The mode comes first, rules print in angle brackets.
// CHECK-LABEL: @nearest_resize
func.func @nearest_resize(%x: tensor<1x4x2x2xf32>) -> tensor<1x4x4x4xf32> {
  // CHECK: qcc.resize nearest %{{[^ ]+}} {coordinates = #qcc.coordinates<asymmetric>,
  %0 = qcc.resize nearest %x {coordinates = #qcc.coordinates<asymmetric>,
      rounding = #qcc.nearest_rounding<floor>,
      scales = array<f64: 1.0, 1.0, 2.0, 2.0>} : tensor<1x4x2x2xf32>
      -> tensor<1x4x4x4xf32>
  return %0 : tensor<1x4x4x4xf32>
}
