// RUN: qcc-opt %s --qcc-attach-loop-annotations --mlir-print-op-generic \
// RUN:   | FileCheck %s

#unroll = #llvm.loop_unroll<disable = true>
#loop = #llvm.loop_annotation<unroll = #unroll>

// The attribute becomes a property, which translation reads.
// CHECK: "llvm.br"(%{{.*}})[^{{.*}}] <{loop_annotation = #{{.*}}}>
llvm.func @attaches_to_branch(%n: i64) {
  llvm.br ^header(%n : i64)
^header(%i: i64):
  llvm.br ^header(%i : i64) {llvm.loop_annotation = #loop}
}

// CHECK: "llvm.cond_br"(%{{.*}})[^{{.*}}] <{loop_annotation = #{{.*}},
llvm.func @attaches_to_conditional_branch(%c: i1) {
  llvm.br ^header
^header:
  llvm.cond_br %c, ^header, ^exit {llvm.loop_annotation = #loop}
^exit:
  llvm.return
}
