// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Bytes and whole numbers of bytes are stored, and half bytes.
// expected-error @below {{expected storage of 4, 8, 16 or 32 bits, but got 7}}
func.func private @keeps_out_odd_bits(tensor<4x!qcc.quant<u7, 1.0, 0>>)

// -----

// Values on a grid of step zero would all be zero.
// expected-error @below {{expected a finite f32 scale above zero, but got 0}}
func.func private @keeps_out_zero_scale(tensor<4x!qcc.quant<u8, 0.0, 0>>)

// -----

// The zero point is one of the integers.
// expected-error @below {{expected a zero point from 0 to 255, but got 256}}
func.func private @keeps_out_far_zero_point(tensor<4x!qcc.quant<u8, 1.0, 256>>)

// -----

// Storage is an integer.
// expected-error @below {{expected storage like u8 or i8, but got f8}}
func.func private @keeps_out_float_storage(tensor<4x!qcc.quant<f8, 1.0, 0>>)
