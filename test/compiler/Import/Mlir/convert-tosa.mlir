// RUN: qcc-opt %s --qcc-convert-tosa | FileCheck %s

// CHECK-LABEL: @converts_elementwise
func.func @converts_elementwise(%x: tensor<2x3xf32>, %y: tensor<1x3xf32>)
    -> tensor<2x3xf32> {
  // CHECK: %[[A:.*]] = qcc.binary add %arg0, %arg1
  // CHECK: %[[M:.*]] = qcc.binary mul %[[A]], %arg1
  // CHECK: %[[S:.*]] = qcc.unary sigmoid %[[M]]
  // CHECK: %[[R:.*]] = qcc.unary sqrt %[[S]]
  // CHECK: %[[Q:.*]] = qcc.unary reciprocal %[[R]]
  // CHECK: %[[P:.*]] = qcc.binary pow %[[Q]], %arg0
  // CHECK: %[[N:.*]] = qcc.unary neg %[[P]]
  // CHECK: return %[[N]]
  %none = "tosa.const"() <{values = dense<0> : tensor<1xi8>}>
    : () -> tensor<1xi8>
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}>
    : () -> tensor<1xf32>
  %0 = tosa.add %x, %y : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %1 = tosa.mul %0, %y, %none
    : (tensor<2x3xf32>, tensor<1x3xf32>, tensor<1xi8>) -> tensor<2x3xf32>
  %2 = tosa.sigmoid %1 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = tosa.rsqrt %2 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = tosa.pow %3, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = tosa.negate %4, %zero, %zero
    : (tensor<2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x3xf32>
  return %5 : tensor<2x3xf32>
}

// Bounds that every number keeps go.
// CHECK-LABEL: @converts_clamp
func.func @converts_clamp(%x: tensor<2xf32>) -> tensor<2xf32> {
  // CHECK: qcc.clamp %arg0 {lower = 0.000000e+00 : f32} :
  %0 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32}
    : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// Integers are limited one side after the other.
