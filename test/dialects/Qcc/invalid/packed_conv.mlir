// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Plain weights have no panels.
func.func @packed_conv_c1(%x: tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<16x4x3x3xi8>,
    %s: tensor<16xi32>, %m: tensor<16xf32>) {
  // expected-error @below {{expected a weight with a #qcc.panels encoding, but got}}
  %0 = qcc.packed_conv %x, %w, %s multiplier(%m)
      {dilations = array<i64: 1, 1>, group = 1 : i64, kernel = array<i64: 3, 3>,
      pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
      : (tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
         tensor<16x4x3x3xi8>,
         tensor<16xi32>, tensor<16xf32>) -> tensor<1x16x8x8xf32>
  return
}

// -----

// Panels have six dimensions.
func.func @packed_conv_c1_rank(%x: tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<9x64xi8, #qcc.panels<lanes = 16, vectors = 1, step = 4, order = natural>>,
    %s: tensor<16xi32>, %m: tensor<16xf32>) {
  // expected-error @below {{expected weight of rank 6, but got 2}}
  %0 = qcc.packed_conv %x, %w, %s multiplier(%m)
      {dilations = array<i64: 1, 1>, group = 1 : i64, kernel = array<i64: 3, 3>,
      pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
      : (tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
         tensor<9x64xi8, #qcc.panels<lanes = 16, vectors = 1, step = 4, order = natural>>,
         tensor<16xi32>, tensor<16xf32>) -> tensor<1x16x8x8xf32>
  return
}

// -----

// A panel of 16 lanes starts 16 accumulators.
func.func @packed_conv_c2(%x: tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<1x1x9x1x1x64xi8, #qcc.panels<lanes = 16, vectors = 1, step = 4, order = natural>>,
    %s: tensor<12xi32>, %m: tensor<16xf32>) {
  // expected-error @below {{expected start shape [16], but got [12]}}
  %0 = qcc.packed_conv %x, %w, %s multiplier(%m)
      {dilations = array<i64: 1, 1>, group = 1 : i64, kernel = array<i64: 3, 3>,
      pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
      : (tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
         tensor<1x1x9x1x1x64xi8, #qcc.panels<lanes = 16, vectors = 1, step = 4, order = natural>>,
         tensor<12xi32>, tensor<16xf32>) -> tensor<1x16x8x8xf32>
  return
}

// -----

// Integer sums are rescaled.
func.func @packed_conv_c3(%x: tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<1x1x9x1x1x64xi8, #qcc.panels<lanes = 16, vectors = 1, step = 4, order = natural>>,
    %s: tensor<16xi32>) {
  // expected-error @below {{expected a multiplier exactly where input is quantized, but got input}}
  %0 = qcc.packed_conv %x, %w, %s
      {dilations = array<i64: 1, 1>, group = 1 : i64, kernel = array<i64: 3, 3>,
      pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
      : (tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
         tensor<1x1x9x1x1x64xi8, #qcc.panels<lanes = 16, vectors = 1, step = 4, order = natural>>,
         tensor<16xi32>) -> tensor<1x16x8x8xf32>
  return
}

// -----

// Every channel is rescaled.
func.func @packed_conv_c3_shape(%x: tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<1x1x9x1x1x64xi8, #qcc.panels<lanes = 16, vectors = 1, step = 4, order = natural>>,
    %s: tensor<16xi32>, %m: tensor<8xf32>) {
  // expected-error @below {{expected multiplier shape [16], but got [8]}}
  %0 = qcc.packed_conv %x, %w, %s multiplier(%m)
      {dilations = array<i64: 1, 1>, group = 1 : i64, kernel = array<i64: 3, 3>,
      pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>}
      : (tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
         tensor<1x1x9x1x1x64xi8, #qcc.panels<lanes = 16, vectors = 1, step = 4, order = natural>>,
         tensor<16xi32>, tensor<8xf32>) -> tensor<1x16x8x8xf32>
  return
}
