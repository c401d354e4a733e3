// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// 4 heads of queries share 2 of keys.
// CHECK-LABEL: @window
func.func @window(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x4xi64>, %extents: tensor<4xi64>, %sinks: tensor<4xf32>)
    -> tensor<8x64xf32> {
  // CHECK: qcc.attend %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}} sinks(%{{[^ ]+}})
  // CHECK-SAME: {head_size = 16 : i64, kv_heads = 2 : i64, scale = 2.500000e-01 : f32,
  // CHECK-SAME:  soft_cap = 5.000000e+01 : f32, span_rows = 4 : i64, window = 20 : i64}
  %0 = qcc.attend %q, %cache, %spans, %extents sinks(%sinks)
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       soft_cap = 50.0 : f32, span_rows = 4 : i64, window = 20 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x4xi64>,
         tensor<4xi64>, tensor<4xf32>) -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}

// The same with positions in parts, and a cache of bytes: 16 codes and a scale.
// CHECK-LABEL: @parts
func.func @parts(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x18xi8>,
    %spans: tensor<9x7xi64>, %extents: tensor<5xi64>, %parts: tensor<6x72xf32>,
    %merges: tensor<3x4xi64>) -> tensor<8x64xf32> {
  // CHECK: qcc.attend {{.*}} parts(%{{[^ ]+}}) merges(%{{[^ ]+}})
  // CHECK-SAME: {head_size = 16 : i64, kv_heads = 2 : i64,
  %0 = qcc.attend %q, %cache, %spans, %extents parts(%parts) merges(%merges)
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x18xi8>, tensor<9x7xi64>,
         tensor<5xi64>, tensor<6x72xf32>, tensor<3x4xi64>) -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}

// ALiBi.
// CHECK-LABEL: @slopes
func.func @slopes(%q: tensor<8x64xf32>, %cache: tensor<2x2x32x16xf16>,
    %spans: tensor<8x4xi64>, %extents: tensor<4xi64>, %slopes: tensor<4xf32>)
    -> tensor<8x64xf32> {
  // CHECK: qcc.attend {{.*}} slopes(%{{[^ ]+}}) {head_size = 16 : i64,
  %0 = qcc.attend %q, %cache, %spans, %extents slopes(%slopes)
      {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
       span_rows = 4 : i64}
      : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x4xi64>,
         tensor<4xi64>, tensor<4xf32>) -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}
