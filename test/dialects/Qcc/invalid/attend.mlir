// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// A result for each query.
func.func @attend_c1(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x4xi64>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected result shape [8, 64], but got [8, 32]}}
  %0 = qcc.attend %q, %cache, %spans, %extents
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x4xi64>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return
}

// -----

// A span is four numbers.
func.func @attend_c1_spans(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x3xi64>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected spans shape [8, 4], but got [8, 3]}}
  %0 = qcc.attend %q, %cache, %spans, %extents
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x3xi64>,
         tensor<4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// Parts of positions need their bounds.
func.func @attend_c1_parts(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x4xi64>, %extents: tensor<5xi64>, %parts: tensor<6x72xf32>,
    %merges: tensor<3x4xi64>) {
  // expected-error @below {{expected spans shape [8, 7], but got [8, 4]}}
  %0 = qcc.attend %q, %cache, %spans, %extents parts(%parts) merges(%merges)
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x4xi64>,
         tensor<5xi64>, tensor<6x72xf32>, tensor<3x4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// Bytes have a scale for each 32 elements.
func.func @attend_c2(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xi8>,
    %spans: tensor<8x4xi64>, %extents: tensor<4xi64>) {
  // expected-error @below {{expected cache shape [2, 2, 32, 18], but got [2, 2, 32, 16]}}
  %0 = qcc.attend %q, %cache, %spans, %extents
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xi8>, tensor<8x4xi64>,
         tensor<4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// Nobody would merge the parts.
func.func @attend_c3(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x7xi64>, %extents: tensor<5xi64>, %parts: tensor<6x72xf32>) {
  // expected-error @below {{expected parts and merges, but got only parts}}
  %0 = qcc.attend %q, %cache, %spans, %extents parts(%parts)
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x7xi64>,
         tensor<5xi64>, tensor<6x72xf32>) -> tensor<8x64xf32>
  return
}

// -----

// The number of merges is the last of the extents.
func.func @attend_c3_extents(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x7xi64>, %extents: tensor<4xi64>, %parts: tensor<6x72xf32>,
    %merges: tensor<3x4xi64>) {
  // expected-error @below {{expected extents shape [5], but got [4]}}
  %0 = qcc.attend %q, %cache, %spans, %extents parts(%parts) merges(%merges)
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x7xi64>,
         tensor<4xi64>, tensor<6x72xf32>, tensor<3x4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// Four heads of 16 sums, a score and a weight.
func.func @attend_c4(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x7xi64>, %extents: tensor<5xi64>, %parts: tensor<6x71xf32>,
    %merges: tensor<3x4xi64>) {
  // expected-error @below {{expected parts of at least 72 numbers, but got 'tensor<6x71xf32>'}}
  %0 = qcc.attend %q, %cache, %spans, %extents parts(%parts) merges(%merges)
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x7xi64>,
         tensor<5xi64>, tensor<6x71xf32>, tensor<3x4xi64>) -> tensor<8x64xf32>
  return
}

// -----

// A merge is four numbers.
func.func @attend_c4_merges(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x7xi64>, %extents: tensor<5xi64>, %parts: tensor<6x72xf32>,
    %merges: tensor<3x3xi64>) {
  // expected-error @below {{expected merges shape [3, 4], but got [3, 3]}}
  %0 = qcc.attend %q, %cache, %spans, %extents parts(%parts) merges(%merges)
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x7xi64>,
         tensor<5xi64>, tensor<6x72xf32>, tensor<3x3xi64>) -> tensor<8x64xf32>
  return
}

// -----

func.func @attend_c5(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x4xi64>, %extents: tensor<4xi64>, %slopes: tensor<2xf32>) {
  // expected-error @below {{expected slopes shape [4], but got [2]}}
  %0 = qcc.attend %q, %cache, %spans, %extents slopes(%slopes)
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x4xi64>,
         tensor<4xi64>, tensor<2xf32>) -> tensor<8x64xf32>
  return
}
