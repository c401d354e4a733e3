// RUN: qcc-opt %s --qcc-quantize-blocks --split-input-file | FileCheck %s
// RUN: qcc-opt %s --qcc-quantize-blocks="symmetric=false group=64" \
// RUN:   --split-input-file | FileCheck %s --check-prefix=ZERO
// RUN: qcc-opt %s --qcc-quantize-blocks=bits=16 --split-input-file \
// RUN:   | FileCheck %s --check-prefix=BRAIN

// A scale for each 128 columns. bf16 is what 16 bits would be.
// CHECK-LABEL: @quantizes
// CHECK-SAME:    %{{[^:]*}}: tensor<8x256xf32>, %[[W:[^:]*]]:
// ZERO-LABEL:  @quantizes
// BRAIN-LABEL: @quantizes
func.func @quantizes(%x: tensor<8x256xf32>,
    %w: tensor<32x512xi8, #qcc.blocks<"bf16", 256>>, %extents: tensor<4xi64>)
    -> tensor<8x32xf32> {
  // CHECK:     %[[Q:.*]] = qcc.quantize_blocks %[[W]]
  // CHECK-SAME:  tensor<32x136xi8, #qcc.blocks<"int4_g128", 256>>
  // CHECK:     qcc.block_linear %{{[^ ]+}}, %[[Q]],
  // ZERO:      tensor<32x160xi8, #qcc.blocks<"int4_g64z", 256>>
  // BRAIN-NOT: qcc.quantize_blocks
  // BRAIN:     return
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x256xf32>, tensor<32x512xi8, #qcc.blocks<"bf16", 256>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}

// -----

// 96 is no multiple of 128 or 64; 40 of no group: its last one is filled.
// CHECK-LABEL: @divides_rows
// BRAIN-LABEL: @divides_rows
func.func @divides_rows(%x: tensor<8x96xf32>,
    %w: tensor<40x384xi8, #qcc.blocks<"f32", 96>>,
    %v: tensor<32x160xi8, #qcc.blocks<"f32", 40>>, %extents: tensor<4xi64>)
    -> tensor<8x32xf32> {
  // CHECK-DAG: qcc.quantize_blocks {{.*}} -> tensor<40x60xi8, #qcc.blocks<"int4_g32", 96>>
  // CHECK-DAG: qcc.quantize_blocks {{.*}} -> tensor<32x40xi8, #qcc.blocks<"int4_g32", 40>>
  // BRAIN-DAG: qcc.quantize_blocks {{.*}} -> tensor<40x192xi8, #qcc.blocks<"bf16", 96>>
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x96xf32>, tensor<40x384xi8, #qcc.blocks<"f32", 96>>,
         tensor<4xi64>) -> tensor<8x40xf32>
  %1 = qcc.block_linear %0, %v, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x40xf32>, tensor<32x160xi8, #qcc.blocks<"f32", 40>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %1 : tensor<8x32xf32>
}

// -----

// The head keeps 8 bits, which need no zero points, and the table of tokens
// that is the same matrix shares them.
// CHECK-LABEL: @spares_the_head
// CHECK-SAME:    %{{[^:]*}}: tensor<8xi32>, %[[W:[^:]*]]:
// ZERO-LABEL:  @spares_the_head
func.func @spares_the_head(%ids: tensor<8xi32>,
    %w: tensor<32x256xi8, #qcc.blocks<"f16", 128>>, %extents: tensor<4xi64>)
    -> tensor<8x32xf32> {
  // CHECK:     %[[Q:.*]] = qcc.quantize_blocks %[[W]]
  // CHECK-SAME:  tensor<32x132xi8, #qcc.blocks<"int8_g128", 128>>
  // CHECK-NOT: qcc.quantize_blocks
  // CHECK:     qcc.embed %{{[^ ]+}}, %[[Q]],
  // CHECK:     qcc.block_linear %{{[^ ]+}}, %[[Q]],
  // ZERO:      #qcc.blocks<"int8_g64", 128>
  %0 = qcc.embed %ids, %w, %extents {scale = 1.0 : f32}
      : (tensor<8xi32>, tensor<32x256xi8, #qcc.blocks<"f16", 128>>,
         tensor<4xi64>) -> tensor<8x128xf32>
  %1 = qcc.block_linear %0, %w, %extents
      {extent = 1 : i64, format = #qcc.row_format<f32>}
      : (tensor<8x128xf32>, tensor<32x256xi8, #qcc.blocks<"f16", 128>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %1 : tensor<8x32xf32>
}

// -----

// What the file has in integers is not rounded again.
// CHECK-LABEL: @keeps_integers
// CHECK-NOT:     qcc.quantize_blocks
// BRAIN-LABEL: @keeps_integers
// BRAIN-NOT:     qcc.quantize_blocks
func.func @keeps_integers(%x: tensor<8x64xf32>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>)
    -> tensor<8x32xf32> {
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}

// -----

// A table that no product reads is looked up as it is.
// CHECK-LABEL: @keeps_tables
// CHECK-NOT:     qcc.quantize_blocks
func.func @keeps_tables(%ids: tensor<8xi32>,
    %w: tensor<32x256xi8, #qcc.blocks<"f16", 128>>, %extents: tensor<4xi64>)
    -> tensor<8x128xf32> {
  %0 = qcc.embed %ids, %w, %extents {scale = 1.0 : f32}
      : (tensor<8xi32>, tensor<32x256xi8, #qcc.blocks<"f16", 128>>,
         tensor<4xi64>) -> tensor<8x128xf32>
  return %0 : tensor<8x128xf32>
}

// -----

// Experts are rounded, but not what picks them or opens the shared one.
// CHECK-LABEL: @keeps_routers
// BRAIN-LABEL: @keeps_routers
func.func @keeps_routers(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %router: tensor<3x256xi8, #qcc.blocks<"f32", 64>>,
    %gate: tensor<1x256xi8, #qcc.blocks<"f32", 64>>,
    %w: tensor<192x256xi8, #qcc.blocks<"f32", 64>>) -> tensor<8x64xf32> {
  // CHECK:     qcc.quantize_blocks {{.*}} -> tensor<192x36xi8, #qcc.blocks<"int4_g64", 64>>
  // CHECK-NOT: qcc.quantize_blocks
  // BRAIN:     qcc.quantize_blocks {{.*}} -> tensor<192x128xi8, #qcc.blocks<"bf16", 64>>
  // BRAIN-NOT: qcc.quantize_blocks
  %scores = qcc.block_linear %x, %router, %extents
      {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<3x256xi8, #qcc.blocks<"f32", 64>>,
         tensor<4xi64>) -> tensor<8x3xf32>
  %choices = qcc.choose_experts %scores, %extents
      {function = "softmax", used = 2 : i64}
      : (tensor<8x3xf32>, tensor<4xi64>) -> tensor<8x2x2xf32>
  %groups = qcc.group_rows %choices, %extents {experts = 3 : i64}
      : (tensor<8x2x2xf32>, tensor<4xi64>) -> tensor<26xi64>
  %places = qcc.block_linear %x, %w, %extents experts(%groups)
      {format = #qcc.row_format<f32>, slots = 2 : i64}
      : (tensor<8x64xf32>, tensor<192x256xi8, #qcc.blocks<"f32", 64>>,
         tensor<4xi64>, tensor<26xi64>) -> tensor<16x64xf32>
  %open = qcc.block_linear %x, %gate, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<1x256xi8, #qcc.blocks<"f32", 64>>,
         tensor<4xi64>) -> tensor<8x1xf32>
  %y = qcc.mix_rows %places, %choices, %extents shared(%x) gate(%open)
      : (tensor<16x64xf32>, tensor<8x2x2xf32>, tensor<4xi64>, tensor<8x64xf32>,
         tensor<8x1xf32>) -> tensor<8x64xf32>
  return %y : tensor<8x64xf32>
}
