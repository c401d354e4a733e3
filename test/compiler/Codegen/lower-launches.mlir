// RUN: qcc-opt %s --qcc-lower-launches=target=avx2 --split-input-file \
// RUN:   --verify-diagnostics | FileCheck %s

// The entry computes addresses from its base pointers and launches in order.
// CHECK-LABEL: module
module attributes {qcc.inputs = [{name = "x"}]} {
  // Buffers that no launch overlaps cannot alias.
  // CHECK:      func.func private @double(%{{.*}}: index,
  // CHECK-SAME:   %{{.*}}: memref<16xf32> {llvm.noalias},
  // CHECK-SAME:   %{{.*}}: memref<16xf32> {llvm.noalias})
  func.func private @double(%task: index, %x: memref<16xf32>,
                            %y: memref<16xf32>) {
    return
  }
  // CHECK: llvm.func @qcc_rt_launch(!llvm.ptr, i32, !llvm.ptr, !llvm.ptr, i64)
  // CHECK: llvm.func @double_task(!llvm.ptr, i64, !llvm.ptr) attributes {qcc.task_of = @double}
  // CHECK: llvm.func @qcc_entry_avx2(
  // CHECK-SAME: %[[CALL:[^:]*]]: !llvm.ptr, %[[ARENA:[^:]*]]: !llvm.ptr,
  // CHECK-SAME: %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr)
  // CHECK:   %[[LIST:.*]] = llvm.alloca
  // CHECK:   %[[X:.*]] = llvm.load
  // CHECK:   llvm.store %[[X]]
  // CHECK:   %[[OFFSET:.*]] = llvm.mlir.constant(64 : i64)
  // CHECK:   llvm.getelementptr %[[ARENA]][%[[OFFSET]]]
  // CHECK:   %[[TASK:.*]] = llvm.mlir.addressof @double_task
  // CHECK:   %[[INDEX:.*]] = llvm.mlir.constant(0 : i32)
  // CHECK:   %[[TASKS:.*]] = llvm.mlir.constant(3 : i64)
  // CHECK:   llvm.call @qcc_rt_launch(%[[CALL]], %[[INDEX]], %[[TASK]], %[[LIST]], %[[TASKS]])
  // CHECK:   llvm.mlir.constant(1 : i32)
  // CHECK:   llvm.call @qcc_rt_launch
  // CHECK:   llvm.return
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>,
                  %x: memref<16xf32>, %y: memref<16xf32>) {
    %c64 = arith.constant 64 : index
    %t = memref.view %arena[%c64][] : memref<256xi8> to memref<16xf32>
    qcc.launch @double tasks 3 (%x, %t)
      {op_name = "a", kind = "qcc.binary", macs = 0 : i64, bytes = 0 : i64}
      : memref<16xf32>, memref<16xf32>
    qcc.launch @double tasks 1 (%t, %y)
      {op_name = "b", kind = "qcc.binary", macs = 0 : i64, bytes = 0 : i64}
      : memref<16xf32>, memref<16xf32>
    return
  }
}

// -----

// One launch in place takes the promise away from both arguments.
module attributes {qcc.inputs = []} {
  // CHECK:      func.func private @add(%{{.*}}: index, %{{[^:]*}}: memref<16xf32>,
  // CHECK-SAME:   %{{[^:]*}}: memref<16xf32>, %{{[^:]*}}: memref<4xf32> {llvm.noalias})
  func.func private @add(%task: index, %x: memref<16xf32>, %y: memref<16xf32>,
                         %z: memref<4xf32>) {
    return
  }
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>) {
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %c128 = arith.constant 128 : index
    %x = memref.view %arena[%c0][] : memref<256xi8> to memref<16xf32>
    %y = memref.view %arena[%c32][] : memref<256xi8> to memref<16xf32>
    %z = memref.view %arena[%c128][] : memref<256xi8> to memref<4xf32>
    qcc.launch @add tasks 1 (%x, %y, %z)
      {op_name = "a", kind = "qcc.binary", macs = 0 : i64, bytes = 0 : i64}
      : memref<16xf32>, memref<16xf32>, memref<4xf32>
    return
  }
}

// -----

// Two tasks for each three rows, of which the run's first number says how many:
// 2 * ((rows + 2) / 3). The kernel's last argument is memory of the thread.
// CHECK-LABEL: module @counts
module @counts attributes {qcc.inputs = [{name = "extents"}]} {
  func.func private @rows(%task: index, %extents: memref<4xi64>,
                          %scratch: memref<64xi8>)
      attributes {qcc.uses_scratch} {
    return
  }
  // CHECK: llvm.func @qcc_entry_avx2(
  // CHECK-SAME:    !llvm.ptr, %{{[^:]*}}: !llvm.ptr, %{{[^:]*}}: !llvm.ptr,
  // CHECK-SAME:    %[[INPUTS:[^:]*]]:
  // CHECK:   %[[SLOT:.*]] = llvm.getelementptr %[[INPUTS]][0]
  // CHECK:   %[[EXTENTS:.*]] = llvm.load %[[SLOT]]
  // CHECK:   %[[EIGHT:.*]] = llvm.mlir.constant(8 : i64)
  // CHECK:   %[[PLACE:.*]] = llvm.getelementptr %[[EXTENTS]][%[[EIGHT]]]
  // CHECK:   %[[ROWS:.*]] = llvm.load %[[PLACE]] : !llvm.ptr -> i64
  // CHECK:   %[[ROUNDED:.*]] = llvm.add %[[ROWS]],
  // CHECK:   %[[UNITS:.*]] = llvm.sdiv %[[ROUNDED]],
  // CHECK:   %[[TASKS:.*]] = llvm.mul %[[UNITS]],
  // CHECK:   llvm.call @qcc_rt_launch(%{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %{{[^,]*}}, %[[TASKS]])
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>,
                  %extents: memref<4xi64>) {
    qcc.launch @rows tasks 2 (%extents)
      {extent = array<i64: 0, 1, 3>, op_name = "a", kind = "qcc.norm_rows",
       macs = 0 : i64, bytes = 0 : i64} : memref<4xi64>
    return
  }
}

