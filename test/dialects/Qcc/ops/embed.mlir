// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Tokens and positions have tables of their own: the second row is added.
// CHECK-LABEL: @tokens
func.func @tokens(%ids: tensor<8xi32>,
    %table: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>,
    %addend: tensor<8x64xf32>) -> tensor<8x64xf32> {
  // CHECK: qcc.embed %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}}
  // CHECK-SAME: plus(%{{[^ ]+}}) {scale = 2.000000e+00 : f32} :
  %0 = qcc.embed %ids, %table, %extents plus(%addend) {scale = 2.0 : f32}
      : (tensor<8xi32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>, tensor<8x64xf32>) -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}

// After packing.
// CHECK-LABEL: @panels
func.func @panels(%ids: tensor<8xi32>,
    %table: tensor<1152xi8, #qcc.block_panels<"q4_0", 32 x 64, lanes = 16>>,
    %extents: tensor<4xi64>) -> tensor<8x64xf32> {
  // CHECK: #qcc.block_panels<"q4_0", 32 x 64, lanes = 16>
  %0 = qcc.embed %ids, %table, %extents {scale = 1.0 : f32}
      : (tensor<8xi32>,
         tensor<1152xi8, #qcc.block_panels<"q4_0", 32 x 64, lanes = 16>>,
         tensor<4xi64>) -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}
