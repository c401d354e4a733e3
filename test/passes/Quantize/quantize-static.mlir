// RUN: qcc-opt %s --qcc-quantize-static --split-input-file --verify-diagnostics | FileCheck %s

// One convolution after another: the first gives integers on the grid of its
// range, 255 steps of 0.5, the second f32, since only the caller reads it. The
// bias of 3 is 3 / (1 * 0.5) = 6 steps.
// CHECK-LABEL: @quantizes_chain
// CHECK-SAME:    %[[X:[^:]*]]: tensor<1x1x2x2xf32>
// CHECK-NOT:     qcc.range
// CHECK-DAG:     %[[Q:.*]] = qcc.quantize %[[X]] : {{.*}} -> {{.*}}u8, 1.0{{.*}}, 127>>
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<127> : tensor<1x1x1x1xi8>
// CHECK-DAG:     %[[S:.*]] = arith.constant dense<5.0{{.*}}e-01> : tensor<1xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<6> : tensor<1xi32>
// CHECK:         %[[A:.*]] = qcc.conv %[[Q]], %[[W]] bias(%[[B]]) scales(%[[S]]) {lower = 0.0
// CHECK-SAME:      -> tensor<1x1x2x2x!qcc.quant<u8, 5.0{{.*}}e-01, 0>>
// CHECK:         %[[Y:.*]] = qcc.conv %[[A]], {{.*}} -> tensor<1x1x2x2xf32>
// CHECK-NEXT:    return %[[Y]]
func.func @quantizes_chain(%x: tensor<1x1x2x2xf32> {qcc.range = array<f32: -127.0, 128.0>})
    -> tensor<1x1x2x2xf32> {
  %w = arith.constant dense<63.5> : tensor<1x1x1x1xf32>
  %b = arith.constant dense<3.0> : tensor<1xf32>
  %0 = qcc.conv %x, %w bias(%b) {
      lower = 0.0 : f32, qcc.range = array<f32: 0.0, 127.5>, qcc.precision = "int8"}
    : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x1x2x2xf32>
  %1 = qcc.conv %0, %w {qcc.precision = "int8"}
    : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  return %1 : tensor<1x1x2x2xf32>
}

// -----

