// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Rows for each source.
func.func @stack_blocks_c1(%a: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>) {
  // expected-error @below {{expected #qcc.blocks with rows for each of 2 sources, but got}}
  %0 = qcc.stack_blocks %a, %a
      : (tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>)
        -> tensor<63x36xi8, #qcc.blocks<"q4_0", 64>>
  return
}

// -----

// All of one format.
func.func @stack_blocks_c1_format(
    %a: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
    %b: tensor<32x36xi8, #qcc.blocks<"iq4_nl", 64>>) {
  // expected-error @below {{"q4_0", 64>>', but got 'tensor<32x36xi8, #qcc.blocks<"iq4_nl", 64>>'}}
  %0 = qcc.stack_blocks %a, %b
      : (tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<32x36xi8, #qcc.blocks<"iq4_nl", 64>>)
        -> tensor<64x36xi8, #qcc.blocks<"q4_0", 64>>
  return
}
