// RUN: qcc-opt %s --split-input-file --verify-diagnostics

// No task does nothing.
func.func @launch_c1(%x: memref<64xi8>) {
  // expected-error @below {{expected at least 1 task, but got 0}}
  qcc.launch @conv_0 tasks 0 (%x)
      {op_name = "conv1", kind = "qcc.conv", macs = 0 : i64, bytes = 0 : i64}
      : memref<64xi8>
  return
}

// -----

// The second of one buffer.
func.func @launch_c2(%x: memref<64xi8>) {
  // expected-error @below {{expected an extent [buffer, element, unit], but got}}
  qcc.launch @conv_0 tasks 1 (%x)
      {extent = array<i64: 1, 0, 1>, op_name = "conv1", kind = "qcc.conv",
       macs = 0 : i64, bytes = 0 : i64}
      : memref<64xi8>
  return
}

// -----

// All three numbers.
func.func @launch_c2_count(%x: memref<64xi8>) {
  // expected-error @below {{expected an extent [buffer, element, unit], but got}}
  qcc.launch @conv_0 tasks 1 (%x)
      {extent = array<i64: 0, 0>, op_name = "conv1", kind = "qcc.conv",
       macs = 0 : i64, bytes = 0 : i64}
      : memref<64xi8>
  return
}

// -----

// Before the first element.
func.func @launch_c2_element(%x: memref<64xi8>) {
  // expected-error @below {{expected an extent [buffer, element, unit], but got}}
  qcc.launch @conv_0 tasks 1 (%x)
      {extent = array<i64: 0, -1, 1>, op_name = "conv1", kind = "qcc.conv",
       macs = 0 : i64, bytes = 0 : i64}
      : memref<64xi8>
  return
}

// -----

// Tasks for each 0 rows.
func.func @launch_c2_unit(%x: memref<64xi8>) {
  // expected-error @below {{expected an extent [buffer, element, unit], but got}}
  qcc.launch @conv_0 tasks 1 (%x)
      {extent = array<i64: 0, 0, 0>, op_name = "conv1", kind = "qcc.conv",
       macs = 0 : i64, bytes = 0 : i64}
      : memref<64xi8>
  return
}

// -----

// The second of one buffer.
func.func @launch_c4(%x: memref<64xi8>) {
  // expected-error @below {{expected to stream one of 1 buffers, but got number 1}}
  qcc.launch @conv_0 tasks 1 (%x)
      {streams = 1 : i64, op_name = "conv1", kind = "qcc.conv", macs = 0 : i64,
       bytes = 0 : i64}
      : memref<64xi8>
  return
}
