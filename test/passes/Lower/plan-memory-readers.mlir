// RUN: qcc-opt %s --split-input-file --qcc-pack-weights --qcc-plan-memory | FileCheck %s

// Rows of six bytes are read in steps of four, the last one two bytes too far:
// the caller's tensor is copied to the arena, which has room behind it.
// CHECK:      qcc.expand {{.*}}<input 0,{{.*}} -> {{.*}}<arena 0,
// CHECK:      qcc.packed_conv
module @copies_odd_rows {
  func.func @main(%x: tensor<2x6x!qcc.quant<u8, 1.0, 0>>)
      -> tensor<2x4x!qcc.quant<u8, 1.0, 0>> {
    %w = arith.constant dense<1> : tensor<4x6xi8>
    %s = arith.constant dense<0.5> : tensor<4xf32>
    %0 = qcc.linear %x, %w scales(%s)
      : (tensor<2x6x!qcc.quant<u8, 1.0, 0>>, tensor<4x6xi8>, tensor<4xf32>)
        -> tensor<2x4x!qcc.quant<u8, 1.0, 0>>
    return %0 : tensor<2x4x!qcc.quant<u8, 1.0, 0>>
  }
}

// -----

// Rows of eight end on a step: they are read where they are.
// CHECK-LABEL: module @keeps_even_rows
// CHECK-NOT:   qcc.expand
// CHECK:       qcc.packed_conv %arg0
module @keeps_even_rows {
  func.func @main(%x: tensor<2x8x!qcc.quant<u8, 1.0, 0>>)
      -> tensor<2x4x!qcc.quant<u8, 1.0, 0>> {
    %w = arith.constant dense<1> : tensor<4x8xi8>
    %s = arith.constant dense<0.5> : tensor<4xf32>
    %0 = qcc.linear %x, %w scales(%s)
      : (tensor<2x8x!qcc.quant<u8, 1.0, 0>>, tensor<4x8xi8>, tensor<4xf32>)
        -> tensor<2x4x!qcc.quant<u8, 1.0, 0>>
    return %0 : tensor<2x4x!qcc.quant<u8, 1.0, 0>>
  }
}

// -----

// What a convolution reads through a slice is an image in the arena, although
// the whole is an output: that gets a copy.
// CHECK-LABEL: module @copies_sliced_output
// CHECK:       %[[E:.*]] = qcc.unary exp {{.*}} -> {{.*}}<arena 0,
// CHECK:       qcc.slice %[[E]]
// CHECK:       %[[Y:.*]] = qcc.expand %[[E]] {{.*}} -> {{.*}}<output 0,
// CHECK:       return %[[Y]]
module @copies_sliced_output {
  func.func @main(%x: tensor<1x8x4x4xf32>)
      -> (tensor<1x8x4x4xf32>, tensor<1x4x4x4xf32>) {
    %w = arith.constant dense<1.0> : tensor<4x4x3x3xf32>
    %0 = qcc.unary exp %x : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
    %1 = qcc.slice %0 {starts = array<i64: 0, 4, 0, 0>, steps = array<i64: 1, 1, 1, 1>}
      : tensor<1x8x4x4xf32> -> tensor<1x4x4x4xf32>
    %2 = qcc.conv %1, %w {pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x4x4x4xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x4x4xf32>
    return %0, %2 : tensor<1x8x4x4xf32>, tensor<1x4x4x4xf32>
  }
}
