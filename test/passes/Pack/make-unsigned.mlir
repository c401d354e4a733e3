// RUN: qcc-opt %s --qcc-make-unsigned | FileCheck %s

// Only the two ends convert; -3 becomes 125, and the caller still sees i8.
// CHECK-LABEL: @moves_zero_point
// CHECK-SAME:    %[[X:[^:]*]]: tensor<1x4x8x8x!qcc.quant<i8, 5.000000e-01, -3>>
// CHECK-SAME:    -> tensor<1x4x8x8x!qcc.quant<i8, 5.000000e-01, -3>>
// CHECK-NEXT:    %[[U:.*]] = qcc.requantize %[[X]] : {{.*}} -> {{.*}}u8, 5.000000e-01, 125>>
// CHECK-NEXT:    %[[P:.*]] = qcc.max_pool %[[U]] {{.*}} -> {{.*}}u8, 5.000000e-01, 125>>
// CHECK-NEXT:    %[[Y:.*]] = qcc.requantize %[[P]] : {{.*}} -> {{.*}}i8, 5.000000e-01, -3>>
// CHECK-NEXT:    return %[[Y]]
func.func @moves_zero_point(%x: tensor<1x4x8x8x!qcc.quant<i8, 0.5, -3>>)
    -> tensor<1x4x8x8x!qcc.quant<i8, 0.5, -3>> {
  %0 = qcc.max_pool %x {kernel = array<i64: 3, 3>, pads = array<i64: 1, 1, 1, 1>}
    : tensor<1x4x8x8x!qcc.quant<i8, 0.5, -3>>
      -> tensor<1x4x8x8x!qcc.quant<i8, 0.5, -3>>
  return %0 : tensor<1x4x8x8x!qcc.quant<i8, 0.5, -3>>
}

// Floats outside: the grids between change and nothing is added.
// CHECK-LABEL: @changes_between_floats
// CHECK-NEXT:    %[[Q:.*]] = qcc.quantize %{{.*}} -> {{.*}}u8, 1.000000e+00, 128>>
// CHECK-NEXT:    %[[Y:.*]] = qcc.dequantize %[[Q]]
// CHECK-NEXT:    return %[[Y]]
func.func @changes_between_floats(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.quantize %x : tensor<4xf32> -> tensor<4x!qcc.quant<i8, 1.0, 0>>
  %1 = qcc.dequantize %0 : tensor<4x!qcc.quant<i8, 1.0, 0>> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// Weights and biases are integers without a grid, and i32 grids accumulate.
// CHECK-LABEL: @keeps_other_integers
// CHECK:         qcc.dequantize %{{.*}} : tensor<4x!qcc.quant<i32, 1.000000e+00, 0>>
// CHECK-NEXT:    return
func.func @keeps_other_integers(%x: tensor<4x!qcc.quant<i32, 1.0, 0>>)
    -> tensor<4xf32> {
  %0 = qcc.dequantize %x : tensor<4x!qcc.quant<i32, 1.0, 0>> -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
