// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Panels come later.
func.func @quantize_blocks_c1(%w: tensor<32x256xi8, #qcc.blocks<"bf16", 128>>) {
  // expected-error @below {{expected #qcc.blocks encodings of one size, but got}}
  %0 = qcc.quantize_blocks %w : tensor<32x256xi8, #qcc.blocks<"bf16", 128>>
      -> tensor<2176xi8, #qcc.block_panels<"int4_g128", 32 x 128, lanes = 16>>
  return
}

// -----

// A column is lost.
func.func @quantize_blocks_c1_columns(
    %w: tensor<32x256xi8, #qcc.blocks<"bf16", 128>>) {
  // expected-error @below {{expected #qcc.blocks encodings of one size, but got}}
  %0 = qcc.quantize_blocks %w : tensor<32x256xi8, #qcc.blocks<"bf16", 128>>
      -> tensor<32x68xi8, #qcc.blocks<"int4_g128", 127>>
  return
}
