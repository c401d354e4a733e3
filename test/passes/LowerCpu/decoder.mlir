// RUN: qcc-opt %s --qcc-plan-memory --qcc-emit-kernels --canonicalize \
// RUN:   | FileCheck %s
// RUN: qcc-opt %s --qcc-plan-memory --qcc-emit-kernels=target=avx2 \
// RUN:   --canonicalize | FileCheck %s --check-prefix=AVX2

// 4 heads of queries on 2 of keys, in rotated halves. Both ops are given the
// caller's cache, which is no copy; tasks are rows, and key heads of spans.
// CHECK-LABEL: module attributes
// CHECK-SAME:    qcc.scratch_bytes = {{[0-9]+}}
// CHECK:       @main({{.*}}, %[[CACHE:[^:]*]]: memref<4096xi8>, %{{[^:]*}}: memref<512xi8>,
// CHECK:         %[[KEYS:.*]] = memref.view %[[CACHE]][%c0]
// CHECK:         qcc.launch @cache_keys_f32_avx512_0 tasks 1({{.*}}, %[[KEYS]], %{{.*}})
// CHECK-SAME:      extent = array<i64: 5, 0, 1>
// CHECK:         %[[SAME:.*]] = memref.view %[[CACHE]][%c0]
// CHECK:         qcc.launch @attend_f32_avx512_1 tasks 2(%{{[^,]*}}, %[[SAME]], %{{.*}})
// CHECK-SAME:      extent = array<i64: 3, 3, 1>

// A key is 16 stores, 16 places apart: tile * 256 + element * 16 + place of the
// tile. A value is one store.
// CHECK:       func.func private @cache_keys_f32_avx512_0(%[[ROW:[^:]*]]: index,
// CHECK-SAME:    %[[PLACES:[^:]*]]: memref<8xi64>, %[[CACHE:[^:]*]]: memref<2048xf16>,
// CHECK-SAME:    %[[EXTENTS:[^:]*]]: memref<4xi64>,
// CHECK:         %[[PLACE_NUMBER:.*]] = memref.load %[[PLACES]][%[[ROW]]]
// CHECK:         %[[PLACE:.*]] = arith.index_cast %[[PLACE_NUMBER]]
// CHECK:         memref.load %[[EXTENTS]][%c2]
// CHECK:         scf.for {{.*}} to %c4
// CHECK:           arith.subf
// CHECK:           vector.maskedstore
// CHECK:         scf.for {{.*}} to %c2
// CHECK:           %[[TILE:.*]] = arith.divui %[[PLACE]], %c16
// CHECK:           arith.muli %[[TILE]], %c256
// CHECK:           %[[LANE:.*]] = arith.remui %[[PLACE]], %c16
// CHECK:           arith.addi %{{.*}}, %[[LANE]]
// CHECK:           arith.truncf {{.*}} to vector<16xf16>
// CHECK-COUNT-16:  memref.store {{.*}}, %[[CACHE]]
// CHECK:           vector.store {{.*}}, %[[CACHE]]{{.*}} vector<16xf16>
// CHECK:         return

// One row, or up to four: 8 queries meet each two registers of keys, and of
// values where a head has as many.
// CHECK:       func.func private @attend_f32_avx512_1(
// CHECK-SAME:    %[[CACHE:[^:]*]]: memref<2048xf16>,
// CHECK-SAME:    %{{[^:]*}}: memref<2147483647xi8>) attributes {qcc.uses_scratch}
// CHECK:         scf.if
// CHECK:         } else {
// CHECK:           scf.for {{.*}} step %c128
// CHECK:             scf.for {{.*}} step %c8
// CHECK:               scf.for {{.*}} step %c32
// CHECK:                 scf.for %{{.*}} to %c16 step %c1 iter_args
// CHECK:                   %[[HALVES:.*]] = vector.load %[[CACHE]][{{.*}}vector<16xf16>
// CHECK:                   %[[KEYS:.*]] = arith.extf %[[HALVES]]
// CHECK:                   vector.load %[[CACHE]][{{.*}}vector<16xf16>
// CHECK-COUNT-8:           math.fma %{{.*}}, %[[KEYS]], %{{.*}} : vector<16xf32>
// CHECK:             scf.if
// CHECK:               %[[PAST:.*]] = arith.cmpi sle
// CHECK:               %[[NEAR:.*]] = arith.cmpi sge
// CHECK:               %[[SEEN:.*]] = arith.andi %[[PAST]], %[[NEAR]]
// CHECK:               arith.select %[[SEEN]]
// CHECK:             scf.for {{.*}} step %c8
// CHECK:               scf.for {{.*}} step %c1 iter_args
// CHECK:                 vector.load %[[CACHE]]
// CHECK-COUNT-8:         math.fma
// CHECK:         arith.divf

// A tile of 16 places is two registers of 8.
// AVX2:        func.func private @attend_f32_avx2_1(
// AVX2:          vector.load {{.*}}vector<8xf16>
module {
  func.func @main(%q: tensor<8x64xf32>, %k: tensor<8x32xf32>,
      %v: tensor<8x32xf32>, %places: tensor<8xi64>, %spans: tensor<8x4xi64>,
      %extents: tensor<4xi64>, %cache: tensor<2x2x32x16xf16>,
      %t: tensor<8x2x8xf32>) -> tensor<8x64xf32> {
    %0 = qcc.cache_keys %q, %k, %v to %cache, %places, %extents rotate(%t)
        {epsilon = 1.0e-6 : f32, head_size = 16 : i64, kv_heads = 2 : i64}
        : (tensor<8x64xf32>, tensor<8x32xf32>, tensor<8x32xf32>, tensor<8xi64>,
           tensor<2x2x32x16xf16>, tensor<4xi64>, tensor<8x2x8xf32>)
        -> tensor<8x64xf32>
    %1 = qcc.attend %0, %cache, %spans, %extents
        {head_size = 16 : i64, kv_heads = 2 : i64, scale = 0.25 : f32,
         span_rows = 4 : i64, window = 20 : i64}
        : (tensor<8x64xf32>, tensor<2x2x32x16xf16>, tensor<8x4xi64>,
           tensor<4xi64>) -> tensor<8x64xf32>
    return %1 : tensor<8x64xf32>
  }
}
