// RUN: qcc-opt %s --qcc-lower-launches=target=avx2 --split-input-file \
// RUN:   --verify-diagnostics | FileCheck %s

// Joined launches are one for the runtime: the buffers of the second lie behind
// those of the first, and of each unit's five tasks the first three are @a's.
// CHECK-LABEL: module @joined
module @joined attributes {qcc.inputs = [{name = "extents"}]} {
  func.func private @a(%task: index, %extents: memref<4xi64>,
                       %y: memref<16xf32>) {
    return
  }
  func.func private @b(%task: index, %extents: memref<4xi64>,
                       %y: memref<16xf32>) {
    return
  }
  // CHECK: llvm.func @qcc_entry_avx2(
  // CHECK:     llvm.alloca %{{.*}} x !llvm.ptr
  // CHECK:     llvm.mlir.addressof @joined_1_task
  // CHECK:     llvm.mlir.constant(5 : i64)
  // CHECK:     llvm.call @qcc_rt_launch
  // CHECK-NOT: llvm.call @qcc_rt_launch
  // CHECK:     llvm.return
  // CHECK:  llvm.func internal @joined_1_task(%[[LIST:[^:]*]]: !llvm.ptr, %[[TASK:[^:]*]]: i64,
  // CHECK-DAG: %[[FIVE:.*]] = llvm.mlir.constant(5 : i64)
  // CHECK-DAG: %[[UNIT:.*]] = llvm.udiv %[[TASK]], %[[FIVE]]
  // CHECK-DAG: %[[REST:.*]] = llvm.urem %[[TASK]], %[[FIVE]]
  // CHECK:     %[[IS:.*]] = llvm.icmp "ult" %[[REST]],
  // CHECK:     llvm.cond_br %[[IS]]
  // CHECK:     %[[BEFORE:.*]] = llvm.mul %[[UNIT]],
  // CHECK:     %[[OWN:.*]] = llvm.add %[[BEFORE]], %[[REST]]
  // CHECK:     llvm.call @a_task(%{{[^,]*}}, %[[OWN]],
  // CHECK:     llvm.sub %[[REST]],
  // CHECK:     %[[SECOND:.*]] = llvm.getelementptr %[[LIST]][2]
  // CHECK:     llvm.call @b_task(%[[SECOND]],
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>,
                  %extents: memref<4xi64>) {
    %c0 = arith.constant 0 : index
    %c64 = arith.constant 64 : index
    %y = memref.view %arena[%c0][] : memref<256xi8> to memref<16xf32>
    %z = memref.view %arena[%c64][] : memref<256xi8> to memref<16xf32>
    qcc.launch @a tasks 3 (%extents, %y)
      {extent = array<i64: 0, 0, 1>, op_name = "a", kind = "qcc.block_linear",
       macs = 0 : i64, bytes = 0 : i64} : memref<4xi64>, memref<16xf32>
    qcc.launch @b tasks 2 (%extents, %z)
      {extent = array<i64: 0, 0, 1>, joined, op_name = "b",
       kind = "qcc.block_linear", macs = 0 : i64, bytes = 0 : i64}
      : memref<4xi64>, memref<16xf32>
    return
  }
}

// -----

module attributes {qcc.inputs = []} {
  func.func private @a(%task: index, %y: memref<256xi8>) {
    return
  }
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>) {
    // expected-error @below {{expected a launch before a joined one, but got none}}
    qcc.launch @a tasks 1 (%arena)
      {joined, op_name = "a", kind = "b", macs = 0 : i64, bytes = 0 : i64}
      : memref<256xi8>
    return
  }
}

// -----

// The same place in another buffer is another extent.
module attributes {qcc.inputs = [{name = "a"}, {name = "b"}]} {
  func.func private @a(%task: index, %extents: memref<4xi64>) {
    return
  }
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>,
                  %first: memref<4xi64>, %second: memref<4xi64>) {
    qcc.launch @a tasks 1 (%first)
      {extent = array<i64: 0, 0, 1>, op_name = "a", kind = "b",
       macs = 0 : i64, bytes = 0 : i64} : memref<4xi64>
    // expected-error @below {{joined to, but got another}}
    qcc.launch @a tasks 1 (%second)
      {extent = array<i64: 0, 0, 1>, joined, op_name = "a", kind = "b",
       macs = 0 : i64, bytes = 0 : i64} : memref<4xi64>
    return
  }
}

// -----

module attributes {qcc.inputs = []} {
  func.func private @a(%task: index, %y: memref<?xi8>) {
    return
  }
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>) {
    %c8 = arith.constant 8 : index
    %y = memref.view %arena[%c8][%c8] : memref<256xi8> to memref<?xi8>
    // expected-error @below {{expected buffers that are constant views of main's}}
    qcc.launch @a tasks 1 (%y)
      {op_name = "a", kind = "b", macs = 0 : i64, bytes = 0 : i64}
      : memref<?xi8>
    return
  }
}
