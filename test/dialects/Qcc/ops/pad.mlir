// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Modes print in angle brackets.
// CHECK-LABEL: @edge_mode
func.func @edge_mode(%x: tensor<2xf32>) -> tensor<3xf32> {
  // CHECK: qcc.pad %{{.+}} {high = array<i64: 0>, low = array<i64: 1>, mode = #qcc.pad_mode<edge>}
  %0 = qcc.pad %x {high = array<i64: 0>, low = array<i64: 1>,
      mode = #qcc.pad_mode<edge>} : tensor<2xf32>
      -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
