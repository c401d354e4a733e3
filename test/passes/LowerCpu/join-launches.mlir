// RUN: qcc-opt %s --qcc-join-launches --split-input-file --verify-diagnostics \
// RUN:   | FileCheck %s

// Queries, keys and values read the same rows and write apart; what reads their
// results waits.
// CHECK-LABEL: func.func @main
// CHECK:       qcc.launch @q
// CHECK-NOT:   joined
// CHECK:       qcc.launch @k
// CHECK-SAME:  joined
// CHECK:       qcc.launch @v
// CHECK-SAME:  joined
// CHECK:       qcc.launch @o
// CHECK-NOT:   joined
func.func @main(%arena: memref<512xi8>, %weights: memref<0xi8>,
                %extents: memref<5xi64>) {
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %c192 = arith.constant 192 : index
  %x = memref.view %arena[%c0][] : memref<512xi8> to memref<16xf32>
  %q = memref.view %arena[%c64][] : memref<512xi8> to memref<16xf32>
  %k = memref.view %arena[%c128][] : memref<512xi8> to memref<16xf32>
  %v = memref.view %arena[%c192][] : memref<512xi8> to memref<16xf32>
  qcc.launch @q tasks 3 (%x, %extents, %q)
    {extent = array<i64: 1, 0, 1>, op_name = "q", kind = "qcc.block_linear",
     macs = 0 : i64, bytes = 0 : i64}
    : memref<16xf32>, memref<5xi64>, memref<16xf32>
  qcc.launch @k tasks 1 (%x, %extents, %k)
    {extent = array<i64: 1, 0, 1>, op_name = "k", kind = "qcc.block_linear",
     macs = 0 : i64, bytes = 0 : i64}
    : memref<16xf32>, memref<5xi64>, memref<16xf32>
  qcc.launch @v tasks 1 (%x, %extents, %v)
    {extent = array<i64: 1, 0, 1>, op_name = "v", kind = "qcc.block_linear",
     macs = 0 : i64, bytes = 0 : i64}
    : memref<16xf32>, memref<5xi64>, memref<16xf32>
  qcc.launch @o tasks 1 (%v, %extents, %x)
    {extent = array<i64: 1, 0, 1>, op_name = "o", kind = "qcc.block_linear",
     macs = 0 : i64, bytes = 0 : i64}
    : memref<16xf32>, memref<5xi64>, memref<16xf32>
  return
}

// -----

// Not what overwrites the rows that the one before still reads, nor a launch of
// another extent, nor one that may write more than its result.
// CHECK-LABEL: func.func @main
// CHECK-NOT:   joined
func.func @main(%arena: memref<512xi8>, %weights: memref<0xi8>,
                %extents: memref<5xi64>) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %c128 = arith.constant 128 : index
  %c192 = arith.constant 192 : index
  %x = memref.view %arena[%c0][] : memref<512xi8> to memref<16xf32>
  %over = memref.view %arena[%c32][] : memref<512xi8> to memref<16xf32>
  %y = memref.view %arena[%c128][] : memref<512xi8> to memref<16xf32>
  %z = memref.view %arena[%c192][] : memref<512xi8> to memref<16xf32>
  qcc.launch @a tasks 1 (%x, %extents, %y)
    {extent = array<i64: 1, 0, 1>, op_name = "a", kind = "qcc.block_linear",
     macs = 0 : i64, bytes = 0 : i64}
    : memref<16xf32>, memref<5xi64>, memref<16xf32>
  qcc.launch @b tasks 1 (%z, %extents, %over)
    {extent = array<i64: 1, 0, 1>, op_name = "b", kind = "qcc.block_linear",
     macs = 0 : i64, bytes = 0 : i64}
    : memref<16xf32>, memref<5xi64>, memref<16xf32>
  qcc.launch @c tasks 1 (%over, %extents, %y)
    {extent = array<i64: 1, 1, 1>, op_name = "c", kind = "qcc.block_linear",
     macs = 0 : i64, bytes = 0 : i64}
    : memref<16xf32>, memref<5xi64>, memref<16xf32>
  qcc.launch @d tasks 1 (%x, %extents, %z)
    {extent = array<i64: 1, 1, 1>, op_name = "d", kind = "qcc.cache_keys",
     macs = 0 : i64, bytes = 0 : i64}
    : memref<16xf32>, memref<5xi64>, memref<16xf32>
  return
}

// -----

// expected-error @below {{expected a function @main, but got none}}
module {
}
