// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The grid is in the type.
// CHECK-LABEL: @to_float
func.func @to_float(%x: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>)
  -> tensor<4xf32> {
  // CHECK: qcc.dequantize %{{[^ ]+}} : tensor<4x!qcc.quant<u8, 5.000000e-01, 128>> -> tensor<4xf32>
  %0 = qcc.dequantize %x : tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
      -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
