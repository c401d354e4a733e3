// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Axes ascend.
func.func @reduce_c1(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected ascending axes below 2, but got [1, 0]}}
  %0 = qcc.reduce sum %x {axes = array<i64: 1, 0>}
      : tensor<2x3xf32> -> tensor<1x1xf32>
  return
}

// -----

// Reduced dimensions stay.
func.func @reduce_c2(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected result shape [2, 1], but got [2]}}
  %0 = qcc.reduce sum %x {axes = array<i64: 1>}
      : tensor<2x3xf32> -> tensor<2xf32>
  return
}

// -----

// Products leave the grid.
func.func @reduce_c3(%x: tensor<2x3x!qcc.quant<u8, 5.000000e-01, 128>>) {
  // expected-error @below {{expected mean, max or min of a quantized input, but got prod}}
  %0 = qcc.reduce prod %x {axes = array<i64: 1>}
      : tensor<2x3x!qcc.quant<u8, 5.000000e-01, 128>>
        -> tensor<2x1x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}

// -----

// Reducing does not convert.
func.func @reduce_c4(%x: tensor<2x3xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.reduce sum %x {axes = array<i64: 1>}
      : tensor<2x3xf32> -> tensor<2x1xf64>
  return
}

// -----

// The mean of integers is on a grid.
func.func @reduce_c4_mean(%x: tensor<2x3x!qcc.quant<u8, 5.000000e-01, 128>>) {
  // expected-error @below {{expected a quantized result, but got 'f32'}}
  %0 = qcc.reduce mean %x {axes = array<i64: 1>}
      : tensor<2x3x!qcc.quant<u8, 5.000000e-01, 128>> -> tensor<2x1xf32>
  return
}
