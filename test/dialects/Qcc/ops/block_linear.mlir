// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Logits: their rows are those of another extent.
// CHECK-LABEL: @head
func.func @head(%x: tensor<8x448xi8>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>,
    %b: tensor<32xf32>, %r: tensor<8x32xf32>) -> tensor<8x32xf32> {
  // CHECK: qcc.block_linear %{{[^ ]+}}, %{{[^ ]+}}, %{{[^ ]+}} bias(%{{[^ ]+}})
  // CHECK-SAME: residual(%{{[^ ]+}})
  // CHECK-SAME: {extent = 1 : i64, format = #qcc.row_format<q8_block32>,
  // CHECK-SAME:  scale = 5.000000e-01 : f32, soft_cap = 3.000000e+01 : f32}
  %0 = qcc.block_linear %x, %w, %extents bias(%b) residual(%r)
      {extent = 1 : i64, format = #qcc.row_format<q8_block32>,
       scale = 0.5 : f32, soft_cap = 30.0 : f32}
      : (tensor<8x448xi8>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>, tensor<32xf32>, tensor<8x32xf32>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}

// Defaults are not printed.
// CHECK-LABEL: @floats
func.func @floats(%x: tensor<8x64xf32>,
    %w: tensor<32x128xi8, #qcc.blocks<"bf16", 64>>, %extents: tensor<4xi64>)
    -> tensor<8x32xf32> {
  // CHECK: qcc.block_linear {{.*}} {format = #qcc.row_format<f32>} :
  %0 = qcc.block_linear %x, %w, %extents {format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<32x128xi8, #qcc.blocks<"bf16", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
  return %0 : tensor<8x32xf32>
}

// Two experts of 16 rows.
// CHECK-LABEL: @experts
func.func @experts(%x: tensor<8x64xf32>,
    %w: tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>, %extents: tensor<4xi64>,
    %g: tensor<23xi64>) -> tensor<16x16xf32> {
  // CHECK: qcc.block_linear {{.*}} experts(%{{[^ ]+}})
  // CHECK-SAME: {format = #qcc.row_format<f32>, slots = 2 : i64}
  %0 = qcc.block_linear %x, %w, %extents experts(%g)
      {format = #qcc.row_format<f32>, slots = 2 : i64}
      : (tensor<8x64xf32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>, tensor<23xi64>) -> tensor<16x16xf32>
  return %0 : tensor<16x16xf32>
}
