// RUN: qcc-opt %s --qcc-pack-weights --qcc-plan-memory --split-input-file \
// RUN:   --verify-diagnostics | FileCheck %s

// A tensor of 256 bytes and the 128 that a kernel may read beyond it. The third
// lives when the first is dead, so it takes its place; the fourth is written
// to the caller's memory.
// CHECK:      qcc.arena_bytes = 768
// CHECK:      @main(%[[X:[^:]*]]: tensor<64xf32, #qcc.buffer<input 0, offset = 0, strides = [1]>>)
// CHECK:      qcc.unary exp %[[X]] : {{.*}} -> {{.*}}#qcc.buffer<arena 0, offset = 0,
// CHECK-NEXT: qcc.unary log {{.*}} -> {{.*}}#qcc.buffer<arena 0, offset = 384,
// CHECK-NEXT: qcc.unary exp {{.*}} -> {{.*}}#qcc.buffer<arena 0, offset = 0,
// CHECK-NEXT: qcc.unary log {{.*}} -> {{.*}}#qcc.buffer<output 0, offset = 0,
// CHECK-NEXT: return
module @reuses_dead_buffers {
  func.func @main(%x: tensor<64xf32>) -> tensor<64xf32> {
    %0 = qcc.unary exp %x : tensor<64xf32> -> tensor<64xf32>
    %1 = qcc.unary log %0 : tensor<64xf32> -> tensor<64xf32>
    %2 = qcc.unary exp %1 : tensor<64xf32> -> tensor<64xf32>
    %3 = qcc.unary log %2 : tensor<64xf32> -> tensor<64xf32>
    return %3 : tensor<64xf32>
  }
}

// -----

// What is observed is read after the run: nobody takes its place.
// CHECK:      qcc.arena_bytes = 1152
// CHECK:      qcc.unary exp {{.*}} -> {{.*}}#qcc.buffer<arena 0, offset = 0,
// CHECK:      qcc.unary log {{.*}} -> {{.*}}#qcc.buffer<arena 0, offset = 384,
// CHECK-NEXT: qcc.unary exp {{.*}} -> {{.*}}#qcc.buffer<arena 0, offset = 768,
module @keeps_observed {
  func.func @main(%x: tensor<64xf32>) -> tensor<64xf32> {
    %0 = qcc.unary exp %x : tensor<64xf32> -> tensor<64xf32>
    qcc.observe %0, "kept" : tensor<64xf32>
    %1 = qcc.unary log %0 : tensor<64xf32> -> tensor<64xf32>
    %2 = qcc.unary exp %1 : tensor<64xf32> -> tensor<64xf32>
    %3 = qcc.unary log %2 : tensor<64xf32> -> tensor<64xf32>
    return %3 : tensor<64xf32>
  }
}

// -----

