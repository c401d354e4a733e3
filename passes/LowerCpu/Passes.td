// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The LowerCpu phase.

#ifndef QCC_LOWERCPU_PASSES_TD
#define QCC_LOWERCPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def EmitKernels : Pass<"qcc-emit-kernels", "::mlir::ModuleOp"> {
  let summary = "turn each op into a kernel and a launch of it";
  let description = [{
    Replaces every op of `@main` by a `qcc.launch` of a private function that
    computes one task of it in scf, arith, vector and memref ops. Ops of the
    same shapes, layouts and scheme share one kernel: weights and buffers are
    passed by pointer. Constants are gathered in the module attribute
    `qcc.weights`; `@main` takes the arena, the weights, inputs and outputs.

    Needs: every tensor has a `#qcc.buffer` encoding (`qcc-plan-memory`).
    Leaves: no tensors; `qcc.inputs`, `qcc.outputs`, `qcc.observed` describe
    what the library's table says.
  }];
  let options = [
    Option<"target", "target", "std::string", /*default=*/"\"avx512\"",
           "machine to emit for, as in --target=">
  ];
  let dependentDialects = [
    "::qcc::QccDialect", "::mlir::arith::ArithDialect",
    "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::math::MathDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"];
}

def JoinLaunches : Pass<"qcc-join-launches", "::mlir::ModuleOp"> {
  let summary = "let launches that follow each other run at the same time";
  let description = [{
    Marks a launch `joined` if it neither reads nor overwrites what the one
    before it, and those that one is joined to, write or read: the products of
    queries, keys and values; gate and up. Only products of blocks are looked
    at, which write nothing but their result.

    Needs: launches of `qcc-emit-kernels`. Leaves: their order.
  }];
}

#endif // QCC_LOWERCPU_PASSES_TD
