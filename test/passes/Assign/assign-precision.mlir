// RUN: qcc-opt %s --qcc-assign-precision 2>&1 | FileCheck %s
// RUN: qcc-opt %s --qcc-assign-precision=precision=f32 | FileCheck %s --check-prefix=FLOAT
// RUN: not qcc-opt %s --qcc-assign-precision=precision=int3 2>&1 \
// RUN:   | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: error: expected precision int8 or f32, but got int3

// Remarks come first: only computing ops before the last contraction get one.
// CHECK: remark: stays in f32: its weights are computed at run time
// CHECK: remark: stays in f32: all that reads it computes in f32
// CHECK: remark: stays in f32: it has no integer form
// CHECK: remark: stays in f32: its operands are computed in f32
// CHECK: remark: stays in f32: it normalises features
// CHECK: remark: stays in f32: it normalises features
// CHECK: remark: stays in f32: its operands are computed in f32
// CHECK: remark: stays in f32: all that reads it computes in f32
// CHECK: remark: stays in f32: the channels of its input are too unequal
// CHECK-NOT: remark

// What follows the last contraction stays in f32 and is no surprise.
// CHECK-LABEL: @assigns_integers_up_to_last_contraction
// CHECK:         qcc.conv {{.*}}qcc.precision = "int8"
// CHECK:         qcc.max_pool {{.*}}qcc.precision = "int8"
// CHECK:         qcc.reshape {{.*}}qcc.precision = "int8"
// CHECK:         qcc.linear {{.*}}qcc.precision = "int8"
// CHECK:         qcc.softmax {{.*}}qcc.precision = "f32"
// FLOAT-LABEL: @assigns_integers_up_to_last_contraction
// FLOAT:         qcc.conv {{.*}}qcc.precision = "f32"
func.func @assigns_integers_up_to_last_contraction(
    %x: tensor<1x1x2x2xf32> {qcc.range = array<f32: 0.0, 1.0>}) -> tensor<1x2xf32> {
  %v = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %w = arith.constant dense<3.0> : tensor<2x1xf32>
  %0 = qcc.conv %x, %v {qcc.range = array<f32: 0.0, 3.0>}
    : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %1 = qcc.max_pool %0 {kernel = array<i64: 2, 2>} : tensor<1x1x2x2xf32> -> tensor<1x1x1x1xf32>
  %2 = qcc.reshape %1 : tensor<1x1x1x1xf32> -> tensor<1x1xf32>
  %3 = qcc.linear %2, %w : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  %4 = qcc.softmax %3 {axis = 1 : i64} : tensor<1x2xf32> -> tensor<1x2xf32>
  return %4 : tensor<1x2xf32>
}

