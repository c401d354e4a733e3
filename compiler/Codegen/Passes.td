// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The passes that lead from kernels and launches to the LLVM dialect.

#ifndef QCC_CODEGEN_PASSES_TD
#define QCC_CODEGEN_PASSES_TD

include "mlir/Pass/PassBase.td"

def AnnotateLoops : Pass<"qcc-annotate-loops"> {
  let summary = "turn qcc.no_unroll on loops into LLVM's loop annotation";
  let description = [{
    A loop marked `qcc.no_unroll` is a micro-kernel whose registers are counted:
    unrolled by LLVM it would spill. The mark becomes an annotation that the
    lowering of scf carries along.

    Needs: nothing. Leaves: no `qcc.no_unroll`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def ApproximateMath : Pass<"qcc-approximate-math"> {
  let summary = "replace functions that LLVM would call libm for";
  let description = [{
    `exp`, `tanh`, `erf` and the like become polynomials in f32, for scalars and
    vectors; a compiled library calls no libm. What stays are the ops the
    machine has an instruction for (`sqrt`, `fma`, `floor`, `roundeven`, ...);
    any other op is an error.

    Needs: nothing. Leaves: no math op without an instruction.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect",
                           "::mlir::vector::VectorDialect"];
}

def AttachLoopAnnotations : Pass<"qcc-attach-loop-annotations"> {
  let summary = "make loop annotations part of the branches they sit on";
  let description = [{
    The lowering of scf leaves `llvm.loop_annotation` on the latch as an
    attribute of no meaning, which the translation to LLVM drops. This moves it
    to where the translation looks.

    Needs: branches of the LLVM dialect. Leaves: no discardable
    `llvm.loop_annotation`.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def DefineTasks : Pass<"qcc-define-tasks", "::mlir::ModuleOp"> {
  let summary = "give each task function its body";
  let description = [{
    A task function has the one signature the runtime knows,
    `void (ptr args, i64 task)`. It loads the buffers and calls the kernel,
    which is inlined into it; the kernel's own arguments keep their promise not
    to alias.

    Needs: task declarations of `qcc-lower-launches`, kernels as `llvm.func`.
    Leaves: no declaration of a task, kernels internal.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def LowerLaunches : Pass<"qcc-lower-launches", "::mlir::ModuleOp"> {
  let summary = "turn main into the entry that the runtime calls";
  let description = [{
    `main` becomes
    `void qcc_entry_<target>(ptr run, ptr arena, ptr weights, ptr inputs,
    ptr outputs)`; each launch stores the addresses of its buffers to one list
    on the stack and calls `qcc_rt_launch`. A kernel's argument is marked
    `llvm.noalias` if no launch gives it bytes that another argument covers.

    Needs: a `main` of constant views and launches only. Leaves: no
    `qcc.launch`, no `main`, a task declaration for each kernel.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
  let options = [
    Option<"target", "target", "std::string", "\"avx512\"",
           "the target's name, the end of the entry's symbol">
  ];
}

#endif // QCC_CODEGEN_PASSES_TD
