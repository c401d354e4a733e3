// RUN: qcc-opt %s | qcc-opt | FileCheck %s

// Kernel, tasks, buffers, then what profiles say.
// CHECK-LABEL: @on_buffers
func.func @on_buffers(%x: memref<64xi8>) {
  // CHECK: qcc.launch @conv_0 tasks 8(%{{[^ ]+}}) {bytes = 0 : i64, kind = "qcc.conv",
  qcc.launch @conv_0 tasks 8 (%x) {bytes = 0 : i64, kind = "qcc.conv",
      macs = 0 : i64, op_name = "conv1"} : memref<64xi8>
  return
}
