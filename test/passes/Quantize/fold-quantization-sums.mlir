// RUN: qcc-opt %s --qcc-fold-quantization --verify-diagnostics | FileCheck %s

// What stands between a sum and its quantize, and sums without one.

!q = !qcc.quant<u8, 5.0e-1, 128>
!r = !qcc.quant<u8, 1.0, 0>
!w = !qcc.quant<u16, 1.0, 0>

// The sum is rounded once, after the residual is added.
// CHECK-LABEL: @folds_residual
// CHECK-SAME:    %[[X:[^:]*]]: {{.*}}, %[[R:[^:]*]]:
// CHECK:         qcc.linear %[[X]], %{{.*}} scales(%{{.*}}) residual(%[[R]]) {lower = 0.0
// CHECK-SAME:      -> tensor<1x1x!qcc.quant<u8, 1.0{{.*}}, 0>>
func.func @folds_residual(%x: tensor<1x1x!q>, %r: tensor<1x1x!q>) -> tensor<1x1x!r> {
  %i = arith.constant dense<7> : tensor<1x1xi8>
  %s = arith.constant dense<0.25> : tensor<1xf32>
  %w = qcc.dequantize_channels %i, %s {axis = 0 : i64}
    : (tensor<1x1xi8>, tensor<1xf32>) -> tensor<1x1xf32>
  %0 = qcc.dequantize %x : tensor<1x1x!q> -> tensor<1x1xf32>
  %1 = qcc.linear %0, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qcc.dequantize %r : tensor<1x1x!q> -> tensor<1x1xf32>
  %3 = qcc.binary add %1, %2 : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %4 = qcc.unary relu %3 : tensor<1x1xf32> -> tensor<1x1xf32>
  %5 = qcc.quantize %4 : tensor<1x1xf32> -> tensor<1x1x!r>
  return %5 : tensor<1x1x!r>
}

// A scale and a bias after the layer: 0.25 * 2 and 3 / (0.5 * 0.5) steps. The
// reshape keeps the channels.
// CHECK-LABEL: @folds_channels
// CHECK-DAG:     %[[S:.*]] = arith.constant dense<5.0{{0*}}e-01> : tensor<1xf32>
// CHECK-DAG:     %[[B:.*]] = arith.constant dense<12> : tensor<1xi32>
// CHECK:         qcc.linear %{{.*}}, %{{.*}} bias(%[[B]]) scales(%[[S]]) :
// CHECK-SAME:      -> tensor<2x1x!qcc.quant<u8, 1.0
// CHECK-NEXT:    qcc.reshape
func.func @folds_channels(%x: tensor<2x1x!q>) -> tensor<1x2x1x!r> {
  %i = arith.constant dense<7> : tensor<1x1xi8>
  %s = arith.constant dense<0.25> : tensor<1xf32>
  %c = arith.constant dense<2.0> : tensor<1xf32>
  %b = arith.constant dense<3.0> : tensor<1xf32>
  %w = qcc.dequantize_channels %i, %s {axis = 0 : i64}
    : (tensor<1x1xi8>, tensor<1xf32>) -> tensor<1x1xf32>
  %0 = qcc.dequantize %x : tensor<2x1x!q> -> tensor<2x1xf32>
  %1 = qcc.linear %0, %w : (tensor<2x1xf32>, tensor<1x1xf32>) -> tensor<2x1xf32>
  %2 = qcc.reshape %1 : tensor<2x1xf32> -> tensor<1x2x1xf32>
  %3 = qcc.binary mul %2, %c : (tensor<1x2x1xf32>, tensor<1xf32>) -> tensor<1x2x1xf32>
  %4 = qcc.binary add %b, %3 : (tensor<1xf32>, tensor<1x2x1xf32>) -> tensor<1x2x1xf32>
  %5 = qcc.quantize %4 : tensor<1x2x1xf32> -> tensor<1x2x1x!r>
  return %5 : tensor<1x2x1x!r>
}

