// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Three do not pair with two.
func.func @binary_c1(%a: tensor<2xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{expected operand shapes that broadcast, but got [2] and [3]}}
  %0 = qcc.binary add %a, %b
      : (tensor<2xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

// The result is as large as the larger operand.
func.func @binary_c1_result(%a: tensor<2x3xf32>, %b: tensor<3xf32>) {
  // expected-error @below {{expected result shape [2, 3], but got [3]}}
  %0 = qcc.binary add %a, %b
      : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

// A sum of integers and floats has no grid.
func.func @binary_c2(%a: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
    %b: tensor<4xf32>) {
  // expected-error @below {{expected operands and result all quantized with 8 bits, but got}}
  %0 = qcc.binary add %a, %b
      : (tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>, tensor<4xf32>)
        -> tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}

// -----

// Quotients of grids are not defined.
func.func @binary_c3(%a: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
    %b: tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>) {
  // expected-error @below {{expected add, sub or mul of quantized operands, but got div}}
  %0 = qcc.binary div %a, %b
      : (tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>,
         tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>)
        -> tensor<4x!qcc.quant<u8, 5.000000e-01, 128>>
  return
}

// -----

// Types are made equal by qcc.cast.
func.func @binary_c4(%a: tensor<4xf32>, %b: tensor<4xi64>) {
  // expected-error @below {{expected rhs element type 'f32', but got 'i64'}}
  %0 = qcc.binary add %a, %b
      : (tensor<4xf32>, tensor<4xi64>) -> tensor<4xf32>
  return
}

// -----

// A comparison is true or false.
func.func @binary_c4_truth(%a: tensor<4xf32>, %b: tensor<4xf32>) {
  // expected-error @below {{expected result element type 'i1', but got 'f32'}}
  %0 = qcc.binary less %a, %b
      : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

// Floats have no bits to combine.
func.func @binary_c5(%a: tensor<2xf32>) {
  // expected-error @below {{expected operands of integers, but got 'f32'}}
  %0 = qcc.binary and %a, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}