// -----

// Before a launch that streams weights, what the next one streams: two joined
// ones whose weights lie behind each other, then the first one's again, for the
// next run. The norm between streams nothing.
// CHECK-LABEL: module @streams
module @streams attributes {qcc.inputs = []} {
  func.func private @rows(%task: index, %x: memref<64xi8>,
                          %w: memref<100xi8>) {
    return
  }
  // CHECK: llvm.func @qcc_entry_avx2(%[[CALL:[^:]*]]: !llvm.ptr,
  // CHECK-SAME:    %{{[^:]*}}: !llvm.ptr, %[[WEIGHTS:[^:]*]]: !llvm.ptr,
  // CHECK:   %[[FIRST:.*]] = llvm.mlir.constant(128 : i64)
  // CHECK:   %[[NEXT:.*]] = llvm.getelementptr %[[WEIGHTS]][%[[FIRST]]]
  // CHECK:   %[[BYTES:.*]] = llvm.mlir.constant(228 : i64)
  // CHECK:   %[[TASKS:.*]] = llvm.mlir.constant(5 : i64)
  // CHECK:   llvm.call @qcc_rt_expect(%[[CALL]], %[[NEXT]], %[[BYTES]], %[[TASKS]])
  // CHECK:   llvm.call @qcc_rt_launch
  // CHECK-NOT: qcc_rt_expect
  // CHECK:   llvm.call @qcc_rt_launch
  // CHECK:   %[[SIZE:.*]] = llvm.mlir.constant(100 : i64)
  // CHECK:   %[[ALONE:.*]] = llvm.mlir.constant(7 : i64)
  // CHECK:   llvm.call @qcc_rt_expect(%[[CALL]], %[[WEIGHTS]], %[[SIZE]], %[[ALONE]])
  // CHECK:   llvm.call @qcc_rt_launch
  // CHECK-NOT: llvm.call
  // CHECK:   llvm.return
  func.func @main(%arena: memref<256xi8>, %weights: memref<512xi8>) {
    %c0 = arith.constant 0 : index
    %c128 = arith.constant 128 : index
    %c256 = arith.constant 256 : index
    %x = memref.view %arena[%c0][] : memref<256xi8> to memref<64xi8>
    %a = memref.view %weights[%c0][] : memref<512xi8> to memref<100xi8>
    %b = memref.view %weights[%c128][] : memref<512xi8> to memref<100xi8>
    %c = memref.view %weights[%c256][] : memref<512xi8> to memref<100xi8>
    qcc.launch @rows tasks 7 (%x, %a)
      {op_name = "a", kind = "qcc.block_linear", macs = 0 : i64,
       bytes = 0 : i64, streams = 1 : i64} : memref<64xi8>, memref<100xi8>
    qcc.launch @rows tasks 1 (%x, %a)
      {op_name = "n", kind = "qcc.norm_rows", macs = 0 : i64,
       bytes = 0 : i64} : memref<64xi8>, memref<100xi8>
    qcc.launch @rows tasks 2 (%x, %b)
      {op_name = "b", kind = "qcc.block_linear", macs = 0 : i64,
       bytes = 0 : i64, streams = 1 : i64} : memref<64xi8>, memref<100xi8>
    qcc.launch @rows tasks 3 (%x, %c)
      {op_name = "c", kind = "qcc.block_linear", joined, macs = 0 : i64,
       bytes = 0 : i64, streams = 1 : i64} : memref<64xi8>, memref<100xi8>
    return
  }
}

// -----

// Scratch memory is none of the buffers.
module attributes {qcc.inputs = []} {
  func.func private @rows(%task: index, %x: memref<256xi8>,
                          %scratch: memref<64xi8>)
      attributes {qcc.uses_scratch} {
    return
  }
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>) {
    // expected-error @below {{expected 1 buffers for @rows, but got 2}}
    qcc.launch @rows tasks 1 (%arena, %arena)
      {op_name = "a", kind = "b", macs = 0 : i64, bytes = 0 : i64}
      : memref<256xi8>, memref<256xi8>
    return
  }
}

// -----

module attributes {qcc.inputs = []} {
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>) {
    // expected-error @below {{expected views and launches only in main}}
    %0 = memref.alloc() : memref<4xf32>
    return
  }
}

// -----

module attributes {qcc.inputs = []} {
  func.func @main(%arena: memref<256xi8>, %weights: memref<0xi8>) {
    // expected-error @below {{expected a kernel named @missing, but got none}}
    qcc.launch @missing tasks 1 (%arena)
      {op_name = "a", kind = "b", macs = 0 : i64, bytes = 0 : i64}
      : memref<256xi8>
    return
  }
}