// The caller's image is rows of one channel: it is copied to one whose pixels
// are runs of channels, with the border that the convolution reads. A window
// of two steps ends inside: no border below and to the right.
// CHECK:      %[[I:.*]] = qcc.expand {{.*}}<input 0, offset = 0, strides = [64, 16, 4, 1]>>
// CHECK-SAME:   strides = [100, 1, 20, 4], halo = [1, 1, 0, 0]>>
// CHECK:      %[[A:.*]] = qcc.packed_conv %[[I]],
// CHECK-SAME:   -> {{.*}} strides = [64, 1, 16, 4], halo = [1, 1, 1, 1]>>
// CHECK:      %[[B:.*]] = qcc.packed_conv %[[A]],
// CHECK:      qcc.expand %[[B]] : {{.*}} -> {{.*}}<output 0, offset = 0, strides = [16, 4, 2, 1]>>
module @adds_halos {
  func.func @main(%x: tensor<1x4x4x4xf32>) -> tensor<1x4x2x2xf32> {
    %w = arith.constant dense<1.0> : tensor<4x4x3x3xf32>
    %0 = qcc.conv %x, %w {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 2>}
      : (tensor<1x4x4x4xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x2x2xf32>
    %1 = qcc.conv %0, %w {pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x4x2x2xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x2x2xf32>
    return %1 : tensor<1x4x2x2xf32>
  }
}

// -----

// Views are strides and an offset: nothing moves. The last one goes to the
// caller and is written out.
// CHECK:      qcc.unary exp {{.*}}<arena 0, offset = 0, strides = [4, 1]>>
// CHECK-NEXT: qcc.slice {{.*}} -> {{.*}}3x2xf32, {{.*}}<arena 0, offset = 4, strides = [4, 2]>>
// CHECK-NEXT: qcc.transpose {{.*}} -> {{.*}}2x3xf32, {{.*}}<arena 0, offset = 4, strides = [2, 4]>>
// CHECK-NEXT: qcc.unary log {{.*}} -> {{.*}}2x3xf32, {{.*}}<arena 0, {{.*}} strides = [3, 1]>>
// CHECK-NEXT: qcc.reshape {{.*}} -> {{.*}}6xf32, {{.*}}<output 0, offset = 0, strides = [1]>>
module @views_slices_and_transposes {
  func.func @main(%x: tensor<3x4xf32>) -> tensor<6xf32> {
    %0 = qcc.unary exp %x : tensor<3x4xf32> -> tensor<3x4xf32>
    %1 = qcc.slice %0 {starts = array<i64: 0, 1>, steps = array<i64: 1, 2>}
      : tensor<3x4xf32> -> tensor<3x2xf32>
    %2 = qcc.transpose %1 {permutation = array<i64: 1, 0>}
      : tensor<3x2xf32> -> tensor<2x3xf32>
    %3 = qcc.unary log %2 : tensor<2x3xf32> -> tensor<2x3xf32>
    %4 = qcc.reshape %3 : tensor<2x3xf32> -> tensor<6xf32>
    return %4 : tensor<6xf32>
  }
}

// -----

// A reshape that would need two strides for one dimension is written out.
// CHECK:      qcc.transpose {{.*}} -> {{.*}}4x3xf32, {{.*}}<arena 0, offset = 0, strides = [1, 4]>>
// CHECK-NEXT: qcc.reshape {{.*}} -> {{.*}}12xf32, {{.*}}<arena 0, offset = {{[1-9]}}
module @keeps_reshape_of_transposed {
  func.func @main(%x: tensor<3x4xf32>) -> tensor<12xf32> {
    %0 = qcc.unary exp %x : tensor<3x4xf32> -> tensor<3x4xf32>
    %1 = qcc.transpose %0 {permutation = array<i64: 1, 0>} : tensor<3x4xf32> -> tensor<4x3xf32>
    %2 = qcc.reshape %1 : tensor<4x3xf32> -> tensor<12xf32>
    %3 = qcc.unary log %2 : tensor<12xf32> -> tensor<12xf32>
    return %3 : tensor<12xf32>
  }
}

// -----

// Both parts are written where the whole begins and 64 bytes further; the
// input, which is nobody's to write, is copied there.
// CHECK:      qcc.unary exp {{.*}} -> tensor<1x16xf32, #qcc.buffer<arena 0, offset = [[A:[0-9]+]],
// CHECK:      qcc.expand {{.*}}<input 0,{{.*}} -> {{.*}}<arena 0, offset = {{[0-9]+}},
// CHECK:      qcc.concat {{.*}} -> tensor<1x32xf32, #qcc.buffer<arena 0, offset = [[A]],
module @joins_concat_in_place {
  func.func @main(%x: tensor<1x16xf32>) -> tensor<1x32xf32> {
    %0 = qcc.unary exp %x : tensor<1x16xf32> -> tensor<1x16xf32>
    %1 = qcc.concat %0, %x {axis = 1 : i64}
      : (tensor<1x16xf32>, tensor<1x16xf32>) -> tensor<1x32xf32>
    %2 = qcc.unary log %1 : tensor<1x32xf32> -> tensor<1x32xf32>
    return %2 : tensor<1x32xf32>
  }
}

// -----

// Two outputs are two buffers of the caller.
// CHECK:      %[[A:.*]] = qcc.unary exp {{.*}}<output 0,
// CHECK-NEXT: %[[B:.*]] = qcc.expand %[[A]] : {{.*}}<output 0,{{.*}} -> {{.*}}<output 1,
// CHECK-NEXT: return %[[A]], %[[B]]
module @copies_second_output {
  func.func @main(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
    %0 = qcc.unary exp %x : tensor<4xf32> -> tensor<4xf32>
    return %0, %0 : tensor<4xf32>, tensor<4xf32>
  }
}

// -----

// expected-error @below {{expected a function @main, but got none}}
module @without_main {
  func.func @other(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}