// A negative scale would be no scale of weights.
// CHECK-LABEL: @keeps_negative_scale
// CHECK:         qcc.linear {{.*}} -> tensor<1x1xf32>
// CHECK-NEXT:    qcc.binary mul
func.func @keeps_negative_scale(%x: tensor<1x1x!q>) -> tensor<1x1xf32> {
  %i = arith.constant dense<7> : tensor<1x1xi8>
  %s = arith.constant dense<0.25> : tensor<1xf32>
  %c = arith.constant dense<-2.0> : tensor<1xf32>
  %w = qcc.dequantize_channels %i, %s {axis = 0 : i64}
    : (tensor<1x1xi8>, tensor<1xf32>) -> tensor<1x1xf32>
  %0 = qcc.dequantize %x : tensor<1x1x!q> -> tensor<1x1xf32>
  %1 = qcc.linear %0, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qcc.binary mul %1, %c : (tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// Activations with a scale for each channel: those of the input are part of the
// depthwise weights (0.25 * 4 and 0.25 * 8), those of the result of the layer
// before (0.25 / 2 and 0.25 / 4), whose relu the grid does as well.
// CHECK-LABEL: @folds_channel_scales
// CHECK-DAG:     arith.constant dense<[1.0{{0*}}e+00, 2.0{{0*}}e+00]> : tensor<2xf32>
// CHECK-DAG:     arith.constant dense<[1.25{{0*}}e-01, 6.25{{0*}}e-02]> : tensor<2xf32>
// CHECK:         qcc.conv {{.*}} -> tensor<1x2x1x1x!qcc.quant<u8, 1.0{{.*}}, 0>>
// CHECK-NEXT:    qcc.conv {{.*}} -> tensor<1x2x1x1xf32>
// CHECK-NEXT:    return
func.func @folds_channel_scales(%x: tensor<1x1x1x1x!q>) -> tensor<1x2x1x1xf32> {
  %i = arith.constant dense<7> : tensor<2x1x1x1xi8>
  %s = arith.constant dense<0.25> : tensor<2xf32>
  %down = arith.constant dense<[[[[2.0]], [[4.0]]]]> : tensor<1x2x1x1xf32>
  %up = arith.constant dense<[[[[4.0]], [[8.0]]]]> : tensor<1x2x1x1xf32>
  %w = qcc.dequantize_channels %i, %s {axis = 0 : i64}
    : (tensor<2x1x1x1xi8>, tensor<2xf32>) -> tensor<2x1x1x1xf32>
  %0 = qcc.dequantize %x : tensor<1x1x1x1x!q> -> tensor<1x1x1x1xf32>
  %1 = qcc.conv %0, %w
    : (tensor<1x1x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  %2 = qcc.unary relu %1 : tensor<1x2x1x1xf32> -> tensor<1x2x1x1xf32>
  %3 = qcc.binary div %2, %down
    : (tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>) -> tensor<1x2x1x1xf32>
  %4 = qcc.quantize %3 : tensor<1x2x1x1xf32> -> tensor<1x2x1x1x!r>
  %5 = qcc.dequantize %4 : tensor<1x2x1x1x!r> -> tensor<1x2x1x1xf32>
  %6 = qcc.binary mul %5, %up
    : (tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>) -> tensor<1x2x1x1xf32>
  %7 = qcc.conv %6, %w {group = 2 : i64}
    : (tensor<1x2x1x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x1x1xf32>
  return %7 : tensor<1x2x1x1xf32>
}

// 6 / 0.5 is 12 of the 255 steps.
// CHECK-LABEL: @keeps_narrow_bounds
// CHECK:         qcc.clamp
// CHECK:         qcc.binary div
func.func @keeps_narrow_bounds(%x: tensor<1x2x1x1xf32>) -> tensor<1x2x1x1x!r> {
  %down = arith.constant dense<0.5> : tensor<1x2x1x1xf32>
  %0 = qcc.clamp %x {lower = 0.0 : f32, upper = 6.0 : f32}
    : tensor<1x2x1x1xf32> -> tensor<1x2x1x1xf32>
  %1 = qcc.binary div %0, %down
    : (tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>) -> tensor<1x2x1x1xf32>
  %2 = qcc.quantize %1 : tensor<1x2x1x1xf32> -> tensor<1x2x1x1x!r>
  return %2 : tensor<1x2x1x1x!r>
}

// Two grids for one result: it is computed on each, since that is cheaper than
// floats.
// CHECK-LABEL: @computes_for_each_grid
// CHECK-NOT:     qcc.dequantize
// CHECK:         qcc.binary add {{.*}}!qcc.quant<u8, 1.0{{.*}}, 0>>
// CHECK:         qcc.binary add {{.*}}!qcc.quant<u8, 5.0{{.*}}, 128>>
func.func @computes_for_each_grid(%a: tensor<4x!q>) -> (tensor<4x!r>, tensor<4x!q>) {
  %0 = qcc.dequantize %a : tensor<4x!q> -> tensor<4xf32>
  %1 = qcc.binary add %0, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = qcc.quantize %1 : tensor<4xf32> -> tensor<4x!r>
  %3 = qcc.quantize %1 : tensor<4xf32> -> tensor<4x!q>
  return %2, %3 : tensor<4x!r>, tensor<4x!q>
}

// Sums of integers are whole numbers, so i32 between changes nothing.
// CHECK-LABEL: @drops_integer_cast
// CHECK-NOT:     qcc.cast
func.func @drops_integer_cast(%x: tensor<1x1x!r>) -> tensor<1x1xf32> {
  %i = arith.constant dense<7> : tensor<1x1xi8>
  %s = arith.constant dense<1.0> : tensor<1xf32>
  %w = qcc.dequantize_channels %i, %s {axis = 0 : i64}
    : (tensor<1x1xi8>, tensor<1xf32>) -> tensor<1x1xf32>
  %0 = qcc.dequantize %x : tensor<1x1x!r> -> tensor<1x1xf32>
  %1 = qcc.matmul %0, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qcc.cast %1 : tensor<1x1xf32> -> tensor<1x1xi32>
  %3 = qcc.cast %2 : tensor<1x1xi32> -> tensor<1x1xf32>
  return %3 : tensor<1x1xf32>
}

// Halves are truncated.
// CHECK-LABEL: @keeps_integer_cast
// CHECK:         qcc.cast
// CHECK:         qcc.cast
func.func @keeps_integer_cast(%x: tensor<1x!q>) -> tensor<1xf32> {
  %0 = qcc.dequantize %x : tensor<1x!q> -> tensor<1xf32>
  %1 = qcc.cast %0 : tensor<1xf32> -> tensor<1xi32>
  %2 = qcc.cast %1 : tensor<1xi32> -> tensor<1xf32>
  return %2 : tensor<1xf32>
}

// CHECK-LABEL: @keeps_wide_input
func.func @keeps_wide_input(%x: tensor<1x1x!w>, %w: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %0 = qcc.dequantize %x : tensor<1x1x!w> -> tensor<1x1xf32>
  // expected-remark @below {{stays in f32: its input is on a grid of more than 8 bits}}
  %1 = qcc.linear %0, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}
