// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// With what it is multiplied by.
// CHECK-LABEL: @gated
func.func @gated(%g: tensor<8x64xf32>, %u: tensor<8x64xf32>,
    %extents: tensor<4xi64>) -> tensor<8x64xf32> {
  // CHECK: qcc.gate_rows %{{[^ ]+}}, %{{[^ ]+}} by(%{{[^ ]+}})
  // CHECK-SAME: {format = #qcc.row_format<f32>, function = "silu"}
  %0 = qcc.gate_rows %g, %extents by(%u)
      {format = #qcc.row_format<f32>, function = "silu"}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<8x64xf32>) -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}

// In the order of a weight's columns, with a gap.
// CHECK-LABEL: @ordered
func.func @ordered(%x: tensor<8x3xf32>, %extents: tensor<4xi64>)
    -> tensor<8x4xf32> {
  %order = arith.constant dense<[2, 0, -1, 1]> : tensor<4xi32>
  // CHECK: qcc.gate_rows %{{[^ ]+}}, %{{[^ ]+}} order(%{{[^ ]+}})
  %0 = qcc.gate_rows %x, %extents order(%order)
      {format = #qcc.row_format<f32>}
      : (tensor<8x3xf32>, tensor<4xi64>, tensor<4xi32>) -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// Without a function it only quantizes.
// CHECK-LABEL: @quantized
func.func @quantized(%x: tensor<8x64xf32>, %extents: tensor<4xi64>)
    -> tensor<8x448xi8> {
  // CHECK: qcc.gate_rows {{.*}} {format = #qcc.row_format<q8_token>} :
  %0 = qcc.gate_rows %x, %extents {format = #qcc.row_format<q8_token>}
      : (tensor<8x64xf32>, tensor<4xi64>) -> tensor<8x448xi8>
  return %0 : tensor<8x448xi8>
}