// CHECK-LABEL: @converts_integer_clamp
func.func @converts_integer_clamp(%x: tensor<2xi32>) -> tensor<2xi32> {
  // CHECK: %[[M:.*]] = qcc.binary max %arg0
  // CHECK: qcc.binary min %[[M]]
  %0 = tosa.clamp %x {min_val = 0 : i32, max_val = 6 : i32}
    : (tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// CHECK-LABEL: @converts_comparisons
func.func @converts_comparisons(%x: tensor<3xf32>, %y: tensor<3xf32>)
    -> tensor<3xf32> {
  // CHECK: %[[G:.*]] = qcc.binary greater %arg0, %arg1
  // CHECK: %[[E:.*]] = qcc.binary equal %arg0, %arg1
  // CHECK: %[[O:.*]] = qcc.binary or %[[G]], %[[E]]
  // CHECK: %[[N:.*]] = qcc.unary not %[[O]]
  // CHECK: qcc.select %[[N]], %arg0, %arg1
  %0 = tosa.greater %x, %y : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xi1>
  %1 = tosa.equal %x, %y : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xi1>
  %2 = tosa.logical_or %0, %1 : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>
  %3 = tosa.logical_not %2 : (tensor<3xi1>) -> tensor<3xi1>
  %4 = tosa.select %3, %x, %y
    : (tensor<3xi1>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %4 : tensor<3xf32>
}

// A float is rounded to the nearest integer, not cut off.
// CHECK-LABEL: @converts_cast
func.func @converts_cast(%x: tensor<2xf32>) -> tensor<2xi32> {
  // CHECK: %[[R:.*]] = qcc.unary round %arg0
  // CHECK: qcc.cast %[[R]]
  %0 = tosa.cast %x : (tensor<2xf32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// CHECK-LABEL: @converts_reductions
func.func @converts_reductions(%x: tensor<2x3xf32>) -> tensor<1x1xf32> {
  // CHECK: %[[S:.*]] = qcc.reduce sum %arg0 {axes = array<i64: 1>}
  // CHECK: qcc.reduce max %[[S]] {axes = array<i64: 0>}
  %0 = tosa.reduce_sum %x {axis = 1 : i32}
    : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %1 = tosa.reduce_max %0 {axis = 0 : i32}
    : (tensor<2x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// Booleans are reduced as numbers.
// CHECK-LABEL: @converts_reduce_any
func.func @converts_reduce_any(%x: tensor<2x3xi1>) -> tensor<2x1xi1> {
  // CHECK: %[[I:.*]] = qcc.cast %arg0
  // CHECK: %[[M:.*]] = qcc.reduce max %[[I]]
  // CHECK: qcc.cast %[[M]] : tensor<2x1xi32> -> tensor<2x1xi1>
  %0 = tosa.reduce_any %x {axis = 1 : i32}
    : (tensor<2x3xi1>) -> tensor<2x1xi1>
  return %0 : tensor<2x1xi1>
}

// CHECK-LABEL: @converts_moves
func.func @converts_moves(%x: tensor<2x3xf32>) -> tensor<6x8xf32> {
  // CHECK: %[[P:.*]] = qcc.pad %arg0 {high = array<i64: 0, 1>, low = array<i64: 0, 0>
  // CHECK: %[[T:.*]] = qcc.transpose %[[P]] {permutation = array<i64: 1, 0>}
  // CHECK: %[[C:.*]] = qcc.concat %[[T]], %[[T]] {axis = 1 : i64}
  // CHECK: %[[S:.*]] = qcc.slice %[[C]] {starts = array<i64: 1, 0>
  // CHECK: %[[R:.*]] = qcc.slice %[[S]] {starts = array<i64: 2, 0>, steps = array<i64: -1, 1>}
  // CHECK: qcc.reshape %[[R]] : tensor<3x4xf32> -> tensor<1x3x1x4xf32>
  // CHECK: qcc.expand {{.*}} -> tensor<2x3x2x4xf32>
  // CHECK: qcc.reshape {{.*}} -> tensor<6x8xf32>
  %value = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}>
    : () -> tensor<1xf32>
  %border = tosa.const_shape {values = dense<[0, 0, 0, 1]> : tensor<4xindex>}
    : () -> !tosa.shape<4>
  %start = tosa.const_shape {values = dense<[1, 0]> : tensor<2xindex>}
    : () -> !tosa.shape<2>
  %size = tosa.const_shape {values = dense<[3, 4]> : tensor<2xindex>}
    : () -> !tosa.shape<2>
  %twice = tosa.const_shape {values = dense<2> : tensor<2xindex>}
    : () -> !tosa.shape<2>
  %0 = tosa.pad %x, %border, %value
    : (tensor<2x3xf32>, !tosa.shape<4>, tensor<1xf32>) -> tensor<2x4xf32>
  %1 = tosa.transpose %0 {perms = array<i32: 1, 0>}
    : (tensor<2x4xf32>) -> tensor<4x2xf32>
  %2 = tosa.concat %1, %1 {axis = 1 : i32}
    : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x4xf32>
  %3 = tosa.slice %2, %start, %size
    : (tensor<4x4xf32>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<3x4xf32>
  %4 = tosa.reverse %3 {axis = 0 : i32} : (tensor<3x4xf32>) -> tensor<3x4xf32>
  %5 = tosa.tile %4, %twice : (tensor<3x4xf32>, !tosa.shape<2>)
    -> tensor<6x8xf32>
  return %5 : tensor<6x8xf32>
}

// CHECK-LABEL: @converts_gather_and_reshape
func.func @converts_gather_and_reshape(%x: tensor<1x5x2xf32>,
                                       %i: tensor<1x3xi32>) -> tensor<6xf32> {
  // CHECK: qcc.gather {{.*}} {axis = 0 : i64}
  // CHECK-SAME: (tensor<5x2xf32>, tensor<3xi32>) -> tensor<3x2xf32>
  // CHECK: qcc.reshape {{.*}} -> tensor<6xf32>
  %shape = tosa.const_shape {values = dense<6> : tensor<1xindex>}
    : () -> !tosa.shape<1>
  %0 = tosa.gather %x, %i
    : (tensor<1x5x2xf32>, tensor<1x3xi32>) -> tensor<1x3x2xf32>
  %1 = tosa.reshape %0, %shape
    : (tensor<1x3x2xf32>, !tosa.shape<1>) -> tensor<6xf32>
  return %1 : tensor<6xf32>
}