// The argument is f32, but bytes move faster.
// CHECK-LABEL: @assigns_movement_before_integers
// CHECK:         qcc.transpose {{.*}}qcc.precision = "int8"
// CHECK:         qcc.reshape {{.*}}qcc.precision = "int8"
func.func @assigns_movement_before_integers(
    %x: tensor<2x3xf32> {qcc.range = array<f32: 0.0, 1.0>}) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<1x6xf32>
  %0 = qcc.transpose %x {permutation = array<i64: 1, 0>} : tensor<2x3xf32> -> tensor<3x2xf32>
  %1 = qcc.reshape %0 : tensor<3x2xf32> -> tensor<1x6xf32>
  %2 = qcc.linear %1, %w : (tensor<1x6xf32>, tensor<1x6xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// Its scale is found at run time.
// CHECK-LABEL: @assigns_dynamic_without_range
// CHECK:         qcc.linear {{.*}}qcc.precision = "int8_dynamic"
// FLOAT-LABEL: @assigns_dynamic_without_range
// FLOAT:         qcc.linear {{.*}}qcc.precision = "f32"
func.func @assigns_dynamic_without_range(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// One product for each element does not pay for looking at it first.
// CHECK-LABEL: @keeps_depthwise_without_range
// CHECK:         qcc.conv {{.*}}qcc.precision = "f32"
func.func @keeps_depthwise_without_range(%x: tensor<1x2x1x1xf32>) -> tensor<1x2x1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<2x1x1x1xf32>
  %0 = qcc.conv %x, %w {group = 2 : i64}
    : (tensor<1x2x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  return %0 : tensor<1x2x1x1xf32>
}

// CHECK-LABEL: @keeps_computed_weights
// CHECK:         qcc.linear {{.*}}qcc.precision = "f32"
func.func @keeps_computed_weights(%x: tensor<1x1xf32>, %w: tensor<1x1xf32>)
    -> tensor<1x1xf32> {
  %0 = qcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// A quotient has no integer form, its user no integers, and so exp no reader
// that would want them.
// CHECK-LABEL: @keeps_quotient_and_what_is_around
// CHECK:         qcc.unary exp {{.*}}qcc.precision = "f32"
// CHECK:         qcc.binary div {{.*}}qcc.precision = "f32"
// CHECK:         qcc.unary sigmoid {{.*}}qcc.precision = "f32"
func.func @keeps_quotient_and_what_is_around(
    %x: tensor<1x1xf32> {qcc.range = array<f32: 0.0, 1.0>}) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w {qcc.range = array<f32: 0.0, 1.0>}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.unary exp %0 {qcc.range = array<f32: 0.0, 3.0>} : tensor<1x1xf32> -> tensor<1x1xf32>
  %2 = qcc.binary div %1, %0 {qcc.range = array<f32: 0.0, 3.0>}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %3 = qcc.unary sigmoid %2 {qcc.range = array<f32: 0.0, 1.0>} : tensor<1x1xf32> -> tensor<1x1xf32>
  %4 = qcc.linear %3, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %4 : tensor<1x1xf32>
}

// CHECK-LABEL: @keeps_mean_of_features
// CHECK:         qcc.reduce mean {{.*}}qcc.precision = "f32"
func.func @keeps_mean_of_features(
    %x: tensor<1x2xf32> {qcc.range = array<f32: 0.0, 1.0>}) -> tensor<1x1xf32> {
  %v = arith.constant dense<3.0> : tensor<2x2xf32>
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %v {qcc.range = array<f32: 0.0, 1.0>}
    : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qcc.reduce mean %0 {axes = array<i64: 1>, qcc.range = array<f32: 0.0, 3.0>}
    : tensor<1x2xf32> -> tensor<1x1xf32>
  %2 = qcc.linear %1, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// An instance norm; the difference from the mean follows the mean.
// CHECK-LABEL: @keeps_mean_of_differences
// CHECK:         qcc.conv {{.*}}qcc.precision = "int8"
// CHECK:         qcc.reduce mean {{.*}}qcc.precision = "f32"
// CHECK:         qcc.binary sub {{.*}}qcc.precision = "f32"
func.func @keeps_mean_of_differences(
    %x: tensor<1x1x2x2xf32> {qcc.range = array<f32: 0.0, 1.0>}) -> tensor<1x1x2x2xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %0 = qcc.conv %x, %w {qcc.range = array<f32: 0.0, 3.0>}
    : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %1 = qcc.reduce mean %0 {axes = array<i64: 2, 3>, qcc.range = array<f32: 0.0, 3.0>}
    : tensor<1x1x2x2xf32> -> tensor<1x1x1x1xf32>
  %2 = qcc.binary sub %0, %1 {qcc.range = array<f32: -3.0, 3.0>}
    : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %3 = qcc.conv %2, %w : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  return %3 : tensor<1x1x2x2xf32>
}

// A mean that only scales, as in squeeze-and-excitation, is a pool.
// CHECK-LABEL: @assigns_mean_of_images
// CHECK:         qcc.reduce mean {{.*}}qcc.precision = "int8"
func.func @assigns_mean_of_images(
    %x: tensor<1x1x2x2xf32> {qcc.range = array<f32: 0.0, 1.0>}) -> tensor<1x1x1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %0 = qcc.conv %x, %w {qcc.range = array<f32: 0.0, 3.0>}
    : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %1 = qcc.reduce mean %0 {axes = array<i64: 2, 3>, qcc.range = array<f32: 0.0, 3.0>}
    : tensor<1x1x2x2xf32> -> tensor<1x1x1x1xf32>
  %2 = qcc.conv %1, %w : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}

// Of 255 steps of 1 the second channel reaches 7. One op before it and one
// after it see the same values in floats.
// CHECK-LABEL: @keeps_depthwise_of_unequal_channels
// CHECK:         qcc.unary silu {{.*}}qcc.precision = "f32"
// CHECK:         qcc.conv {{.*}}qcc.precision = "f32"
// CHECK:         qcc.linear {{.*}}qcc.precision = "int8"
func.func @keeps_depthwise_of_unequal_channels(
    %x: tensor<1x2x1x1xf32> {qcc.range = array<f32: 0.0, 255.0>}) -> tensor<1x1xf32> {
  %v = arith.constant dense<3.0> : tensor<2x1x1x1xf32>
  %u = arith.constant dense<3.0> : tensor<2x2x1x1xf32>
  %w = arith.constant dense<3.0> : tensor<1x2xf32>
  %0 = qcc.conv %x, %u {qcc.range = array<f32: 0.0, 255.0>}
    : (tensor<1x2x1x1xf32>, tensor<2x2x1x1xf32>) -> tensor<1x2x1x1xf32>
  %1 = qcc.unary silu %0 {qcc.range = array<f32: 0.0, 255.0>,
      qcc.channel_lows = array<f32: 0.0, 0.0>,
      qcc.channel_highs = array<f32: 255.0, 7.0>}
    : tensor<1x2x1x1xf32> -> tensor<1x2x1x1xf32>
  %2 = qcc.conv %1, %v {group = 2 : i64, qcc.range = array<f32: 0.0, 255.0>}
    : (tensor<1x2x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  %3 = qcc.reshape %2 : tensor<1x2x1x1xf32> -> tensor<1x2xf32>
  %4 = qcc.linear %3, %w : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %4 : tensor<1x1xf32>
}

// Eight steps are enough, and a silent channel needs none.
// CHECK-LABEL: @assigns_depthwise_of_similar_channels
// CHECK:         qcc.conv {{.*}}qcc.precision = "int8"
func.func @assigns_depthwise_of_similar_channels(
    %x: tensor<1x3x1x1xf32> {qcc.range = array<f32: 0.0, 255.0>,
      qcc.channel_lows = array<f32: 0.0, 0.0, 0.0>,
      qcc.channel_highs = array<f32: 255.0, 8.0, 0.0>}) -> tensor<1x3x1x1xf32> {
  %v = arith.constant dense<3.0> : tensor<3x1x1x1xf32>
  %0 = qcc.conv %x, %v {group = 3 : i64}
    : (tensor<1x3x1x1xf32>, tensor<3x1x1x1xf32>) -> tensor<1x3x1x1xf32>
  return %0 : tensor<1x3x1x1xf32>
}
