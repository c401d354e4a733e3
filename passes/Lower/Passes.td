// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The Lower phase.

#ifndef QCC_LOWER_PASSES_TD
#define QCC_LOWER_PASSES_TD

include "mlir/Pass/PassBase.td"

def ChainLayers : Pass<"qcc-chain-layers"> {
  let summary = "mark depthwise convolutions to compute with what follows";
  let description = [{
    Gives `qcc.packed_depthwise` the attribute `qcc.chained` where a pointwise
    `qcc.packed_conv` alone reads it and both can be computed row by row in one
    launch: the rows between them stay in the core's first cache, and threads
    meet once instead of twice. It pays where the pointwise weights are fewer
    than the pixels and rows are whole tiles.

    Needs: a packed graph. Leaves: marks, which `qcc-plan-memory` and
    `qcc-emit-kernels` heed.
  }];
  let options = [
    Option<"target", "target", "std::string", "\"avx512\"",
           "the target that kernels are for">
  ];
  let dependentDialects = ["::qcc::QccDialect"];
}

def FuseElementwise : Pass<"qcc-fuse-elementwise", "::mlir::func::FuncOp"> {
  let summary = "compute neighbouring elementwise ops in one kernel";
  let description = [{
    Puts elementwise ops of one shape that only each other read into a
    `qcc.fused`: what is between them stays in registers instead of going
    through memory. Operands of smaller shape are broadcast; an op that computes
    one of those stays outside, where it runs once an element.

    Needs: a packed graph. Leaves: the same values.
  }];
  let dependentDialects = ["::qcc::QccDialect"];
}

def PlanMemory : Pass<"qcc-plan-memory", "::mlir::ModuleOp"> {
  let summary = "give every tensor its place and layout in memory";
  let description = [{
    Gives each tensor of `@main` a `#qcc.buffer` encoding: images channels-last
    with the halo that their convolutions read, other tensors row-major; slices,
    reshapes and transposes become views where strides allow; the operands of
    `qcc.concat` are written in place; a value is copied (`qcc.expand` to its
    own shape) only where a kernel needs another layout. Buffers whose lives do
    not overlap share the arena, planned best fit by size; `qcc.observe`d
    tensors live to the end. Sets the module attribute `qcc.arena_bytes`.

    Needs: a packed graph with static shapes.
    Leaves: every tensor type but those of constants has a `#qcc.buffer`.
  }];
  let dependentDialects = ["::qcc::QccDialect"];
}

#endif // QCC_LOWER_PASSES_TD
