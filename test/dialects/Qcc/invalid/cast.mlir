// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Each element has one result.
func.func @cast_c1(%x: tensor<4xf32>) {
  // expected-error @below {{expected result shape [4], but got [5]}}
  %0 = qcc.cast %x
      : tensor<4xf32> -> tensor<5xi64>
  return
}

// -----

// A grid is for qcc.quantize.
func.func @cast_c1_grid(%x: tensor<4xf32>) {
  // expected-error @below {{expected builtin element types, but got}}
  %0 = qcc.cast %x
      : tensor<4xf32> -> tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}
