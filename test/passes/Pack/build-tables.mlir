// RUN: qcc-opt %s --qcc-build-tables | FileCheck %s

// Entry q is |q - 128| in steps of 0.5, which is 256 for q = 0: saturated to
// 255. The bytes of the table are printed as hexadecimal digits.
// CHECK-LABEL: @replaces_unary
// CHECK-SAME:    %[[X:[^:]*]]: tensor<4x!qcc.quant<u8, 1.000000e+00, 128>>
// CHECK-DAG:     %[[T:.*]] = arith.constant dense<"0xFFFEFCFA{{.*}}0402000204{{.*}}FAFCFE">
// CHECK:         %[[Y:.*]] = qcc.lookup %[[X]], %[[T]]
// CHECK-NEXT:    return %[[Y]]
func.func @replaces_unary(%x: tensor<4x!qcc.quant<u8, 1.0, 128>>)
    -> tensor<4x!qcc.quant<u8, 0.5, 0>> {
  %0 = qcc.unary abs %x
    : tensor<4x!qcc.quant<u8, 1.0, 128>> -> tensor<4x!qcc.quant<u8, 0.5, 0>>
  return %0 : tensor<4x!qcc.quant<u8, 0.5, 0>>
}

// -1 is stored as 127, 0 as 128 and 1 as 129.
// CHECK-LABEL: @replaces_clamp
// CHECK:         dense<"0x7F{{(7F)*}}80{{(81)*}}81">
// CHECK:         qcc.lookup
func.func @replaces_clamp(%x: tensor<4x!qcc.quant<u8, 1.0, 128>>)
    -> tensor<4x!qcc.quant<u8, 1.0, 128>> {
  %0 = qcc.clamp %x {lower = -1.0 : f32, upper = 1.0 : f32}
    : tensor<4x!qcc.quant<u8, 1.0, 128>> -> tensor<4x!qcc.quant<u8, 1.0, 128>>
  return %0 : tensor<4x!qcc.quant<u8, 1.0, 128>>
}

// A bound that is not there does not bind.
// CHECK-LABEL: @replaces_relu
// CHECK:         dense<"0x80{{(80)*}}818283{{.*}}FDFEFF">
func.func @replaces_relu(%x: tensor<4x!qcc.quant<u8, 1.0, 128>>)
    -> tensor<4x!qcc.quant<u8, 1.0, 128>> {
  %0 = qcc.clamp %x {lower = 0.0 : f32}
    : tensor<4x!qcc.quant<u8, 1.0, 128>> -> tensor<4x!qcc.quant<u8, 1.0, 128>>
  return %0 : tensor<4x!qcc.quant<u8, 1.0, 128>>
}

// Entry q is (q - 128) / 2: -64, -63.5, -63, -62.5, -62, -61.5 ... as i8, and
// ties go to the even integer.
// CHECK-LABEL: @replaces_requantize
// CHECK:         dense<"0xC0C0C1C2C2C2C3{{.*}}3E3E3F40">
// CHECK:         qcc.lookup
func.func @replaces_requantize(%x: tensor<4x!qcc.quant<u8, 1.0, 128>>)
    -> tensor<4x!qcc.quant<i8, 2.0, 0>> {
  %0 = qcc.requantize %x
    : tensor<4x!qcc.quant<u8, 1.0, 128>> -> tensor<4x!qcc.quant<i8, 2.0, 0>>
  return %0 : tensor<4x!qcc.quant<i8, 2.0, 0>>
}

// Floats have too many values for a table.
// CHECK-LABEL: @keeps_floats
// CHECK:         qcc.unary tanh
// CHECK:         qcc.clamp
func.func @keeps_floats(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = qcc.unary tanh %x : tensor<4xf32> -> tensor<4xf32>
  %1 = qcc.clamp %0 {lower = 0.0 : f32} : tensor<4xf32> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// So have 16 bits, on either side.
// CHECK-LABEL: @keeps_wide_integers
// CHECK:         qcc.requantize
// CHECK:         qcc.requantize
func.func @keeps_wide_integers(%x: tensor<4x!qcc.quant<i16, 1.0, 0>>)
    -> tensor<4x!qcc.quant<i32, 1.0, 0>> {
  %0 = qcc.requantize %x
    : tensor<4x!qcc.quant<i16, 1.0, 0>> -> tensor<4x!qcc.quant<u8, 1.0, 0>>
  %1 = qcc.requantize %0
    : tensor<4x!qcc.quant<u8, 1.0, 0>> -> tensor<4x!qcc.quant<i32, 1.0, 0>>
  return %1 : tensor<4x!qcc.quant<i32, 1.0, 0>>
}
