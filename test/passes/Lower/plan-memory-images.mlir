// RUN: qcc-opt %s --split-input-file --qcc-pack-weights --qcc-plan-memory | FileCheck %s

// Four dimensions alone make no image: attention's tensors are row-major, and
// the right operand of a product gets a copy in rows where it would be a view
// in columns.
// CHECK-LABEL: module @keeps_rows
// CHECK:       qcc.transpose {{.*}}[96, 48, 8, 1]>> -> {{.*}}[96, 48, 6, 1]>>
// CHECK:       qcc.matmul {{.*}} -> {{.*}}[72, 36, 6, 1]>>
// CHECK:       qcc.softmax {{.*}} -> {{.*}}[72, 36, 6, 1]>>
module @keeps_rows {
  func.func @main(%x: tensor<1x2x6x8xf32>) -> tensor<1x2x6x6xf32> {
    %q = qcc.unary tanh %x : tensor<1x2x6x8xf32> -> tensor<1x2x6x8xf32>
    %k = qcc.transpose %x {permutation = array<i64: 0, 1, 3, 2>}
      : tensor<1x2x6x8xf32> -> tensor<1x2x8x6xf32>
    %s = qcc.matmul %q, %k
      : (tensor<1x2x6x8xf32>, tensor<1x2x8x6xf32>) -> tensor<1x2x6x6xf32>
    %0 = qcc.softmax %s {axis = 3 : i64} : tensor<1x2x6x6xf32> -> tensor<1x2x6x6xf32>
    %1 = qcc.unary exp %0 : tensor<1x2x6x6xf32> -> tensor<1x2x6x6xf32>
    return %1 : tensor<1x2x6x6xf32>
  }
}

// -----

// What elementwise ops connect with a pool is channels-last like it; the
// caller's tensors, which are not, are copied.
// CHECK-LABEL: module @connects_images
// CHECK:       qcc.unary exp {{.*}} -> {{.*}}[128, 1, 32, 8]>>
// CHECK:       qcc.unary tanh {{.*}} -> {{.*}}[128, 1, 32, 8]>>
// CHECK:       qcc.max_pool {{.*}} -> {{.*}}<arena 0, {{.*}}[32, 1, 16, 8]>>
// CHECK:       qcc.expand {{.*}} -> {{.*}}<output 0, {{.*}}[32, 4, 2, 1]>>
module @connects_images {
  func.func @main(%x: tensor<1x8x4x4xf32>) -> tensor<1x8x2x2xf32> {
    %0 = qcc.unary exp %x : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
    %1 = qcc.unary tanh %0 : tensor<1x8x4x4xf32> -> tensor<1x8x4x4xf32>
    %2 = qcc.max_pool %1 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : tensor<1x8x4x4xf32> -> tensor<1x8x2x2xf32>
    return %2 : tensor<1x8x2x2xf32>
  }
}

// -----

// Pictures of few channels stay planes up to the last op before the pool.
// CHECK-LABEL: module @keeps_planes
// CHECK:       qcc.unary exp {{.*}} -> {{.*}}[48, 16, 4, 1]>>
// CHECK:       qcc.unary tanh {{.*}} -> {{.*}}[48, 1, 12, 3]>>
// CHECK:       qcc.average_pool
module @keeps_planes {
  func.func @main(%x: tensor<1x3x4x4xf32>) -> tensor<1x3x2x2xf32> {
    %y = qcc.unary exp %x : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
    %0 = qcc.unary tanh %y : tensor<1x3x4x4xf32> -> tensor<1x3x4x4xf32>
    %1 = qcc.average_pool %0 {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : tensor<1x3x4x4xf32> -> tensor<1x3x2x2xf32>
    return %1 : tensor<1x3x2x2xf32>
  }
}
