// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// CHECK-LABEL: @fused
func.func @fused(%x: tensor<4x8xf32>, %z: tensor<8xf32>)
    -> tensor<4x8x!qcc.quant<u8, 5.0e-1, 3>> {
  // CHECK:      qcc.fused(%{{[^ ]+}}, %{{[^ ]+}}) : (tensor<4x8xf32>, tensor<8xf32>)
  // CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<4x8xf32>, %[[B:.*]]: tensor<8xf32>):
  // CHECK-NEXT:   %[[S:.*]] = qcc.binary add %[[A]], %[[B]]
  // CHECK-NEXT:   %[[Q:.*]] = qcc.quantize %[[S]]
  // CHECK-NEXT:   qcc.yield %[[Q]]
  %0 = qcc.fused(%x, %z) : (tensor<4x8xf32>, tensor<8xf32>)
      -> tensor<4x8x!qcc.quant<u8, 5.0e-1, 3>> {
  ^bb0(%a: tensor<4x8xf32>, %b: tensor<8xf32>):
    %1 = qcc.binary add %a, %b : (tensor<4x8xf32>, tensor<8xf32>) -> tensor<4x8xf32>
    %2 = qcc.quantize %1 : tensor<4x8xf32> -> tensor<4x8x!qcc.quant<u8, 5.0e-1, 3>>
    qcc.yield %2 : tensor<4x8x!qcc.quant<u8, 5.0e-1, 3>>
  }
  return %0 : tensor<4x8x!qcc.quant<u8, 5.0e-1, 3>>
}
