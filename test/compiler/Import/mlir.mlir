// RUN: qcc --stop-after=import %s -o - | FileCheck %s

// Names that a module leaves out are filled in, and its own are kept.
// CHECK: func.func @main(%[[X:.*]]: tensor<1x4xf32> {qcc.name = "input0"}
// CHECK-SAME: -> (tensor<1x4x!qcc.quant<u8, 5.000000e-01, 128>>
// CHECK-SAME: {qcc.name = "code"})
func.func @main(%x: tensor<1x4xf32>)
    -> (tensor<1x4x!quant.uniform<u8:f32, 0.5:128>> {qcc.name = "code"}) {
  // Upstream's type for a whole tensor becomes ours.
  // CHECK: qcc.quantize %[[X]]
  // CHECK-SAME: -> tensor<1x4x!qcc.quant<u8, 5.000000e-01, 128>>
  %q = qcc.quantize %x
    : tensor<1x4xf32> -> tensor<1x4x!quant.uniform<u8:f32, 0.5:128>>
  return %q : tensor<1x4x!quant.uniform<u8:f32, 0.5:128>>
}
