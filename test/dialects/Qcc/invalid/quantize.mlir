// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Each element has one integer.
func.func @quantize_c1(%x: tensor<4xf32>) {
  // expected-error @below {{expected result shape [4], but got [5]}}
  %0 = qcc.quantize %x
      : tensor<4xf32> -> tensor<5x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}
