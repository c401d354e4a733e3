// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Each element has one result.
func.func @clamp_c1(%x: tensor<4xf32>) {
  // expected-error @below {{expected result shape [4], but got [5]}}
  %0 = qcc.clamp %x
      : tensor<4xf32> -> tensor<5xf32>
  return
}

// -----

// Nothing is above 2 and below 1.
func.func @clamp_c2(%x: tensor<4xf32>) {
  // expected-error @below {{expected lower not above upper, but got 2.000000e+00 and 1.000000e+00}}
  %0 = qcc.clamp %x {lower = 2.0 : f32, upper = 1.0 : f32}
      : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

// NaN bounds nothing.
func.func @clamp_c2_nan(%x: tensor<4xf32>) {
  // expected-error @below {{expected bounds that are numbers, but got NaN}}
  %0 = qcc.clamp %x {lower = 0x7FC00000 : f32}
      : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

// Clamping does not quantize.
func.func @clamp_c3(%x: tensor<4xf32>) {
  // expected-error @below {{expected input and result both quantized or neither, but got}}
  %0 = qcc.clamp %x
      : tensor<4xf32> -> tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}

// -----

// Clamping does not convert.
func.func @clamp_c3_types(%x: tensor<4xf32>) {
  // expected-error @below {{expected result element type 'f32', but got 'f64'}}
  %0 = qcc.clamp %x
      : tensor<4xf32> -> tensor<4xf64>
  return
}
