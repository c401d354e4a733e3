// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// All that can follow a norm.
// CHECK-LABEL: @centered
func.func @centered(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %w: tensor<64xf32>, %b: tensor<64xf32>, %r: tensor<2x64xf32>,
    %s: tensor<2xi64>) -> tensor<2x64xf32> {
  // CHECK: qcc.norm_rows %{{[^ ]+}}, %{{[^ ]+}} weight(%{{[^ ]+}}) bias(%{{[^ ]+}})
  // CHECK-SAME: residual(%{{[^ ]+}}) select(%{{[^ ]+}})
  // CHECK-SAME: {centered, epsilon = 9.99999974E-6 : f32, format = #qcc.row_format<f32>}
  %0 = qcc.norm_rows %x, %extents weight(%w) bias(%b) residual(%r) select(%s)
      {centered, epsilon = 1.0e-5 : f32, format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<64xf32>, tensor<64xf32>,
         tensor<2x64xf32>, tensor<2xi64>) -> tensor<2x64xf32>
  return %0 : tensor<2x64xf32>
}

// A row of 64 codes takes 128 + 64 + 4 * 64 bytes.
// CHECK-LABEL: @quantized
func.func @quantized(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %w: tensor<64xf32>) -> tensor<8x448xi8> {
  // CHECK: format = #qcc.row_format<q8_block32>
  %0 = qcc.norm_rows %x, %extents weight(%w)
      {epsilon = 1.0e-5 : f32, format = #qcc.row_format<q8_block32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<64xf32>) -> tensor<8x448xi8>
  return %0 : tensor<8x448xi8>
}
