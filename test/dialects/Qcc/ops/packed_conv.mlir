// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// The layout is part of the type.
// CHECK-LABEL: @panels
func.func @panels(%x: tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<1x1x9x1x1x64xi8,
      #qcc.panels<lanes = 16, vectors = 1, step = 4, order = interleaved>>,
    %s: tensor<16xi32>, %m: tensor<16xf32>) -> tensor<1x16x8x8xf32> {
  // CHECK: qcc.packed_conv %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}} multiplier(%{{[^ ]+}}) {bounded,
  // CHECK-SAME: #qcc.panels<lanes = 16, vectors = 1, step = 4, order = interleaved>
  %0 = qcc.packed_conv %x, %w, %s multiplier(%m)
      {bounded, dilations = array<i64: 1, 1>, group = 1 : i64,
       kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>,
       strides = array<i64: 1, 1>}
      : (tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
         tensor<1x1x9x1x1x64xi8,
      #qcc.panels<lanes = 16, vectors = 1, step = 4, order = interleaved>>,
         tensor<16xi32>, tensor<16xf32>) -> tensor<1x16x8x8xf32>
  return %0 : tensor<1x16x8x8xf32>
}
