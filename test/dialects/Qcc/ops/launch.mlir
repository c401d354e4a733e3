// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Kernel, tasks, buffers, then what profiles say.
// CHECK-LABEL: @on_buffers
func.func @on_buffers(%x: memref<64xi8>) {
  // CHECK: qcc.launch @conv_0 tasks 8(%{{[^ ]+}}) {bytes = 0 : i64, kind = "qcc.conv",
  qcc.launch @conv_0 tasks 8 (%x) {bytes = 0 : i64, kind = "qcc.conv",
      macs = 0 : i64, op_name = "conv1"} : memref<64xi8>
  return
}

// Weights that may be fetched ahead.
// CHECK-LABEL: @streams
func.func @streams(%x: memref<64xi8>, %weights: memref<256xi8>) {
  // CHECK: streams = 1 : i64
  qcc.launch @rows tasks 2 (%x, %weights) {bytes = 0 : i64,
      kind = "qcc.block_linear", macs = 0 : i64, op_name = "query",
      streams = 1 : i64} : memref<64xi8>, memref<256xi8>
  return
}

// As many tasks as the numbers of a run say.
// CHECK-LABEL: @for_rows
func.func @for_rows(%x: memref<64xi8>, %extents: memref<4xi64>) {
  // CHECK: extent = array<i64: 1, 0, 16>
  qcc.launch @rows tasks 2 (%x, %extents) {bytes = 0 : i64,
      extent = array<i64: 1, 0, 16>, kind = "qcc.norm_rows", macs = 0 : i64,
      op_name = "norm"} : memref<64xi8>, memref<4xi64>
  return
}
