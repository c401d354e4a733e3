// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// 18 bytes for each 32 of 32 x 64 codes, in another order.
// CHECK-LABEL: @panels
func.func @panels(%w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>)
    -> tensor<1152xi8, #qcc.block_panels<"q4_0", 32 x 64, lanes = 16>> {
  // CHECK: qcc.pack_panels %{{[^ ]+}} : tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>
  // CHECK-SAME: -> tensor<1152xi8, #qcc.block_panels<"q4_0", 32 x 64, lanes = 16>>
  %0 = qcc.pack_panels %w : tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>
      -> tensor<1152xi8, #qcc.block_panels<"q4_0", 32 x 64, lanes = 16>>
  return %0 : tensor<1152xi8, #qcc.block_panels<"q4_0", 32 x 64, lanes = 16>>
}

// Two matrices of 8 rows fill half of a panel each.
// CHECK-LABEL: @parts
func.func @parts(%w: tensor<16x36xi8, #qcc.blocks<"q4_0", 64>>)
    -> tensor<1152xi8,
              #qcc.block_panels<"q4_0", 16 x 64, lanes = 16, parts = 2>> {
  // CHECK: #qcc.block_panels<"q4_0", 16 x 64, lanes = 16, parts = 2>
  %0 = qcc.pack_panels %w : tensor<16x36xi8, #qcc.blocks<"q4_0", 64>>
      -> tensor<1152xi8,
                #qcc.block_panels<"q4_0", 16 x 64, lanes = 16, parts = 2>>
  return %0 : tensor<1152xi8,
                     #qcc.block_panels<"q4_0", 16 x 64, lanes = 16, parts = 2>>
}
