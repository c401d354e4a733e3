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
