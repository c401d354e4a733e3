// RUN: qcc %s --emit=packed --target=avx2 -o %t.mlir
// RUN: not qcc %t.mlir --emit=onnx -o %t.onnx 2>&1 | FileCheck %s
// RUN: not ls %t.onnx

// Packed weights depend on the machine.
// CHECK: qcc: error: --emit=onnx: expected a model of the levels up to quantized
// CHECK-SAME: , but got one that is packed
module attributes {qcc.name = "graph"} {
  func.func @main(%x: tensor<1x1xf32> {qcc.name = "x"})
      -> (tensor<1x1xf32> {qcc.name = "y"}) {
    %w = arith.constant dense<2.0> : tensor<1x1xf32>
    %0 = qcc.linear %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
    return %0 : tensor<1x1xf32>
  }
}
