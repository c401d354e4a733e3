// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The kind comes first, its parameter is an attribute.
// CHECK-LABEL: @with_parameter
func.func @with_parameter(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: qcc.unary leaky_relu %{{[^ ]+}} {alpha = 1.000000e-01 : f32} : tensor<4xf32>
  %0 = qcc.unary leaky_relu %x {alpha = 1.0e-1 : f32} : tensor<4xf32>
      -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// Both sides have their own grid.
// CHECK-LABEL: @between_grids
func.func @between_grids(%x: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>)
  -> tensor<4x!qcc.quant<i8, 2.500000e-01, 0>> {
  // CHECK: qcc.unary sigmoid %{{[^ ]+}} : tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
  %0 = qcc.unary sigmoid %x : tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
      -> tensor<4x!qcc.quant<i8, 2.500000e-01, 0>>
  return %0 : tensor<4x!qcc.quant<i8, 2.500000e-01, 0>>
}
