// RUN: qcc-opt %s --qcc-emit-kernels --split-input-file --verify-diagnostics
// RUN: not qcc-opt %s --qcc-emit-kernels=target=abacus --split-input-file 2>&1 \
// RUN:   | FileCheck %s

// CHECK: error: expected target avx512bf16, avx512, avxvnni, avx2, but got abacus

// expected-error @below {{expected a function @main, but got none}}
module {
}

// -----

// expected-error @below {{expected planned memory (qcc-plan-memory), but got no arena size}}
module {
  func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}

// -----

// A scalar that is no tensor has no place in memory.
module attributes {qcc.arena_bytes = 0 : i64} {
  // expected-error @below {{expected ranked tensors, but got 'f32'}}
  func.func @main(%x: f32) -> f32 {
    return %x : f32
  }
}

// -----

// An op that the Pack phase replaces.
module attributes {qcc.arena_bytes = 0 : i64} {
  func.func @main(%x: tensor<1x1xf32, #qcc.buffer<input 0, offset = 0, strides = [1, 1]>>)
      -> tensor<1x1xf32, #qcc.buffer<output 0, offset = 0, strides = [1, 1]>> {
    %w = arith.constant dense<1.0> : tensor<1x1xf32>
    // expected-error @below {{expected an op that has a CPU kernel}}
    %0 = qcc.linear %x, %w
      : (tensor<1x1xf32, #qcc.buffer<input 0, offset = 0, strides = [1, 1]>>, tensor<1x1xf32>)
        -> tensor<1x1xf32, #qcc.buffer<output 0, offset = 0, strides = [1, 1]>>
    return %0 : tensor<1x1xf32, #qcc.buffer<output 0, offset = 0, strides = [1, 1]>>
  }
}
