// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// CHECK-LABEL: @experts
func.func @experts(%p: tensor<16x64xf32>, %c: tensor<8x2x2xf32>,
    %extents: tensor<4xi64>) -> tensor<8x64xf32> {
  // CHECK: qcc.mix_rows %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}} :
  %0 = qcc.mix_rows %p, %c, %extents
      : (tensor<16x64xf32>, tensor<8x2x2xf32>, tensor<4xi64>)
        -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}

// CHECK-LABEL: @shared
func.func @shared(%p: tensor<16x64xf32>, %c: tensor<8x2x2xf32>,
    %extents: tensor<4xi64>, %y: tensor<8x64xf32>, %g: tensor<8x1xf32>,
    %x: tensor<8x64xf32>) -> tensor<8x64xf32> {
  // CHECK: shared(%{{[^ ]+}}) gate(%{{[^ ]+}}) residual(%{{[^ ]+}})
  // CHECK-SAME: {scale = 5.000000e-01 : f32}
  %0 = qcc.mix_rows %p, %c, %extents shared(%y) gate(%g) residual(%x)
      {scale = 0.5 : f32}
      : (tensor<16x64xf32>, tensor<8x2x2xf32>, tensor<4xi64>, tensor<8x64xf32>,
         tensor<8x1xf32>, tensor<8x64xf32>) -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}
