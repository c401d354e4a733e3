// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Bytes without a format.
func.func @embed_c1(%ids: tensor<8xi32>, %table: tensor<32x36xi8>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{#qcc.blocks or #qcc.block_panels encoding, but got 'tensor<32x36xi8>'}}
  %0 = qcc.embed %ids, %table, %extents {scale = 1.0 : f32}
      : (tensor<8xi32>, tensor<32x36xi8>, tensor<4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// One row too few.
func.func @embed_c1_result(%ids: tensor<8xi32>,
    %table: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected result shape [8, 64], but got [7, 64]}}
  %0 = qcc.embed %ids, %table, %extents {scale = 1.0 : f32}
      : (tensor<8xi32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<7x64xf32>
  return
}
