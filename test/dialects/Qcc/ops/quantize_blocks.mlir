// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Two groups of 128 columns: 64 bytes of codes and a scale each.
// CHECK-LABEL: @groups
func.func @groups(%w: tensor<32x512xi8, #qcc.blocks<"bf16", 256>>)
    -> tensor<32x136xi8, #qcc.blocks<"int4_g128", 256>> {
  // CHECK: qcc.quantize_blocks %{{[^ ]+}} : tensor<32x512xi8, #qcc.blocks<"bf16", 256>>
  // CHECK-SAME: -> tensor<32x136xi8, #qcc.blocks<"int4_g128", 256>>
  %0 = qcc.quantize_blocks %w : tensor<32x512xi8, #qcc.blocks<"bf16", 256>>
      -> tensor<32x136xi8, #qcc.blocks<"int4_g128", 256>>
  return %0 : tensor<32x136xi8, #qcc.blocks<"int4_g128", 256>>
}
