// RUN: qcc-opt %s --qcc-fold-quantization | FileCheck %s

!q = !qcc.quant<u8, 5.0e-1, 128>
!r = !qcc.quant<u8, 1.0, 0>

// The weights and both grids are those of the model; the bias of 3 is
// 3 / (0.5 * 0.25) = 24 steps; the relu is a bound.
// CHECK-LABEL: @folds_conv
// CHECK-SAME:    %[[X:.*]]: tensor<1x1x2x2x!qcc.quant<u8, 5.0
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<7> : tensor<1x1x1x1xi8>
// CHECK-DAG:     %[[S:.*]] = arith.constant dense<2.5{{0*}}e-01> : tensor<1xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<24> : tensor<1xi32>
// CHECK:         %[[Y:.*]] = qcc.conv %[[X]], %[[W]] bias(%[[B]]) scales(%[[S]]) {lower = 0.0
// CHECK-SAME:      -> tensor<1x1x2x2x!qcc.quant<u8, 1.0{{.*}}, 0>>
// CHECK-NEXT:    return %[[Y]]
func.func @folds_conv(%x: tensor<1x1x2x2x!q>) -> tensor<1x1x2x2x!r> {
  %i = arith.constant dense<7> : tensor<1x1x1x1xi8>
  %s = arith.constant dense<0.25> : tensor<1xf32>
  %b = arith.constant dense<3.0> : tensor<1xf32>
  %w = qcc.dequantize_channels %i, %s {axis = 0 : i64}
    : (tensor<1x1x1x1xi8>, tensor<1xf32>) -> tensor<1x1x1x1xf32>
  %0 = qcc.dequantize %x : tensor<1x1x2x2x!q> -> tensor<1x1x2x2xf32>
  %1 = qcc.conv %0, %w bias(%b)
    : (tensor<1x1x2x2xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>) -> tensor<1x1x2x2xf32>
  %2 = qcc.unary relu %1 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2xf32>
  %3 = qcc.quantize %2 : tensor<1x1x2x2xf32> -> tensor<1x1x2x2x!r>
  return %3 : tensor<1x1x2x2x!r>
}

// A layer without quantize after it: its result is f32, its products integers.
// The matrix has been moved since it was dequantized.
// CHECK-LABEL: @keeps_integer_products
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<{{\[\[}}1, 2]]> : tensor<1x2xi8>
// CHECK:         qcc.linear %{{.*}}, %[[W]] scales(%{{.*}}) {{.*}}-> tensor<3x1xf32>
func.func @keeps_integer_products(%x: tensor<3x2x!q>) -> tensor<3x1xf32> {
  %i = arith.constant dense<[[1], [2]]> : tensor<2x1xi8>
  %s = arith.constant dense<[0.25, 0.25]> : tensor<2xf32>
  %w = qcc.dequantize_channels %i, %s {axis = 0 : i64}
    : (tensor<2x1xi8>, tensor<2xf32>) -> tensor<2x1xf32>
  %t = qcc.transpose %w {permutation = array<i64: 1, 0>}
    : tensor<2x1xf32> -> tensor<1x2xf32>
  %0 = qcc.dequantize %x : tensor<3x2x!q> -> tensor<3x2xf32>
  %1 = qcc.linear %0, %t : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<3x1xf32>
  return %1 : tensor<3x1xf32>
}

// Two roundings stay two: the sum is an op of its own.
// CHECK-LABEL: @adds
// CHECK-SAME:    %[[A:[^:]*]]: {{.*}}, %[[B:[^:]*]]:
// CHECK-NEXT:    %[[Y:.*]] = qcc.binary add %[[A]], %[[B]]
// CHECK-NEXT:    return %[[Y]] : tensor<4x!qcc.quant<u8, 1.0
func.func @adds(%a: tensor<4x!q>, %b: tensor<4x!r>) -> tensor<4x!r> {
  %0 = qcc.dequantize %a : tensor<4x!q> -> tensor<4xf32>
  %1 = qcc.dequantize %b : tensor<4x!r> -> tensor<4xf32>
  %2 = qcc.binary add %0, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = qcc.quantize %2 : tensor<4xf32> -> tensor<4x!r>
  return %3 : tensor<4x!r>
}

// Integers move, and those on another grid change it once.
// CHECK-LABEL: @moves
// CHECK-SAME:    %[[A:[^:]*]]: {{.*}}, %[[B:[^:]*]]:
// CHECK:         %[[R:.*]] = qcc.requantize %[[A]]
// CHECK:         %[[C:.*]] = qcc.concat %[[R]], %[[B]]
// CHECK:         %[[T:.*]] = qcc.reshape %[[C]] : {{.*}} -> tensor<8x!qcc.quant<u8, 1.0
// CHECK-NEXT:    return %[[T]]
func.func @moves(%a: tensor<1x4x!q>, %b: tensor<1x4x!r>) -> tensor<8x!r> {
  %0 = qcc.dequantize %a : tensor<1x4x!q> -> tensor<1x4xf32>
  %1 = qcc.dequantize %b : tensor<1x4x!r> -> tensor<1x4xf32>
  %2 = qcc.concat %0, %1 {axis = 0 : i64}
    : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  %3 = qcc.reshape %2 : tensor<2x4xf32> -> tensor<8xf32>
  %4 = qcc.quantize %3 : tensor<8xf32> -> tensor<8x!r>
  return %4 : tensor<8x!r>
}

