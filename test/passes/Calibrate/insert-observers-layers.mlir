// RUN: qcc-opt %s --qcc-insert-observers=layers=true | FileCheck %s

// Of a quantized graph what layers compute, whatever it is stored as; not what
// only changes the grid, nor what was rescaled.
// CHECK-LABEL: @keeps_layers
// CHECK-NOT:     qcc.observe
// CHECK:         %[[A:.*]] = qcc.conv
// CHECK-NEXT:    qcc.observe %[[A]], "conv" : tensor<1x2x4x4x!qcc.quant
// CHECK-NEXT:    qcc.conv
// CHECK-NEXT:    qcc.dequantize
// CHECK-NEXT:    %[[C:.*]] = qcc.unary tanh
// CHECK-NEXT:    qcc.observe %[[C]], "tanh" : tensor<1x2x4x4xf32>
// CHECK-NEXT:    return
!grid = !qcc.quant<u8, 0.5, 3>
func.func @keeps_layers(%x: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %w = arith.constant dense<1> : tensor<2x2x1x1xi8>
  %s = arith.constant dense<1.0> : tensor<2xf32>
  %0 = qcc.quantize %x : tensor<1x2x4x4xf32> -> tensor<1x2x4x4x!grid> loc("in")
  %1 = qcc.conv %0, %w scales(%s)
    : (tensor<1x2x4x4x!grid>, tensor<2x2x1x1xi8>, tensor<2xf32>)
      -> tensor<1x2x4x4x!grid> loc("conv")
  %2 = qcc.conv %1, %w scales(%s)
    : (tensor<1x2x4x4x!grid>, tensor<2x2x1x1xi8>, tensor<2xf32>)
      -> tensor<1x2x4x4x!grid> loc(fused<"rescaled">["equalized"])
  %3 = qcc.dequantize %2 : tensor<1x2x4x4x!grid> -> tensor<1x2x4x4xf32> loc("out")
  %4 = qcc.unary tanh %3 : tensor<1x2x4x4xf32> -> tensor<1x2x4x4xf32> loc("tanh")
  return %4 : tensor<1x2x4x4xf32>
}
