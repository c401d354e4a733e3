// RUN: qcc-opt %s --qcc-define-tasks --split-input-file --verify-diagnostics \
// RUN:   | FileCheck %s

// The kernel keeps its own signature and is inlined into the task.
// CHECK: llvm.func internal @copy({{.*}}) attributes {always_inline}
llvm.func @copy(%task: i64, %x: !llvm.ptr {llvm.noalias},
                %y: !llvm.ptr {llvm.noalias}) {
  llvm.return
}
// CHECK: llvm.func internal @copy_task(%[[LIST:.*]]: !llvm.ptr, %[[TASK:[^:]*]]: i64,
// CHECK:   %[[X:.*]] = llvm.load
// CHECK:   %[[SLOT:.*]] = llvm.getelementptr %[[LIST]][1]
// CHECK:   %[[Y:.*]] = llvm.load %[[SLOT]]
// CHECK:   llvm.call @copy(%[[TASK]], %[[X]], %[[Y]])
llvm.func @copy_task(!llvm.ptr, i64, !llvm.ptr) attributes {qcc.task_of = @copy}

// The memory of the thread is the last argument of kernels that use it, and
// stands in no list.
// CHECK: llvm.func internal @sort_task(%[[LIST:[^:]*]]: !llvm.ptr, %[[TASK:[^:]*]]: i64,
// CHECK-SAME: %[[SCRATCH:[^:]*]]: !llvm.ptr)
// CHECK:   %[[SLOT:.*]] = llvm.getelementptr %[[LIST]][0]
// CHECK:   %[[X:.*]] = llvm.load %[[SLOT]]
// CHECK-NOT: llvm.load
// CHECK:   llvm.call @sort(%[[TASK]], %[[X]], %[[SCRATCH]])
llvm.func @sort(%task: i64, %x: !llvm.ptr, %scratch: !llvm.ptr)
    attributes {qcc.uses_scratch} {
  llvm.return
}
llvm.func @sort_task(!llvm.ptr, i64, !llvm.ptr) attributes {qcc.task_of = @sort}

// Other declarations are the runtime's.
// CHECK: llvm.func @keeps_others(!llvm.ptr)
llvm.func @keeps_others(!llvm.ptr)

// -----

// expected-error @below {{expected a kernel with a body named @gone, but got none}}
llvm.func @gone_task(!llvm.ptr, i64, !llvm.ptr) attributes {qcc.task_of = @gone}
