// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The scale is printed so that it reads back as the same f32.
// CHECK-LABEL: @exact_scale
func.func @exact_scale(%x: tensor<4xf32>)
  -> tensor<4x!qcc.quant<i8, 0.0235294122, -3>> {
  // CHECK: qcc.quantize %{{[^ ]+}} : tensor<4xf32> -> tensor<4x!qcc.quant<i8, 0.0235294122, -3>>
  %0 = qcc.quantize %x : tensor<4xf32>
      -> tensor<4x!qcc.quant<i8, 0.0235294122, -3>>
  return %0 : tensor<4x!qcc.quant<i8, 0.0235294122, -3>>
}
