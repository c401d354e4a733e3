// REQUIRES: onnx
// RUN: qcc %s --emit=onnx -o %t.onnx
// RUN: %python %S/Inputs/print_model.py %t.onnx | FileCheck %s
// RUN: qcc %t.onnx --emit=qcc -o - | FileCheck %s --check-prefix=BACK

// A quantized graph in ONNX's words, and what qcc makes of those words: the
// same layers on the same grids.

!q = !qcc.quant<u8, 5.0e-1, 128>
!r = !qcc.quant<u8, 1.0, 0>

// CHECK:      input x float [batch, 1, 2, 2]
// CHECK-NEXT: QuantizeLinear(x, 0.5, u8 128)
// CHECK-NEXT: DequantizeLinear
// CHECK-NEXT: DequantizeLinear(s8 [2, 1, 1, 1], [2], s8 [2]) axis=0
// CHECK-NEXT: DequantizeLinear(s32 [2], [2], s32 [2]) axis=0
// CHECK-NEXT: Conv({{.*}}group=1
// CHECK-NEXT: Clip(Conv, 0.0, 6.0)
// CHECK-NEXT: QuantizeLinear(Clip, 1.0, u8 0)
// CHECK-NEXT: DequantizeLinear
// CHECK-NEXT: Sigmoid
// CHECK-NEXT: Mul(DequantizeLinear, Sigmoid)
// CHECK-NEXT: QuantizeLinear
// CHECK-NEXT: DequantizeLinear
// CHECK-NEXT: Reshape(DequantizeLinear, [0, 8])
// CHECK-NEXT: QuantizeLinear
// CHECK-NEXT: DequantizeLinear
// CHECK-NEXT: DequantizeLinear(s8 [1, 8], [1], s8 [1]) axis=0
// CHECK-NEXT: Gemm({{.*}}transB=1
// CHECK-NEXT: output y float [batch, 1]

// BACK: qcc.quantize {{.*}}!qcc.quant<u8, 5.0{{.*}}e-01, 128>>
// BACK: qcc.conv {{.*}} {lower = 0.0{{.*}} upper = 6.0
// BACK-SAME: -> tensor<1x2x2x2x!qcc.quant<u8, 1.0{{.*}}, 0>>
// BACK: qcc.unary silu
// BACK: qcc.reshape
// BACK: qcc.linear {{.*}} -> tensor<1x1xf32>
module attributes {qcc.name = "graph"} {
  func.func @main(%x: tensor<1x1x2x2xf32> {qcc.name = "x"})
      -> (tensor<1x1xf32> {qcc.name = "y"}) attributes {qcc.symbolic_batch} {
    %w = arith.constant dense<[[[[7]]], [[[-5]]]]> : tensor<2x1x1x1xi8>
    %s = arith.constant dense<[0.25, 0.5]> : tensor<2xf32>
    %b = arith.constant dense<[24, -3]> : tensor<2xi32>
    %m = arith.constant dense<3> : tensor<1x8xi8>
    %t = arith.constant dense<0.125> : tensor<1xf32>
    %0 = qcc.quantize %x : tensor<1x1x2x2xf32> -> tensor<1x1x2x2x!q>
    %1 = qcc.conv %0, %w bias(%b) scales(%s) {lower = 0.0 : f32, upper = 6.0 : f32}
      : (tensor<1x1x2x2x!q>, tensor<2x1x1x1xi8>, tensor<2xi32>, tensor<2xf32>)
        -> tensor<1x2x2x2x!r>
    %2 = qcc.unary silu %1 : tensor<1x2x2x2x!r> -> tensor<1x2x2x2x!q>
    %3 = qcc.reshape %2 : tensor<1x2x2x2x!q> -> tensor<1x8x!q>
    %4 = qcc.linear %3, %m scales(%t)
      : (tensor<1x8x!q>, tensor<1x8xi8>, tensor<1xf32>) -> tensor<1x1xf32>
    return %4 : tensor<1x1xf32>
  }
}
