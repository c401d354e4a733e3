// RUN: qcc-opt %s --qcc-insert-observers | FileCheck %s

// Arguments by their qcc.name, results by their location; a name that comes
// again gets a number.
// CHECK-LABEL: @observes_by_name
// CHECK-SAME:    %[[X:[^:]*]]: tensor<4xf32>
// CHECK-NEXT:    qcc.observe %[[X]], "input"
// CHECK-NEXT:    %[[A:.*]] = qcc.unary sigmoid
// CHECK-NEXT:    qcc.observe %[[A]], "gate"
// CHECK-NEXT:    %[[B:.*]] = qcc.unary tanh
// CHECK-NEXT:    qcc.observe %[[B]], "gate#2"
// CHECK-NEXT:    %[[C:.*]] = qcc.unary exp
// CHECK-NEXT:    qcc.observe %[[C]], "unary"
func.func @observes_by_name(%x: tensor<4xf32> {qcc.name = "input"}) -> tensor<4xf32> {
  %0 = qcc.unary sigmoid %x : tensor<4xf32> -> tensor<4xf32> loc("gate")
  %1 = qcc.unary tanh %0 : tensor<4xf32> -> tensor<4xf32> loc("gate")
  %2 = qcc.unary exp %1 : tensor<4xf32> -> tensor<4xf32>
  return %2 : tensor<4xf32>
}

// The pool's result has no values of its own, but the convolution wants the
// means of its channels.
// CHECK-LABEL: @observes_what_contractions_read
// CHECK:         %[[P:.*]] = qcc.max_pool
// CHECK-NEXT:    qcc.observe %[[P]], "pool"
func.func @observes_what_contractions_read(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x2x2xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %0 = qcc.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
    : tensor<1x1x4x4xf32> -> tensor<1x1x2x2xf32> loc("pool")
  %1 = qcc.conv %0, %w : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  return %1 : tensor<1x1x2x2xf32>
}

// CHECK-LABEL: @keeps_quiet_about_moved_elements
// CHECK:         qcc.reshape
// CHECK-NEXT:    return
func.func @keeps_quiet_about_moved_elements(%x: tensor<4xf32>) -> tensor<2x2xf32> {
  %0 = qcc.reshape %x : tensor<4xf32> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// CHECK-LABEL: @keeps_quiet_about_integers
// CHECK-NOT:     qcc.observe
func.func @keeps_quiet_about_integers(%x: tensor<4xi64>) -> tensor<4xi64> {
  %0 = qcc.unary abs %x : tensor<4xi64> -> tensor<4xi64>
  return %0 : tensor<4xi64>
}

// CHECK-LABEL: @keeps_quiet_about_constants
// CHECK-NOT:     qcc.observe
func.func @keeps_quiet_about_constants() -> tensor<4xf32> {
  %0 = arith.constant dense<1.0> : tensor<4xf32>
  return %0 : tensor<4xf32>
}
