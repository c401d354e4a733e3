// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Each integer has one element.
func.func @dequantize_c1(%x: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>) {
  // expected-error @below {{expected result shape [4], but got [5]}}
  %0 = qcc.dequantize %x
      : tensor<4x!qcc.quant<u8, 5.000000e-01, 128>> -> tensor<5xf32>
  return
}
