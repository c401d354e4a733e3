// RUN: qcc-opt %s --qcc-quantize-dynamic | FileCheck %s

// The largest magnitude of the row becomes 127 steps from the zero point 128;
// the sum of products is scaled back, and bias and bounds come after it.
// CHECK-LABEL: @quantizes_rows
// CHECK-SAME:    %[[X:.*]]: tensor<3x2xf32>)
// CHECK:         %[[HIGH:.*]] = qcc.reduce max %[[X]] {axes = array<i64: 1>}
// CHECK-SAME:      -> tensor<3x1xf32>
// CHECK:         %[[LOW:.*]] = qcc.reduce min %[[X]]
// CHECK:         %[[NEGATED:.*]] = qcc.unary neg %[[LOW]]
// CHECK:         %[[LARGEST:.*]] = qcc.binary max %[[HIGH]], %[[NEGATED]]
// CHECK:         %[[A:.*]] = qcc.binary max %[[LARGEST]], %{{.*}}
// CHECK:         %[[STEPS:.*]] = arith.constant dense<1.270000e+02> : tensor<3x1xf32>
// CHECK:         %[[INVERSE:.*]] = qcc.binary div %[[STEPS]], %[[A]]
// CHECK:         %[[SCALED:.*]] = qcc.binary mul %[[X]], %[[INVERSE]]
// CHECK:         %[[Q:.*]] = qcc.quantize %[[SCALED]]
// CHECK-SAME:      !qcc.quant<u8, 1.0{{.*}}, 128>
// CHECK:         %[[SCALE:.*]] = qcc.binary div %[[A]], %[[STEPS]]
// CHECK:         %[[SUM:.*]] = qcc.linear %[[Q]], %{{.*}} scales(%{{[^)]*}}) :
// CHECK:         %[[Y:.*]] = qcc.binary mul %[[SUM]], %[[SCALE]] :
// CHECK:         qcc.binary add %[[Y]], %{{.*}} {lower = 0.0{{.*}} : f32}
func.func @quantizes_rows(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  %w = arith.constant dense<[[127.0, 63.0], [63.5, 31.5]]> : tensor<2x2xf32>
  %b = arith.constant dense<[3.0, 4.0]> : tensor<2xf32>
  %0 = qcc.linear %x, %w bias(%b) {lower = 0.0 : f32, qcc.precision = "int8_dynamic"}
    : (tensor<3x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// After a relu all 255 steps are above zero. Two readers share the integers.
// The residual comes after the scale, and the bound after the residual.
// CHECK-LABEL: @quantizes_images
// CHECK:         %[[X:.*]] = qcc.clamp
// CHECK:         %[[ROWS:.*]] = qcc.reduce max %[[X]] {axes = array<i64: 2, 3>}
// CHECK:         qcc.reduce max %[[ROWS]] {axes = array<i64: 1>}
// CHECK-NOT:     qcc.reduce
// CHECK:         %[[Q:.*]] = qcc.quantize
// CHECK-SAME:      tensor<2x1x2x2x!qcc.quant<u8, 1.0{{.*}}, 0>>
// CHECK-NOT:     qcc.quantize
// CHECK:         qcc.conv %[[Q]]
// CHECK:         qcc.binary mul
// CHECK:         %[[LAST:.*]] = qcc.conv %[[Q]]
// CHECK:         %[[Y:.*]] = qcc.binary mul %[[LAST]]
// CHECK:         qcc.binary add %[[Y]], %[[X]] {upper = 6.0{{.*}} : f32}
func.func @quantizes_images(%x: tensor<2x1x2x2xf32>)
    -> (tensor<2x1x2x2xf32>, tensor<2x1x2x2xf32>) {
  %w = arith.constant dense<3.0> : tensor<1x1x1x1xf32>
  %0 = qcc.clamp %x {lower = 0.0 : f32} : tensor<2x1x2x2xf32> -> tensor<2x1x2x2xf32>
  %1 = qcc.conv %0, %w {qcc.precision = "int8_dynamic"}
    : (tensor<2x1x2x2xf32>, tensor<1x1x1x1xf32>) -> tensor<2x1x2x2xf32>
  %2 = qcc.conv %0, %w residual(%0) {upper = 6.0 : f32, qcc.precision = "int8_dynamic"}
    : (tensor<2x1x2x2xf32>, tensor<1x1x1x1xf32>, tensor<2x1x2x2xf32>) -> tensor<2x1x2x2xf32>
  return %1, %2 : tensor<2x1x2x2xf32>, tensor<2x1x2x2xf32>
}

// A part of what is never negative is not negative either.
// CHECK-LABEL: @finds_sign_through_movement
// CHECK:         qcc.quantize {{.*}} -> tensor<1x1x!qcc.quant<u8, 1.0{{.*}}, 0>>
func.func @finds_sign_through_movement(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %0 = qcc.unary sigmoid %x : tensor<1x2xf32> -> tensor<1x2xf32>
  %1 = qcc.slice %0 {starts = array<i64: 0, 1>, steps = array<i64: 1, 1>}
    : tensor<1x2xf32> -> tensor<1x1xf32>
  %2 = qcc.linear %1, %w {qcc.precision = "int8_dynamic"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %2 : tensor<1x1xf32>
}

// Static ranges are for qcc-quantize-static.
// CHECK-LABEL: @keeps_static_and_float
// CHECK-NOT:     qcc.quantize
// CHECK:         qcc.linear {{.*}}qcc.precision = "int8"
// CHECK:         qcc.linear {{.*}}qcc.precision = "f32"
func.func @keeps_static_and_float(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<3.0> : tensor<1x1xf32>
  %0 = qcc.linear %x, %w {qcc.precision = "int8"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qcc.linear %0, %w {qcc.precision = "f32"}
    : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}
