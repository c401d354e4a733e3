// REQUIRES: onnx
// RUN: qcc %s --emit=onnx -o %t.onnx
// RUN: %python %S/Inputs/print_model.py %t.onnx | FileCheck %s

// Ops that have no quantized form, or another one in ONNX.
// CHECK:      MaxPool(x) kernel_shape=[2, 2] strides=[2, 2]
// CHECK-SAME:   pads=[0, 0, 0, 0] dilations=[1, 1] ceil_mode=1
// CHECK-NEXT: Resize(MaxPool, , [4])
// CHECK-SAME:   mode=b'nearest' coordinate_transformation_mode=b'asymmetric' nearest_mode=b'floor'
// CHECK-NEXT: Slice(Resize, [3], [-9223372036854775808], [3], [-2])
// CHECK-NEXT: Pad(Slice, [0, 0, 1, 0, 0, 0, 0, -1], 1.0) mode=b'constant'
// CHECK-NEXT: ReduceSumSquare(Pad, [2, 3]) keepdims=1
// CHECK-NEXT: LeakyRelu(ReduceSumSquare) alpha=0.25
// CHECK-NEXT: Softmax(LeakyRelu) axis=1
// CHECK-NEXT: Identity(Softmax)
// CHECK-NEXT: output y
// CHECK-NEXT: output z
module attributes {qcc.name = "graph"} {
  func.func @main(%x: tensor<1x2x3x3xf32> {qcc.name = "x"})
      -> (tensor<1x2x1x1xf32> {qcc.name = "y"}, tensor<1x2x1x1xf32> {qcc.name = "z"}) {
    %0 = qcc.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : tensor<1x2x3x3xf32> -> tensor<1x2x2x2xf32>
    %1 = qcc.resize nearest %0 {coordinates = #qcc.coordinates<asymmetric>,
        rounding = #qcc.nearest_rounding<floor>,
        scales = array<f64: 1.0, 1.0, 2.0, 2.0>}
      : tensor<1x2x2x2xf32> -> tensor<1x2x4x4xf32>
    %2 = qcc.slice %1 {starts = array<i64: 0, 0, 0, 3>, steps = array<i64: 1, 1, 1, -2>}
      : tensor<1x2x4x4xf32> -> tensor<1x2x4x2xf32>
    %3 = qcc.pad %2 {low = array<i64: 0, 0, 1, 0>, high = array<i64: 0, 0, 0, -1>,
        value = 1.0 : f64}
      : tensor<1x2x4x2xf32> -> tensor<1x2x5x1xf32>
    %4 = qcc.reduce sum_square %3 {axes = array<i64: 2, 3>}
      : tensor<1x2x5x1xf32> -> tensor<1x2x1x1xf32>
    %5 = qcc.unary leaky_relu %4 {alpha = 0.25 : f32}
      : tensor<1x2x1x1xf32> -> tensor<1x2x1x1xf32>
    %6 = qcc.softmax %5 {axis = 1 : i64} : tensor<1x2x1x1xf32> -> tensor<1x2x1x1xf32>
    return %6, %6 : tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>
  }
}
