// RUN: qcc-opt %S/Inputs/slice.mlir --qcc-lower-to-llvm=target=avx512 \
// RUN:   | FileCheck %s

// The whole way: nothing but the LLVM dialect is left, and the annotation of
// the loop around vpdpbusd sits on its latch.
// CHECK:     #[[LOOP:.*]] = #llvm.loop_annotation<
// CHECK-NOT: memref.
// CHECK-NOT: math.
// CHECK-NOT: unrealized
// CHECK:     llvm.func internal @dot
// CHECK:     vpdpbusd
// CHECK:     llvm.br {{.*}} {loop_annotation = #[[LOOP]]}
// CHECK:     llvm.func internal @dot_task
// CHECK:     llvm.func @qcc_entry_avx512