// A scale for each input has no place in a sum of integers, and a float input
// makes no integer layer: the weights become floats. 4 * 0.5 and 4 * 2.
// CHECK-LABEL: @keeps_floats
// CHECK-DAG:     %[[W:.*]] = arith.constant dense<{{\[\[}}2.0{{.*}}, 8.0{{.*}}]]> : tensor<1x2xf32>
// CHECK:         %[[D:.*]] = qcc.dequantize
// CHECK:         qcc.linear %[[D]], %[[W]] :
// CHECK:         qcc.quantize
func.func @keeps_floats(%x: tensor<3x2x!q>) -> tensor<3x1x!r> {
  %i = arith.constant dense<4> : tensor<1x2xi8>
  %s = arith.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %w = qcc.dequantize_channels %i, %s {axis = 1 : i64}
    : (tensor<1x2xi8>, tensor<2xf32>) -> tensor<1x2xf32>
  %0 = qcc.dequantize %x : tensor<3x2x!q> -> tensor<3x2xf32>
  %1 = qcc.linear %0, %w : (tensor<3x2xf32>, tensor<1x2xf32>) -> tensor<3x1xf32>
  %2 = qcc.quantize %1 : tensor<3x1xf32> -> tensor<3x1x!r>
  return %2 : tensor<3x1x!r>
}

// CHECK-LABEL: @keeps_softmax
// CHECK:         qcc.dequantize
// CHECK-NEXT:    qcc.softmax
// CHECK-NEXT:    qcc.quantize
func.func @keeps_softmax(%x: tensor<1x4x!q>) -> tensor<1x4x!r> {
  %0 = qcc.dequantize %x : tensor<1x4x!q> -> tensor<1x4xf32>
  %1 = qcc.softmax %0 {axis = 1 : i64} : tensor<1x4xf32> -> tensor<1x4xf32>
  %2 = qcc.quantize %1 : tensor<1x4xf32> -> tensor<1x4x!r>
  return %2 : tensor<1x4x!r>
}

// A bias of 2^31 - 256 steps leaves no room for 7 * 255 in the sum: both are
// halved.
// CHECK-LABEL: @fits_sum
// CHECK-DAG:     arith.constant dense<4> : tensor<1x1xi8>
// CHECK-DAG:     arith.constant dense<2.5{{0*}}e-01> : tensor<1xf32>
// CHECK-DAG:     arith.constant dense<1073741696> : tensor<1xi32>
func.func @fits_sum(%x: tensor<1x1x!r>) -> tensor<1x1x!r> {
  %i = arith.constant dense<7> : tensor<1x1xi8>
  %s = arith.constant dense<0.125> : tensor<1xf32>
  %b = arith.constant dense<268435424.0> : tensor<1xf32>
  %w = qcc.dequantize_channels %i, %s {axis = 0 : i64}
    : (tensor<1x1xi8>, tensor<1xf32>) -> tensor<1x1xf32>
  %0 = qcc.dequantize %x : tensor<1x1x!r> -> tensor<1x1xf32>
  %1 = qcc.linear %0, %w bias(%b)
    : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  %2 = qcc.quantize %1 : tensor<1x1xf32> -> tensor<1x1x!r>
  return %2 : tensor<1x1x!r>
}

// A number is on a grid of its own: 1 on the grid of scale 2, and a quotient is
// a product.
// CHECK-LABEL: @numbers
// CHECK-SAME:    %[[X:[^:]*]]:
// CHECK:         %[[N:.*]] = qcc.quantize %{{.*}} : tensor<f32>
// CHECK-SAME:      -> tensor<!qcc.quant<u8, 2.0{{.*}}, 0>>
// CHECK:         qcc.binary mul %[[X]], %[[N]]
// CHECK-SAME:      -> tensor<4x!qcc.quant<u8, 1.0
func.func @numbers(%x: tensor<4x!q>) -> tensor<4x!r> {
  %c = arith.constant dense<0.5> : tensor<f32>
  %0 = qcc.dequantize %x : tensor<4x!q> -> tensor<4xf32>
  %1 = qcc.binary div %0, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %2 = qcc.quantize %1 : tensor<4xf32> -> tensor<4x!r>
  return %2 : tensor<4x!r>
}