// The scale that Prepare chose wins over the one of the largest weight.
// CHECK-LABEL: @uses_chosen_scale
// CHECK-DAG:     arith.constant dense<2> : tensor<1x1xi8>
// CHECK-DAG:     arith.constant dense<4.0{{.*}}> : tensor<1xf32>
func.func @uses_chosen_scale(%x: tensor<1x1xf32> {qcc.range = array<f32: 0.0, 255.0>})
    -> tensor<1x1xf32> {
  %w = arith.constant dense<8.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w {qcc.weight_scales = array<f32: 4.0>, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

// Both operands of the concat, and what is only moved, get the wider grid.
// CHECK-LABEL: @unifies_concat
// CHECK:         %[[A:.*]] = qcc.linear {{.*}} -> tensor<1x1x!qcc.quant<u8, 2.0{{.*}}, 0>>
// CHECK:         %[[B:.*]] = qcc.linear {{.*}} -> tensor<1x1x!qcc.quant<u8, 2.0{{.*}}, 0>>
// CHECK-NEXT:    %[[C:.*]] = qcc.concat %[[A]], %[[B]]
// CHECK-NEXT:    %[[D:.*]] = qcc.reshape %[[C]] {{.*}} -> tensor<2x1x!qcc.quant<u8, 2.0{{.*}}, 0>>
// CHECK:         qcc.linear %[[D]]
func.func @unifies_concat(%x: tensor<1x1xf32> {qcc.range = array<f32: 0.0, 255.0>})
    -> tensor<2x1xf32> {
  %w = arith.constant dense<127.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w {qcc.range = array<f32: 0.0, 255.0>, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.linear %x, %w {qcc.range = array<f32: 0.0, 510.0>, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qcc.concat %0, %1 {axis = 1 : i64, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
  %3 = qcc.reshape %2 {qcc.precision = "int8"} : tensor<1x2xf32> -> tensor<2x1xf32>
  %4 = qcc.linear %3, %w {qcc.precision = "int8"}
    : (tensor<2x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  return %4 : tensor<2x1xf32>
}

// -----

// The first operand has another reader, for which a grid twice as coarse would
// be a loss: it keeps its own and is requantized.
// CHECK-LABEL: @keeps_finer_grid_of_shared_operand
// CHECK:         %[[A:.*]] = qcc.linear {{.*}} -> tensor<1x1x!qcc.quant<u8, 1.0{{.*}}, 0>>
// CHECK:         %[[R:.*]] = qcc.requantize %[[A]] : {{.*}} -> {{.*}}u8, 2.0{{.*}}, 0>>
// CHECK-NEXT:    qcc.concat %[[R]], %
func.func @keeps_finer_grid_of_shared_operand(
    %x: tensor<1x1xf32> {qcc.range = array<f32: 0.0, 255.0>})
      -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %w = arith.constant dense<127.0> : tensor<1x1xf32>
  %v = arith.constant dense<127.0> : tensor<1x2xf32>
  %0 = qcc.linear %x, %w {qcc.range = array<f32: 0.0, 255.0>, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.linear %x, %w {qcc.range = array<f32: 0.0, 510.0>, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qcc.concat %0, %1 {axis = 1 : i64, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x2xf32>
  %3 = qcc.linear %2, %v {qcc.precision = "int8"}
    : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  %4 = qcc.linear %0, %w {qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %3, %4 : tensor<1x1xf32>, tensor<1x1xf32>
}

// -----

// A sigmoid may give all of 0 to 1, whatever calibration saw; the f32 softmax
// between the integers reads floats and gives floats.
// CHECK-LABEL: @crosses_borders
// CHECK:         %[[A:.*]] = qcc.linear
// CHECK:         %[[S:.*]] = qcc.unary sigmoid %[[A]] {{.*}} -> {{.*}}u8, 0.0039215{{.*}}, 0>>
// CHECK-NEXT:    %[[F:.*]] = qcc.dequantize %[[S]]
// CHECK-NEXT:    %[[M:.*]] = qcc.softmax %[[F]]
// CHECK-NEXT:    %[[Q:.*]] = qcc.quantize %[[M]]
// CHECK:         qcc.binary mul %[[S]], %[[Q]]
func.func @crosses_borders(%x: tensor<1x1xf32> {qcc.range = array<f32: 0.0, 255.0>})
    -> tensor<1x1xf32> {
  %w = arith.constant dense<127.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w {qcc.range = array<f32: 0.0, 255.0>, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.unary sigmoid %0 {qcc.range = array<f32: 0.5, 0.75>, qcc.precision = "int8"}
    : tensor<1x1xf32> -> tensor<1x1xf32>
  %2 = qcc.softmax %1 {axis = 1 : i64, qcc.range = array<f32: 0.0, 1.0>, qcc.precision = "f32"}
    : tensor<1x1xf32> -> tensor<1x1xf32>
  %3 = qcc.binary mul %1, %2 {qcc.range = array<f32: 0.0, 1.0>, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %4 = qcc.linear %3, %w {qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %4 : tensor<1x1xf32>
}

// -----

// Integers with a residual of another grid; the last sum is of floats, so its
// residual is added and bounded in f32.
// CHECK-LABEL: @adds_residuals
// CHECK:         %[[Q:.*]] = qcc.quantize %[[X:.*]] :
// CHECK: %[[A:.*]] = qcc.linear %[[Q]], {{.*}} residual(%[[Q]]) {{.*}}u8, 2.0{{.*}}, 0>>
// CHECK:         %[[B:.*]] = qcc.linear %[[A]], {{.*}} scales(%{{[^ ]*}}) : {{.*}} -> {{.*}}f32>
// CHECK-NEXT:    %[[Y:.*]] = qcc.binary add %[[B]], %{{.*}} {upper = 9.0
// CHECK-NEXT:    return %[[Y]]
func.func @adds_residuals(%x: tensor<1x1xf32> {qcc.range = array<f32: 0.0, 255.0>})
    -> tensor<1x1xf32> {
  %w = arith.constant dense<127.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w residual(%x) {qcc.range = array<f32: 0.0, 510.0>, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.linear %0, %w residual(%x) {upper = 9.0 : f32, qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

// CHECK-LABEL: @keeps_floats
// CHECK:         qcc.linear %{{.*}} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
func.func @keeps_floats(%x: tensor<1x1xf32> {qcc.range = array<f32: 0.0, 1.0>}) -> tensor<1x1xf32> {
  %w = arith.constant dense<127.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w {qcc.precision = "f32"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

// expected-error @below {{expected a range for every tensor of an int8 op, but got none here}}
func.func @keeps_tensor_without_range(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<127.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w {qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
