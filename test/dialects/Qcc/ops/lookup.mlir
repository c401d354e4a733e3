// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// A table of all 256 integers.
// CHECK-LABEL: @table
func.func @table(%x: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
    %t: tensor<256xi8>)
  -> tensor<4x!qcc.quant<u8, 5.000000e-01, 128>> {
  // CHECK: qcc.lookup %{{[^ ]+}}, %{{[^ ]+}}
  %0 = qcc.lookup %x, %t : (tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
      tensor<256xi8>) -> tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
  return %0 : tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
}
