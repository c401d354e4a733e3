// RUN: qcc-opt %s --qcc-annotate-loops | FileCheck %s

// The mark of a micro-kernel becomes what LLVM understands.
// CHECK:       #[[UNROLL:.*]] = #llvm.loop_unroll<disable = true>
// CHECK:       #[[LOOP:.*]] = #llvm.loop_annotation<{{.*}}unroll = #[[UNROLL]]>
// CHECK-LABEL: @annotates_marked
func.func @annotates_marked(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK:     scf.for
  // CHECK:     } {llvm.loop_annotation = #[[LOOP]]}
  // CHECK-NOT: qcc.no_unroll
  scf.for %i = %c0 to %n step %c1 {
  } {qcc.no_unroll}
  return
}

// Any other loop is LLVM's to unroll.
// CHECK-LABEL: @keeps_unmarked
func.func @keeps_unmarked(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK:     scf.for
  // CHECK-NOT: loop_annotation
  scf.for %i = %c0 to %n step %c1 {
  }
  return
}
