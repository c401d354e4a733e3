// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Plain bytes cannot be packed.
func.func @pack_panels_c1(%w: tensor<32x36xi8>) {
  // expected-error @below {{expected #qcc.blocks and #qcc.block_panels encodings, but got}}
  %0 = qcc.pack_panels %w : tensor<32x36xi8>
      -> tensor<1152xi8, #qcc.block_panels<"q4_0", 32 x 64, lanes = 16>>
  return
}

// -----

// Packing only moves bytes.
func.func @pack_panels_c1_format(
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>) {
  // expected-error @below {{expected panels of q4_0, 32x64, but got #qcc.block_panels<"q8_0"}}
  %0 = qcc.pack_panels %w : tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>
      -> tensor<2176xi8, #qcc.block_panels<"q8_0", 32 x 64, lanes = 16>>
  return
}

// -----

// All rows are there.
func.func @pack_panels_c1_rows(%w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>) {
  // expected-error @below {{32x64, but got #qcc.block_panels<"q4_0", 16 x 64, lanes = 16>}}
  %0 = qcc.pack_panels %w : tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>
      -> tensor<576xi8, #qcc.block_panels<"q4_0", 16 x 64, lanes = 16>>
  return
}

// -----

// Parts have as many rows.
func.func @pack_panels_c2(%w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>) {
  // expected-error @below {{expected a divisor of 32 rows as parts, but got 3}}
  %0 = qcc.pack_panels %w : tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>
      -> tensor<1728xi8,
                #qcc.block_panels<"q4_0", 32 x 64, lanes = 16, parts = 3>>
  return
}
