// RUN: qcc-opt %s --qcc-pack-weights --qcc-chain-layers --split-input-file \
// RUN:   | FileCheck %s
// RUN: qcc-opt %s --qcc-pack-weights --qcc-chain-layers --qcc-plan-memory \
// RUN:   --qcc-emit-kernels --split-input-file \
// RUN:   | FileCheck %s --check-prefix=LAUNCH

// Fewer weights than pixels, in rows of one whole tile: one launch.
// CHECK-LABEL: module @chains
// CHECK:         qcc.packed_depthwise {{.*}}qcc.chained
// LAUNCH-LABEL: module @chains
// LAUNCH:       func.func @main
// LAUNCH:         qcc.launch @expand
// LAUNCH-NOT:     qcc.launch
// LAUNCH:         qcc.launch @packed_depthwise_f32_f32_f32_avx512_chain_1
// LAUNCH-SAME:      "qcc.packed_depthwise+qcc.packed_conv", macs = 206976
// LAUNCH-SAME:      "depthwise+pointwise"
// LAUNCH:         qcc.launch @expand
// LAUNCH-NOT:     qcc.launch
// LAUNCH:       func.func private
module @chains {
  func.func @main(%x: tensor<1x32x14x14xf32>) -> tensor<1x32x14x14xf32> {
    %v = arith.constant dense<1.0> : tensor<32x1x1x1xf32>
    %w = arith.constant dense<2.0> : tensor<32x32x1x1xf32>
    %0 = qcc.conv %x, %v {group = 32 : i64}
      : (tensor<1x32x14x14xf32>, tensor<32x1x1x1xf32>) -> tensor<1x32x14x14xf32>
      loc("depthwise")
    %1 = qcc.conv %0, %w
      : (tensor<1x32x14x14xf32>, tensor<32x32x1x1xf32>) -> tensor<1x32x14x14xf32>
      loc("pointwise")
    return %1 : tensor<1x32x14x14xf32>
  }
}

// -----

// Somebody else reads the image between them.
// CHECK-LABEL: module @keeps_two_readers
// CHECK-NOT:     qcc.chained
// LAUNCH-LABEL: module @keeps_two_readers
module @keeps_two_readers {
  func.func @main(%x: tensor<1x32x14x14xf32>)
      -> (tensor<1x32x14x14xf32>, tensor<1x32x14x14xf32>) {
    %v = arith.constant dense<1.0> : tensor<32x1x1x1xf32>
    %w = arith.constant dense<2.0> : tensor<32x32x1x1xf32>
    %0 = qcc.conv %x, %v {group = 32 : i64}
      : (tensor<1x32x14x14xf32>, tensor<32x1x1x1xf32>) -> tensor<1x32x14x14xf32>
    %1 = qcc.conv %0, %w
      : (tensor<1x32x14x14xf32>, tensor<32x32x1x1xf32>) -> tensor<1x32x14x14xf32>
    return %0, %1 : tensor<1x32x14x14xf32>, tensor<1x32x14x14xf32>
  }
}

// -----

// A row of 16 is two tiles of 8 where tiles may have 14.
// CHECK-LABEL: module @keeps_short_tiles
// CHECK-NOT:     qcc.chained
// LAUNCH-LABEL: module @keeps_short_tiles
module @keeps_short_tiles {
  func.func @main(%x: tensor<1x32x16x16xf32>) -> tensor<1x32x16x16xf32> {
    %v = arith.constant dense<1.0> : tensor<32x1x1x1xf32>
    %w = arith.constant dense<2.0> : tensor<32x32x1x1xf32>
    %0 = qcc.conv %x, %v {group = 32 : i64}
      : (tensor<1x32x16x16xf32>, tensor<32x1x1x1xf32>) -> tensor<1x32x16x16xf32>
    %1 = qcc.conv %0, %w
      : (tensor<1x32x16x16xf32>, tensor<32x32x1x1xf32>) -> tensor<1x32x16x16xf32>
    return %1 : tensor<1x32x16x16xf32>
  }
}

// -----

// The second layer needs its neighbours' rows.
// CHECK-LABEL: module @keeps_windows
// CHECK-NOT:     qcc.chained
// LAUNCH-LABEL: module @keeps_windows
module @keeps_windows {
  func.func @main(%x: tensor<1x32x14x14xf32>) -> tensor<1x32x14x14xf32> {
    %v = arith.constant dense<1.0> : tensor<32x1x1x1xf32>
    %w = arith.constant dense<2.0> : tensor<32x32x3x3xf32>
    %0 = qcc.conv %x, %v {group = 32 : i64}
      : (tensor<1x32x14x14xf32>, tensor<32x1x1x1xf32>) -> tensor<1x32x14x14xf32>
    %1 = qcc.conv %0, %w {pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x32x14x14xf32>, tensor<32x32x3x3xf32>) -> tensor<1x32x14x14xf32>
    return %1 : tensor<1x32x14x14xf32>
  }
}
