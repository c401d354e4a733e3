// RUN: qcc-opt %s --qcc-define-tasks --split-input-file --verify-diagnostics \
// RUN:   | FileCheck %s

// The kernel keeps its own signature and is inlined into the task.
// CHECK: llvm.func internal @copy({{.*}}) attributes {always_inline}
llvm.func @copy(%task: i64, %x: !llvm.ptr {llvm.noalias},
                %y: !llvm.ptr {llvm.noalias}) {
  llvm.return
}
// CHECK: llvm.func internal @copy_task(%[[LIST:.*]]: !llvm.ptr, %[[TASK:.*]]: i64)
// CHECK:   %[[X:.*]] = llvm.load
// CHECK:   %[[SLOT:.*]] = llvm.getelementptr %[[LIST]][1]
// CHECK:   %[[Y:.*]] = llvm.load %[[SLOT]]
// CHECK:   llvm.call @copy(%[[TASK]], %[[X]], %[[Y]])
llvm.func @copy_task(!llvm.ptr, i64) attributes {qcc.task_of = @copy}

// Other declarations are the runtime's.
// CHECK: llvm.func @keeps_others(!llvm.ptr)
llvm.func @keeps_others(!llvm.ptr)

// -----

// expected-error @below {{expected a kernel with a body named @gone, but got none}}
llvm.func @gone_task(!llvm.ptr, i64) attributes {qcc.task_of = @gone}
