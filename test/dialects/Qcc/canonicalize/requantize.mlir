// RUN: qcc-opt %s --canonicalize | FileCheck %s

// Equal grids move the integers unchanged.
// CHECK-LABEL: @drops_same_grid
// CHECK-SAME: %[[X:.*]]: tensor
func.func @drops_same_grid(%x: tensor<2x!qcc.quant<u8, 5.000000e-01, 128>>)
  -> tensor<2x!qcc.quant<u8, 5.000000e-01, 128>> {
  // CHECK: return %[[X]]
  %0 = qcc.requantize %x : tensor<2x!qcc.quant<u8, 5.000000e-01, 128>>
      -> tensor<2x!qcc.quant<u8, 5.000000e-01, 128>>
  return %0 : tensor<2x!qcc.quant<u8, 5.000000e-01, 128>>
}

// Another grid has other integers.
// CHECK-LABEL: @keeps_other_grid
func.func @keeps_other_grid(%x: tensor<2x!qcc.quant<u8, 5.000000e-01, 128>>)
  -> tensor<2x!qcc.quant<u8, 1.0, 0>> {
  // CHECK: qcc.requantize
  %0 = qcc.requantize %x : tensor<2x!qcc.quant<u8, 5.000000e-01, 128>>
      -> tensor<2x!qcc.quant<u8, 1.0, 0>>
  return %0 : tensor<2x!qcc.quant<u8, 1.0, 0>>
}
