// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Both grids are in the types.
// CHECK-LABEL: @to_other_grid
func.func @to_other_grid(%x: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>)
  -> tensor<4x!qcc.quant<u8, 2.500000e-01, 0>> {
  // CHECK: qcc.requantize %{{[^ ]+}} : tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
  %0 = qcc.requantize %x : tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
      -> tensor<4x!qcc.quant<u8, 2.500000e-01, 0>>
  return %0 : tensor<4x!qcc.quant<u8, 2.500000e-01, 0>>
}
