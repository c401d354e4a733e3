// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// A matrix is no image.
func.func @average_pool_c1(%x: tensor<8x8xf32>) {
  // expected-error @below {{expected input of rank 4, but got 2}}
  %0 = qcc.average_pool %x {kernel = array<i64: 2, 2>,
      strides = array<i64: 2, 2>}
      : tensor<8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

// A mean of floats is no integer.
func.func @average_pool_c1_grid(%x: tensor<1x4x8x8xf32>) {
  // expected-error @below {{expected input and result both quantized or neither, but got}}
  %0 = qcc.average_pool %x {kernel = array<i64: 2, 2>,
      strides = array<i64: 2, 2>}
      : tensor<1x4x8x8xf32> -> tensor<1x4x4x4x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}

// -----

// Eight rows have four pairs; a fifth would start outside.
func.func @average_pool_c2(%x: tensor<1x4x8x8xf32>) {
  // expected-error @below {{expected result shape [1, 4, 4, 4], but got [1, 4, 5, 5]}}
  %0 = qcc.average_pool %x {kernel = array<i64: 2, 2>,
      strides = array<i64: 2, 2>}
      : tensor<1x4x8x8xf32> -> tensor<1x4x5x5xf32>
  return
}

// -----

// A window inside the padding has no element.
func.func @average_pool_c3(%x: tensor<1x4x8x8xf32>) {
  // expected-error @below {{expected pads from 0 to 1, but got 2}}
  %0 = qcc.average_pool %x {kernel = array<i64: 2, 2>,
      strides = array<i64: 2, 2>, pads = array<i64: 2, 2, 2, 2>}
      : tensor<1x4x8x8xf32> -> tensor<1x4x6x6xf32>
  return
}

// -----

// A window has two sizes.
func.func @average_pool_c4(%x: tensor<1x4x8x8xf32>) {
  // expected-error @below {{expected 2 kernel sizes of at least 1, but got [2]}}
  %0 = qcc.average_pool %x {kernel = array<i64: 2>,
      strides = array<i64: 2, 2>}
      : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}

// -----

// Four sides, four pads.
func.func @average_pool_c4_pads(%x: tensor<1x4x8x8xf32>) {
  // expected-error @below {{expected 4 pads, but got 2}}
  %0 = qcc.average_pool %x {kernel = array<i64: 2, 2>,
      strides = array<i64: 2, 2>, pads = array<i64: 0, 0>}
      : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
  return
}
