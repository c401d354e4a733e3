// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Bytes without a format.
func.func @block_linear_c1(%x: tensor<8x64xf32>,
    %w: tensor<32x36xi8>, %extents: tensor<4xi64>) {
  // expected-error @below {{#qcc.blocks or #qcc.block_panels encoding, but got 'tensor<32x36xi8>'}}
  %0 = qcc.block_linear %x, %w, %extents
      {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x36xi8>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return
}

// -----

// As many columns as the weight.
func.func @block_linear_c2(%x: tensor<8x65xf32>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected input shape [8, 64], but got [8, 65]}}
  %0 = qcc.block_linear %x, %w, %extents
      {format = #qcc.row_format<f32>}
      : (tensor<8x65xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return
}

// -----

// Bytes are no rows of floats.
func.func @block_linear_c2_element(%x: tensor<8x64xi8>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected input element type 'f32', but got 'i8'}}
  %0 = qcc.block_linear %x, %w, %extents
      {format = #qcc.row_format<f32>}
      : (tensor<8x64xi8>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return
}

// -----

// Each row of the weight gives a column.
func.func @block_linear_c3(%x: tensor<8x64xf32>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected result shape [8, 32], but got [8, 31]}}
  %0 = qcc.block_linear %x, %w, %extents
      {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x31xf32>
  return
}

// -----

// Added to each element.
func.func @block_linear_c3_residual(%x: tensor<8x64xf32>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>,
    %a: tensor<1x32xf32>) {
  // expected-error @below {{expected residual shape [8, 32], but got [1, 32]}}
  %0 = qcc.block_linear %x, %w, %extents residual(%a)
      {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>,
         tensor<1x32xf32>) -> tensor<8x32xf32>
  return
}

// -----

// One bias is missing.
func.func @block_linear_c3_bias(%x: tensor<8x64xf32>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>,
    %a: tensor<31xf32>) {
  // expected-error @below {{expected bias shape [32], but got [31]}}
  %0 = qcc.block_linear %x, %w, %extents bias(%a)
      {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>,
         tensor<31xf32>) -> tensor<8x32xf32>
  return
}

// -----

// As many rows of each expert.
func.func @block_linear_c4(%x: tensor<8x64xf32>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>,
    %g: tensor<26xi64>) {
  // expected-error @below {{experts with as many of 32 rows, but got 'tensor<26xi64>'}}
  %0 = qcc.block_linear %x, %w, %extents experts(%g)
      {format = #qcc.row_format<f32>, slots = 2 : i64}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>, tensor<26xi64>) -> tensor<16x16xf32>
  return
}

// -----

// Places are those of whole rows.
func.func @block_linear_c4_slots(%x: tensor<8x64xf32>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>,
    %g: tensor<23xi64>) {
  // expected-error @below {{expected places of 3 slots each, but got 16}}
  %0 = qcc.block_linear %x, %w, %extents experts(%g)
      {format = #qcc.row_format<f32>, slots = 3 : i64}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>, tensor<23xi64>) -> tensor<16x16xf32>
  return
}

// -----

// They are added where experts meet.
func.func @block_linear_c4_residual(%x: tensor<8x64xf32>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>,
    %r: tensor<16x16xf32>, %g: tensor<23xi64>) {
  // expected-error @below {{expected no residual for experts, but got one}}
  %0 = qcc.block_linear %x, %w, %extents residual(%r) experts(%g)
      {format = #qcc.row_format<f32>, slots = 2 : i64}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>, tensor<16x16xf32>, tensor<23xi64>) -> tensor<16x16xf32>
  return
}

// -----

// Blocks of integers have no bf16 to meet.
func.func @block_linear_c5(%x: tensor<8x128xi8>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected rows of bf16 for blocks of bf16, but got blocks of q4_0}}
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<bf16>}
      : (tensor<8x128xi8>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return
}

// -----

// Codes of activations have no codes to meet.
func.func @block_linear_c5_float(%x: tensor<8x448xi8>,
    %w: tensor<32x128xi8, #qcc.blocks<"bf16", 64>>, %extents: tensor<4xi64>) {
  // expected-error @below {{for blocks of integers, but got blocks of bf16}}
  %0 = qcc.block_linear %x, %w, %extents
      {format = #qcc.row_format<q8_block32>}
      : (tensor<8x448xi8>, tensor<32x128xi8, #qcc.blocks<"bf16", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return
}
