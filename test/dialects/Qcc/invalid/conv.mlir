// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// A matrix is no image.
func.func @conv_c1(%x: tensor<4x8xf32>, %w: tensor<4x4x3x3xf32>) {
  // expected-error @below {{expected input of rank 4, but got 2}}
  %0 = qcc.conv %x, %w
      : (tensor<4x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// The filters see three channels, the input has four.
func.func @conv_c2(%x: tensor<1x4x8x8xf32>, %w: tensor<4x3x3x3xf32>) {
  // expected-error @below {{expected weight shape [4, 4, 3, 3], but got [4, 3, 3, 3]}}
  %0 = qcc.conv %x, %w
      : (tensor<1x4x8x8xf32>, tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// Three groups cannot share four channels.
func.func @conv_c3(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>) {
  // expected-error @below {{expected a group that divides 4 input and 4 result channels, but got}}
  %0 = qcc.conv %x, %w {group = 3 : i64}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// Without padding a 3x3 filter takes two rows away.
func.func @conv_c4(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>) {
  // expected-error @below {{expected result shape [1, 4, 6, 6], but got [1, 4, 8, 8]}}
  %0 = qcc.conv %x, %w
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x8x8xf32>
  return
}

// -----

// One bias is missing.
func.func @conv_c5(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>,
    %b: tensor<3xf32>) {
  // expected-error @below {{expected bias shape [4], but got [3]}}
  %0 = qcc.conv %x, %w bias(%b)
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>, tensor<3xf32>)
        -> tensor<1x4x6x6xf32>
  return
}

// -----

// One scale is missing.
func.func @conv_c5_scales(%x: tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<4x4x3x3xi8>,
    %s: tensor<3xf32>) {
  // expected-error @below {{expected weight_scales shape [4], but got [3]}}
  %0 = qcc.conv %x, %w scales(%s)
      : (tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>, tensor<4x4x3x3xi8>,
         tensor<3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// A float convolution has no scales.
func.func @conv_c6(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>,
    %s: tensor<4xf32>) {
  // expected-error @below {{expected weight_scales exactly where input is quantized, but got}}
  %0 = qcc.conv %x, %w scales(%s)
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>, tensor<4xf32>)
        -> tensor<1x4x6x6xf32>
  return
}

// -----

// Float inputs take float weights.
func.func @conv_c6_weight(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xi8>) {
  // expected-error @below {{expected weight element type 'f32', but got 'i8'}}
  %0 = qcc.conv %x, %w
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xi8>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// Float inputs take float biases.
func.func @conv_c6_bias(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>,
    %b: tensor<4xi32>) {
  // expected-error @below {{expected bias element type 'f32', but got 'i32'}}
  %0 = qcc.conv %x, %w bias(%b)
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>, tensor<4xi32>)
        -> tensor<1x4x6x6xf32>
  return
}

// -----

// A float convolution does not quantize.
func.func @conv_c6_result(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>) {
  // expected-error @below {{expected result element type 'f32', but got}}
  %0 = qcc.conv %x, %w
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>)
        -> tensor<1x4x6x6x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}

// -----

// The integer sum is that of 8-bit inputs.
func.func @conv_c6_bits(%x: tensor<1x4x8x8x!qcc.quant<u16, 5.0e-01, 0>>,
    %w: tensor<4x4x3x3xi8>,
    %s: tensor<4xf32>) {
  // expected-error @below {{expected a quantized input of 8 bits, but got 16}}
  %0 = qcc.conv %x, %w scales(%s)
      : (tensor<1x4x8x8x!qcc.quant<u16, 5.0e-01, 0>>, tensor<4x4x3x3xi8>,
         tensor<4xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// The residual is what the result adds to.
func.func @conv_c7(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>,
    %r: tensor<1x4x8x8xf32>) {
  // expected-error @below {{expected residual shape [1, 4, 6, 6], but got [1, 4, 8, 8]}}
  %0 = qcc.conv %x, %w residual(%r)
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>,
         tensor<1x4x8x8xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// A float residual needs a float result.
func.func @conv_c7_grid(%x: tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<4x4x3x3xi8>,
    %s: tensor<4xf32>, %r: tensor<1x4x6x6xf32>) {
  // expected-error @below {{expected residual and result both quantized or neither, but got}}
  %0 = qcc.conv %x, %w scales(%s) residual(%r)
      : (tensor<1x4x8x8x!qcc.quant<u8, 5.000000e-01, 128>>, tensor<4x4x3x3xi8>,
         tensor<4xf32>, tensor<1x4x6x6xf32>)
           -> tensor<1x4x6x6x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}

// -----

// A window that does not move gives no shape.
func.func @conv_c8(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>) {
  // expected-error @below {{expected 2 strides of at least 1, but got [0, 1]}}
  %0 = qcc.conv %x, %w {strides = array<i64: 0, 1>}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// Four sides, four pads.
func.func @conv_c8_pads(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>) {
  // expected-error @below {{expected 4 pads of at least 0, but got [1, 1]}}
  %0 = qcc.conv %x, %w {pads = array<i64: 1, 1>}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// No group has no channels.
func.func @conv_c8_group(%x: tensor<1x4x8x8xf32>, %w: tensor<4x4x3x3xf32>) {
  // expected-error @below {{expected a group of at least 1, but got 0}}
  %0 = qcc.conv %x, %w {group = 0 : i64}
      : (tensor<1x4x8x8xf32>, tensor<4x4x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----

// 2^16 + 1 products of 255 and 128 do not fit i32.
func.func @conv_c9(%x: tensor<1x65537x1x1x!qcc.quant<u8, 5.000000e-01, 128>>,
    %w: tensor<1x65537x1x1xi8>,
    %s: tensor<1xf32>) {
  // expected-error @below {{expected at most 65536 products in an integer sum, but got 65537}}
  %0 = qcc.conv %x, %w scales(%s)
      : (tensor<1x65537x1x1x!qcc.quant<u8, 5.000000e-01, 128>>,
         tensor<1x65537x1x1xi8>,
         tensor<1xf32>) -> tensor<1x1x1x1xf32>
  return
}
