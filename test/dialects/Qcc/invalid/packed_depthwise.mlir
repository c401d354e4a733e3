// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Integer sums are rescaled.
func.func @packed_depthwise_c1(%x: tensor<1x16x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<3x3x16xi8>,
    %s: tensor<16xi32>) {
  // expected-error @below {{expected a multiplier exactly where input is quantized, but got input}}
  %0 = qcc.packed_depthwise %x, %w, %s
      {dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>,
      pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 1, 1>, tile = 1 : i64}
      : (tensor<1x16x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
         tensor<3x3x16xi8>, tensor<16xi32>) -> tensor<1x16x8x8xf32>
  return
}
