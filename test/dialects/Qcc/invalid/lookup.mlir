// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Eight bits have 256 values.
func.func @lookup_c1(%x: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
    %t: tensor<128xi8>) {
  // expected-error @below {{expected table shape [256], but got [128]}}
  %0 = qcc.lookup %x, %t : (tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
      tensor<128xi8>) -> tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}

// -----

// Each integer has one integer.
func.func @lookup_c2(%x: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
    %t: tensor<256xi8>) {
  // expected-error @below {{expected result shape [4], but got [5]}}
  %0 = qcc.lookup %x, %t : (tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
      tensor<256xi8>) -> tensor<5x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}

// -----

// A table of bytes gives bytes.
func.func @lookup_c2_bits(%x: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
    %t: tensor<256xi8>) {
  // expected-error @below {{expected 8 bits, but got 16}}
  %0 = qcc.lookup %x, %t : (tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
      tensor<256xi8>) -> tensor<4x!qcc.quant<u16, 5.0e-01, 0>>
  return
}
