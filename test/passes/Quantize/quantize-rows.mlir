// RUN: qcc-opt %s --qcc-quantize-rows --split-input-file | FileCheck %s
// RUN: qcc-opt %s --qcc-quantize-rows=activations=per-token \
// RUN:   --split-input-file | FileCheck %s --check-prefix=TOKEN
// RUN: qcc-opt %s --qcc-quantize-rows=activations=bf16 \
// RUN:   --split-input-file 2>/dev/null | FileCheck %s --check-prefix=BRAIN
// RUN: qcc-opt %s --qcc-quantize-rows=activations=bf16 \
// RUN:   --split-input-file 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: qcc-opt %s --qcc-quantize-rows=activations=f32 --split-input-file \
// RUN:   | FileCheck %s --check-prefix=FLOAT

// REMARK: remark: no product has weights of bf16, so that activations of bf16

// The norm writes codes, once for both products.
// CHECK-LABEL: @quantizes_norms
// TOKEN-LABEL: @quantizes_norms
// FLOAT-LABEL: @quantizes_norms
func.func @quantizes_norms(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %n: tensor<64xf32>, %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>)
    -> (tensor<8x32xf32>, tensor<8x32xf32>) {
  // CHECK:     %[[ROWS:.*]] = qcc.norm_rows
  // CHECK-SAME:  #qcc.row_format<q8_block32>} {{.*}} -> tensor<8x448xi8>
  // CHECK-NOT: qcc.norm_rows
  // CHECK:     qcc.block_linear %[[ROWS]], {{.*}} {format = #qcc.row_format<q8_block32>}
  // CHECK:     qcc.block_linear %[[ROWS]], {{.*}} {format = #qcc.row_format<q8_block32>}
  // BRAIN:     qcc.norm_rows {{.*}} #qcc.row_format<q8_block32>}
  // TOKEN:     qcc.norm_rows {{.*}} #qcc.row_format<q8_token>}
  // TOKEN:     qcc.block_linear {{.*}} #qcc.row_format<q8_token>}
  // FLOAT:     qcc.norm_rows {{.*}} #qcc.row_format<f32>}
  // FLOAT:     qcc.block_linear {{.*}} #qcc.row_format<f32>}
  %0 = qcc.norm_rows %x, %extents weight(%n)
      {epsilon = 1.0e-5 : f32, format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<64xf32>) -> tensor<8x64xf32>
  %1 = qcc.block_linear %0, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  %2 = qcc.block_linear %0, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %1, %2 : tensor<8x32xf32>, tensor<8x32xf32>
}

// -----

// Blocks of 256 columns have activations of 256. Who reads floats still does.
// CHECK-LABEL: @keeps_other_readers
func.func @keeps_other_readers(%x: tensor<8x256xf32>, %extents: tensor<4xi64>,
    %w: tensor<32x144xi8, #qcc.blocks<"q4_k", 256>>)
    -> (tensor<8x32xf32>, tensor<8x256xf32>) {
  // CHECK:     %[[FLOATS:.*]] = qcc.gate_rows {{.*}} #qcc.row_format<f32>, function = "relu"}
  // CHECK:     %[[CODES:.*]] = qcc.gate_rows
  // CHECK-SAME:  #qcc.row_format<q8_block256>, function = "relu"}
  // CHECK:     qcc.block_linear %[[CODES]],
  // CHECK:     return %{{[^,]+}}, %[[FLOATS]]
  %0 = qcc.gate_rows %x, %extents
      {format = #qcc.row_format<f32>, function = "relu"}
      : (tensor<8x256xf32>, tensor<4xi64>) -> tensor<8x256xf32>
  %1 = qcc.block_linear %0, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x256xf32>, tensor<32x144xi8, #qcc.blocks<"q4_k", 256>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %1, %0 : tensor<8x32xf32>, tensor<8x256xf32>
}

// -----

// Rows of another op are quantized by an op of their own.
// CHECK-LABEL: @quantizes_arguments
// CHECK-SAME:    %[[X:[^:]*]]: tensor<8x64xf32>, %[[EXTENTS:[^:]*]]:
func.func @quantizes_arguments(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>) -> tensor<8x32xf32> {
  // CHECK: %[[ROWS:.*]] = qcc.gate_rows %[[X]], %[[EXTENTS]] {format = #qcc.row_format<q8_block32>}
  // CHECK: qcc.block_linear %[[ROWS]],
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}

// -----

// Float weights want float rows, but those of bf16 may have rows of bf16.
// CHECK-LABEL: @keeps_floats
// TOKEN-LABEL: @keeps_floats
// BRAIN-LABEL: @keeps_floats
func.func @keeps_floats(%x: tensor<8x64xf32>, %extents: tensor<4xi64>,
    %w: tensor<32x128xi8, #qcc.blocks<"bf16", 64>>) -> tensor<8x32xf32> {
  // CHECK-NOT: qcc.gate_rows
  // CHECK:     qcc.block_linear {{.*}} #qcc.row_format<f32>}
  // TOKEN-NOT: qcc.gate_rows
  // TOKEN:     return
  // BRAIN:     %[[ROWS:.*]] = qcc.gate_rows
  // BRAIN-SAME:  {format = #qcc.row_format<bf16>} {{.*}} -> tensor<8x128xi8>
  // BRAIN:     qcc.block_linear %[[ROWS]], {{.*}} {format = #qcc.row_format<bf16>}
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x128xi8, #qcc.blocks<"bf16", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}

// -----

// Already what it would be.
// CHECK-LABEL: @keeps_quantized
// CHECK-NOT:     qcc.gate_rows
func.func @keeps_quantized(%x: tensor<8x448xi8>, %extents: tensor<4xi64>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>) -> tensor<8x32xf32> {
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<q8_block32>}
      : (tensor<8x448xi8>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}

// -----

// Rows of places are as many for each row of the run as the product has slots.
// CHECK-LABEL: @quantizes_places
// FLOAT-LABEL: @quantizes_places
func.func @quantizes_places(%x: tensor<16x64xf32>, %groups: tensor<26xi64>,
    %w: tensor<96x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>)
    -> tensor<16x32xf32> {
  // CHECK:      %[[ROWS:.*]] = qcc.gate_rows
  // CHECK-SAME:   {format = #qcc.row_format<q8_block32>, slots = 2 : i64}
  // CHECK:      qcc.block_linear %[[ROWS]],
  // FLOAT-NOT:  qcc.gate_rows
  %0 = qcc.block_linear %x, %w, %extents experts(%groups)
      {format = #qcc.row_format<f32>, slots = 2 : i64}
      : (tensor<16x64xf32>, tensor<96x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>, tensor<26xi64>) -> tensor<16x32xf32>
  return %0 : tensor<16x32xf32>
}
