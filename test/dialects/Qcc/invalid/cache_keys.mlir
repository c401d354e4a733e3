// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// Keys have their own number of heads.
func.func @cache_keys_c1(%q: tensor<8x64xf32>, %k: tensor<8x64xf32>,
    %v: tensor<8x32xf32>, %cache: tensor<2x2x32x16xf16>, %places: tensor<8xi64>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected key or value shape [8, 32], but got [8, 64]}}
  %0 = qcc.cache_keys %q, %k, %v to %cache, %places, %extents
      {epsilon = 1.0e-6 : f32, head_size = 16 : i64, kv_heads = 2 : i64}
      : (tensor<8x64xf32>, tensor<8x64xf32>, tensor<8x32xf32>, tensor<8xi64>,
         tensor<2x2x32x16xf16>, tensor<4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// A value for each key.
func.func @cache_keys_c1_rows(%q: tensor<8x64xf32>, %k: tensor<8x32xf32>,
    %v: tensor<7x32xf32>, %cache: tensor<2x2x32x16xf16>, %places: tensor<8xi64>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected key or value shape [8, 32], but got [7, 32]}}
  %0 = qcc.cache_keys %q, %k, %v to %cache, %places, %extents
      {epsilon = 1.0e-6 : f32, head_size = 16 : i64, kv_heads = 2 : i64}
      : (tensor<8x64xf32>, tensor<8x32xf32>, tensor<7x32xf32>, tensor<8xi64>,
         tensor<2x2x32x16xf16>, tensor<4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// The result is the queries.
func.func @cache_keys_c2(%q: tensor<8x64xf32>, %k: tensor<8x32xf32>,
    %v: tensor<8x32xf32>, %cache: tensor<2x2x32x16xf16>, %places: tensor<8xi64>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected result shape [8, 64], but got [8, 32]}}
  %0 = qcc.cache_keys %q, %k, %v to %cache, %places, %extents
      {epsilon = 1.0e-6 : f32, head_size = 16 : i64, kv_heads = 2 : i64}
      : (tensor<8x64xf32>, tensor<8x32xf32>, tensor<8x32xf32>, tensor<8xi64>,
         tensor<2x2x32x16xf16>, tensor<4xi64>) -> tensor<8x32xf32>
  return
}

// -----

// A cache of floats has no scales.
func.func @cache_keys_c3(%q: tensor<8x64xf32>, %k: tensor<8x32xf32>,
    %v: tensor<8x32xf32>, %cache: tensor<2x2x32x18xf16>, %places: tensor<8xi64>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected cache shape [2, 2, 32, 16], but got [2, 2, 32, 18]}}
  %0 = qcc.cache_keys %q, %k, %v to %cache, %places, %extents
      {epsilon = 1.0e-6 : f32, head_size = 16 : i64, kv_heads = 2 : i64}
      : (tensor<8x64xf32>, tensor<8x32xf32>, tensor<8x32xf32>, tensor<8xi64>,
         tensor<2x2x32x18xf16>, tensor<4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// Means do not survive a rotation.
func.func @cache_keys_c4(%q: tensor<8x64xf32>, %k: tensor<8x32xf32>,
    %v: tensor<8x32xf32>, %cache: tensor<2x2x32x16xf16>, %places: tensor<8xi64>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected centered or rotates_first, but got both}}
  %0 = qcc.cache_keys %q, %k, %v to %cache, %places, %extents
      {centered, epsilon = 1.0e-6 : f32, head_size = 16 : i64,
       kv_heads = 2 : i64, rotates_first}
      : (tensor<8x64xf32>, tensor<8x32xf32>, tensor<8x32xf32>, tensor<8xi64>,
         tensor<2x2x32x16xf16>, tensor<4xi64>) -> tensor<8x64xf32>
  return
}

// -----

func.func @cache_keys_c5(%q: tensor<8x64xf32>, %k: tensor<8x32xf32>,
    %v: tensor<8x32xf32>, %cache: tensor<2x2x32x16xf16>, %places: tensor<8xi64>,
    %extents: tensor<4xi64>) {
  // expected-error @below {{expected a clip above 0, but got -1}}
  %0 = qcc.cache_keys %q, %k, %v to %cache, %places, %extents
      {clip = -1.0 : f32, epsilon = 1.0e-6 : f32, head_size = 16 : i64,
       kv_heads = 2 : i64}
      : (tensor<8x64xf32>, tensor<8x32xf32>, tensor<8x32xf32>, tensor<8xi64>,
         tensor<2x2x32x16xf16>, tensor<4xi64>) -> tensor<8x64xf32>
  return
}
