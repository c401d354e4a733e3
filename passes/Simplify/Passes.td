// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The graph as imported, made smaller and more regular. Nothing here changes
// what the model computes but for float rounding.

#ifndef QCC_SIMPLIFY_PASSES_TD
#define QCC_SIMPLIFY_PASSES_TD

include "mlir/Pass/PassBase.td"

class Qcc_SimplifyPass<string flag> : Pass<flag> {
  let dependentDialects = ["::qcc::QccDialect"];
}

def NormalizeShapes : Qcc_SimplifyPass<"qcc-normalize-shapes"> {
  let summary = "reduce data movement to its simplest form";
  let description = [{
    Merges chains of reshapes and transposes, drops those that move nothing,
    turns transposes that only move dimensions of size 1 into reshapes, moves
    zero padding into the convolution that reads it, drops the rows and columns
    of a kernel that only ever read padding, turns pools over the whole image
    into `qcc.reduce`, and products with a constant matrix into `qcc.linear`.
    Ops whose results nobody uses go.

    Needs: a float graph.
    Leaves: no reshape of a reshape, no transpose of a transpose, no matmul
    with a constant right side of rank 2.
  }];
}

def FoldAffine : Qcc_SimplifyPass<"qcc-fold-affine"> {
  let summary = "fold arithmetic by channel constants into weights and bias";
  let description = [{
    An add, sub, mul or div with a constant per channel, such as batch norm
    leaves them, disappears into the `qcc.conv` or `qcc.linear` before it; or
    into the one after it, but an addition only where that one pads nothing,
    since padding is zero after the addition and not before. New weights are
    computed in f64 and rounded once.

    Needs: `qcc-normalize-shapes`, so that padding stands in convolutions.
    Leaves: no such op between a contraction without activation and its only
    use.
  }];
}

def RecognizeActivations : Qcc_SimplifyPass<"qcc-recognize-activations"> {
  let summary = "name activation functions that are spelled out";
  let description = [{
    Finds silu, hard_sigmoid, hard_swish, mish and both forms of gelu in the
    arithmetic that exporters make of them, whatever the order of the factors.
    The new `qcc.unary` has the location of the last op it replaces.

    Needs: nothing.
    Leaves: one `qcc.unary` for each activation found.
  }];
}

def FuseResidual : Qcc_SimplifyPass<"qcc-fuse-residual"> {
  let summary = "add the residual inside the contraction before it";
  let description = [{
    An addition of equal shapes whose operand is a `qcc.conv` or `qcc.linear`
    with no activation and no other use becomes that op's residual operand. Of
    two such operands the later one takes the other. In the quantized graph the
    sum is then rounded once (docs/numerics.md *fused residual*), so this is
    for float models: an imported quantized one keeps its two steps.

    Needs: `qcc-fold-affine`, which wants contractions without residual.
    Leaves: no such addition.
  }];
}

def FuseActivations : Qcc_SimplifyPass<"qcc-fuse-activations"> {
  let summary = "make relu and clamp bounds of the op before";
  let description = [{
    A relu or clamp whose input has no other use becomes the bounds `lower` and
    `upper` of the `qcc.conv`, `qcc.linear` or arithmetic that computes it;
    clamps of clamps become one. A clamp after a max_pool moves before it
    first, which changes nothing since both keep the order of values.

    Needs: `qcc-fuse-residual`, since bounds apply after the residual.
    Leaves: no relu but as `qcc.clamp` with bound 0.
  }];
}

#endif // QCC_SIMPLIFY_PASSES_TD
