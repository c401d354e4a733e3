// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Padding may count.
// CHECK-LABEL: @counts_padding
func.func @counts_padding(%x: tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32> {
  // CHECK: qcc.average_pool %{{[^ ]+}} {count_include_pad = true, kernel = array<i64: 3, 3>,
  %0 = qcc.average_pool %x {count_include_pad = true,
      kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>} : tensor<1x4x8x8xf32>
      -> tensor<1x4x8x8xf32>
  return %0 : tensor<1x4x8x8xf32>
}

// The result has its own grid.
// CHECK-LABEL: @between_grids
func.func @between_grids(%x: tensor<1x1x2x2x!qcc.quant<u8, 5.000000e-01, 128>>)
  -> tensor<1x1x1x1x!qcc.quant<u8, 2.500000e-01, 0>> {
  // CHECK: qcc.average_pool
  %0 = qcc.average_pool %x {kernel = array<i64: 2, 2>}
      : tensor<1x1x2x2x!qcc.quant<u8, 5.000000e-01, 128>>
      -> tensor<1x1x1x1x!qcc.quant<u8, 2.500000e-01, 0>>
  return %0 : tensor<1x1x1x1x!qcc.quant<u8, 2.500000e-01, 0>>
}
