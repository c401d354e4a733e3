// RUN: qcc-opt %s --qcc-approximate-math --split-input-file \
// RUN:   --verify-diagnostics | FileCheck %s

// A vector of exponentials is a polynomial, not sixteen calls.
// CHECK-LABEL: @expands_vector
func.func @expands_vector(%x: vector<16xf32>) -> vector<16xf32> {
  // CHECK-NOT: math.exp
  // CHECK:     math.fma
  // CHECK-NOT: math.exp
  %0 = math.exp %x : vector<16xf32>
  return %0 : vector<16xf32>
}

// -----

// Scalars too: tails and single elements call no libm either.
// CHECK-LABEL: @expands_scalars
func.func @expands_scalars(%x: f32) -> (f32, f32, f32, f32, f32) {
  // CHECK-NOT: math.{{tanh|erf|log|powf}}
  // CHECK:     return
  %0 = math.tanh %x : f32
  %1 = math.erf %x : f32
  %2 = math.log %x : f32
  %3 = math.log10 %x : f32
  %4 = math.powf %x, %x : f32
  return %0, %1, %2, %3, %4 : f32, f32, f32, f32, f32
}

// -----

// A negative number has powers too: whole ones, with a sign where they are odd.
// CHECK-LABEL: @keeps_the_sign_of_powers
func.func @keeps_the_sign_of_powers(%x: vector<8xf32>, %y: vector<8xf32>) -> vector<8xf32> {
  // CHECK-NOT: math.powf
  // CHECK:     math.absf %arg0
  // CHECK:     math.copysign %{{.*}}, %arg0
  %0 = math.powf %x, %y : vector<8xf32>
  return %0 : vector<8xf32>
}

// -----

// The machine rounds and takes roots in one instruction.
// CHECK-LABEL: @keeps_instructions
func.func @keeps_instructions(%x: vector<16xf32>) -> vector<16xf32> {
  // CHECK: math.sqrt
  // CHECK: math.roundeven
  // CHECK: math.floor
  // CHECK: math.fma
  %0 = math.sqrt %x : vector<16xf32>
  %1 = math.roundeven %0 : vector<16xf32>
  %2 = math.floor %1 : vector<16xf32>
  %3 = math.fma %2, %2, %x : vector<16xf32>
  return %3 : vector<16xf32>
}

// -----

func.func @refuses_f64(%x: f64) -> f64 {
  // expected-error @below {{expected a function with a polynomial for its type, but got 'f64'}}
  %0 = math.tanh %x : f64
  return %0 : f64
}
