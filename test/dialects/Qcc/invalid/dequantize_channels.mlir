// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Each integer has one element.
func.func @dequantize_channels_c1(%q: tensor<4x3xi8>, %s: tensor<4xf32>) {
  // expected-error @below {{expected result shape [4, 3], but got [3, 4]}}
  %0 = qcc.dequantize_channels %q, %s {axis = 0 : i64}
    : (tensor<4x3xi8>, tensor<4xf32>) -> tensor<3x4xf32>
  return
}

// -----

// Floats are no integers.
func.func @dequantize_channels_c1_type(%q: tensor<4xf32>, %s: tensor<4xf32>) {
  // expected-error @below {{expected integers as input, but got 'f32'}}
  %0 = qcc.dequantize_channels %q, %s {axis = 0 : i64}
    : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// There is no third dimension.
func.func @dequantize_channels_c2(%q: tensor<4x3xi8>, %s: tensor<4xf32>) {
  // expected-error @below {{expected axis from 0 to 1, but got 2}}
  %0 = qcc.dequantize_channels %q, %s {axis = 2 : i64}
    : (tensor<4x3xi8>, tensor<4xf32>) -> tensor<4x3xf32>
  return
}

// -----

// Three columns have three scales.
func.func @dequantize_channels_c3(%q: tensor<4x3xi8>, %s: tensor<4xf32>) {
  // expected-error @below {{expected scales shape [3], but got [4]}}
  %0 = qcc.dequantize_channels %q, %s {axis = 1 : i64}
    : (tensor<4x3xi8>, tensor<4xf32>) -> tensor<4x3xf32>
  return
}
