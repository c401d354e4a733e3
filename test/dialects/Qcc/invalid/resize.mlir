// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Resizing keeps every dimension.
func.func @resize_c1(%x: tensor<2x2xf32>) {
  // expected-error @below {{expected result of rank 2, but got 1}}
  %0 = qcc.resize nearest %x {scales = array<f64: 1.0, 2.0>}
      : tensor<2x2xf32> -> tensor<4xf32>
  return
}

// -----

// Resizing does not convert.
func.func @resize_c1_type(%x: tensor<2x2xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.resize nearest %x {scales = array<f64: 1.0, 2.0>}
      : tensor<2x2xf32> -> tensor<2x4xf64>
  return
}

// -----

// Two dimensions, two scales.
func.func @resize_c2(%x: tensor<2x2xf32>) {
  // expected-error @below {{expected 2 scales, but got 1}}
  %0 = qcc.resize nearest %x {scales = array<f64: 2.0>}
      : tensor<2x2xf32> -> tensor<2x4xf32>
  return
}

// -----

// A negative size is none.
func.func @resize_c2_sign(%x: tensor<2x2xf32>) {
  // expected-error @below {{expected scales above zero, but got -2.000000e+00}}
  %0 = qcc.resize nearest %x {scales = array<f64: 1.0, -2.0>}
      : tensor<2x2xf32> -> tensor<2x4xf32>
  return
}

// -----

// Cubic weights leave the grid.
func.func @resize_c3(%x: tensor<2x2x!qcc.quant<u8, 5.000000e-01, 128>>) {
  // expected-error @below {{expected nearest or linear of a quantized input, but got cubic}}
  %0 = qcc.resize cubic %x {scales = array<f64: 1.0, 2.0>}
      : tensor<2x2x!qcc.quant<u8, 5.000000e-01, 128>>
        -> tensor<2x4x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}
