// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// No task does nothing.
func.func @launch_c1(%x: memref<64xi8>) {
  // expected-error @below {{expected at least 1 task, but got 0}}
  qcc.launch @conv_0 tasks 0 (%x)
      {op_name = "conv1", kind = "qcc.conv", macs = 0 : i64, bytes = 0 : i64}
      : memref<64xi8>
  return
}
