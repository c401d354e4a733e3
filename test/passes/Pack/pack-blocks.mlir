// RUN: qcc-opt %s --qcc-pack-blocks=target=avx512 --split-input-file \
// RUN:   --verify-diagnostics | FileCheck %s
// RUN: qcc-opt %s --qcc-pack-blocks=target=avx2 --split-input-file \
// RUN:   --verify-diagnostics | FileCheck %s --check-prefix=AVX2

// A table of tokens that is the head too is packed once. 40 rows are three
// panels of 16, or five of 8, of 18 bytes for each row and 32 columns.
// CHECK-LABEL: @packs_once
// CHECK-SAME:    %[[IDS:[^:]*]]: tensor<8xi32>, %[[W:[^:]*]]: tensor<40x36xi8,
// AVX2-LABEL:  @packs_once
func.func @packs_once(%ids: tensor<8xi32>,
    %w: tensor<40x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>)
    -> tensor<8x40xf32> {
  // CHECK:     %[[P:.*]] = qcc.pack_panels %[[W]]
  // CHECK-SAME:  -> tensor<1728xi8, #qcc.block_panels<"q4_0", 40 x 64, lanes = 16>>
  // CHECK-NOT: qcc.pack_panels
  // CHECK:     qcc.embed %[[IDS]], %[[P]],
  // CHECK:     qcc.block_linear %{{[^ ]+}}, %[[P]],
  // AVX2:      tensor<1440xi8, #qcc.block_panels<"q4_0", 40 x 64, lanes = 8>>
  %0 = qcc.embed %ids, %w, %extents {scale = 1.0 : f32}
      : (tensor<8xi32>, tensor<40x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x64xf32>
  %1 = qcc.block_linear %0, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<40x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x40xf32>
  return %1 : tensor<8x40xf32>
}

// -----

// The last group of a row has 8 columns and the room of 32.
// CHECK-LABEL: @fills_groups
func.func @fills_groups(%x: tensor<8x40xf32>,
    %w: tensor<16x40xi8, #qcc.blocks<"int4_g32", 40>>, %extents: tensor<4xi64>)
    -> tensor<8x16xf32> {
  // CHECK: tensor<640xi8, #qcc.block_panels<"int4_g32", 16 x 40, lanes = 16>>
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x40xf32>, tensor<16x40xi8, #qcc.blocks<"int4_g32", 40>>,
         tensor<4xi64>) -> tensor<8x16xf32>
  return %0 : tensor<8x16xf32>
}

// -----

// Three experts of 12 rows: each begins a panel.
// CHECK-LABEL: @separates_experts
// AVX2-LABEL:  @separates_experts
func.func @separates_experts(%x: tensor<8x64xf32>, %groups: tensor<26xi64>,
    %w: tensor<36x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>)
    -> tensor<16x12xf32> {
  // CHECK: tensor<1728xi8, #qcc.block_panels<"q4_0", 36 x 64, lanes = 16, parts = 3>>
  // AVX2:  tensor<1728xi8, #qcc.block_panels<"q4_0", 36 x 64, lanes = 8, parts = 3>>
  %0 = qcc.block_linear %x, %w, %extents experts(%groups)
      {format = #qcc.row_format<f32>, slots = 2 : i64}
      : (tensor<8x64xf32>, tensor<36x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>, tensor<26xi64>) -> tensor<16x12xf32>
  return %0 : tensor<16x12xf32>
}

// -----

// Packed before.
// CHECK-LABEL: @keeps_panels
func.func @keeps_panels(%x: tensor<8x64xf32>,
    %w: tensor<576xi8, #qcc.block_panels<"q4_0", 16 x 64, lanes = 16>>,
    %extents: tensor<4xi64>) -> tensor<8x16xf32> {
  // CHECK-NOT: qcc.pack_panels
  // CHECK:     return
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>,
         tensor<576xi8, #qcc.block_panels<"q4_0", 16 x 64, lanes = 16>>,
         tensor<4xi64>) -> tensor<8x16xf32>
  return %0 : tensor<8x16xf32>
}

// -----

// A file of the dialect may say anything.
func.func @keeps_unknown_formats(%x: tensor<8x64xf32>,
    %w: tensor<16x36xi8, #qcc.blocks<"q9_9", 64>>, %extents: tensor<4xi64>)
    -> tensor<8x16xf32> {
  // expected-error @below {{expected a known format of blocks, but got q9_9}}
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<16x36xi8, #qcc.blocks<"q9_9", 64>>,
         tensor<4xi64>) -> tensor<8x16xf32>
  return %0 : tensor<8x16xf32>
}
