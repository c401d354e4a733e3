// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// 4 heads of queries, 2 of keys; everything that may happen to them.
// CHECK-LABEL: @keys
func.func @keys(%q: tensor<8x64xf32>, %k: tensor<8x32xf32>,
    %v: tensor<8x32xf32>, %cache: tensor<2x2x32x16xf16>, %places: tensor<8xi64>,
    %extents: tensor<4xi64>, %t: tensor<8x2x8xf32>, %qn: tensor<16xf32>,
    %kn: tensor<16xf32>) -> tensor<8x64xf32> {
  // CHECK: qcc.cache_keys %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}} to %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}}
  // CHECK-SAME: rotate(%{{[^ ]+}}) query_norm(%{{[^ ]+}}) key_norm(%{{[^ ]+}})
  // CHECK-SAME: {epsilon = 9.99999997E-7 : f32, head_size = 16 : i64,
  // CHECK-SAME:  interleaved, kv_heads = 2 : i64}
  %0 = qcc.cache_keys %q, %k, %v to %cache, %places, %extents rotate(%t)
      query_norm(%qn) key_norm(%kn)
      {epsilon = 1.0e-6 : f32, head_size = 16 : i64, interleaved,
       kv_heads = 2 : i64}
      : (tensor<8x64xf32>, tensor<8x32xf32>, tensor<8x32xf32>, tensor<8xi64>,
         tensor<2x2x32x16xf16>, tensor<4xi64>, tensor<8x2x8xf32>,
         tensor<16xf32>, tensor<16xf32>) -> tensor<8x64xf32>
  return %0 : tensor<8x64xf32>
}

// LayerNorms of heads, each by its own weights; norms after the rotation.
// CHECK-LABEL: @norms
func.func @norms(%q: tensor<8x64xf32>, %k: tensor<8x32xf32>,
    %v: tensor<8x32xf32>, %cache: tensor<2x2x32x16xf16>, %places: tensor<8xi64>,
    %extents: tensor<4xi64>, %t: tensor<8x2x8xf32>, %qn: tensor<64xf32>,
    %kn: tensor<32xf32>) -> tensor<8x64xf32> {
  // CHECK: qcc.cache_keys {{.*}} query_norm(%{{[^ ]+}}) key_norm(%{{[^ ]+}})
  // CHECK-SAME: {by_head, centered, clip = 8.000000e+00 : f32,
  %0 = qcc.cache_keys %q, %k, %v to %cache, %places, %extents
      query_norm(%qn) key_norm(%kn)
      {by_head, centered, clip = 8.0 : f32, epsilon = 1.0e-6 : f32,
       head_size = 16 : i64, kv_heads = 2 : i64}
      : (tensor<8x64xf32>, tensor<8x32xf32>, tensor<8x32xf32>, tensor<8xi64>,
         tensor<2x2x32x16xf16>, tensor<4xi64>, tensor<64xf32>,
         tensor<32xf32>) -> tensor<8x64xf32>
  // CHECK: qcc.cache_keys {{.*}} rotate(%{{[^ ]+}})
  // CHECK-SAME: kv_heads = 2 : i64, rotates_first}
  %1 = qcc.cache_keys %0, %k, %v to %cache, %places, %extents rotate(%t)
      query_norm(%qn) key_norm(%kn)
      {epsilon = 1.0e-6 : f32, head_size = 16 : i64, kv_heads = 2 : i64,
       rotates_first}
      : (tensor<8x64xf32>, tensor<8x32xf32>, tensor<8x32xf32>, tensor<8xi64>,
         tensor<2x2x32x16xf16>, tensor<4xi64>, tensor<8x2x8xf32>,
         tensor<64xf32>, tensor<32xf32>) -> tensor<8x64xf32>
  return %1 : tensor<8x64xf32>
}
