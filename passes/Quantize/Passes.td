// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Float graphs turned into integer ones.

#ifndef QCC_QUANTIZE_PASSES_TD
#define QCC_QUANTIZE_PASSES_TD

include "mlir/Pass/PassBase.td"

def FoldQuantization : Pass<"qcc-fold-quantization"> {
  let summary = "compute imported quantized models in integers";
  let description = [{
    Turns float ops between `qcc.dequantize` and `qcc.quantize` of 8 bits into
    their quantized forms, on exactly the grids of the model: contractions whose
    weights are `qcc.dequantize_channels`, arithmetic, activations, pools, means
    over images, resizes; ops that only move elements move the integers. Clamps
    become bounds of the op before them. A contraction with integers as input
    and no quantize after it computes in integers too, with an f32 result.

    Each op rounds where the model does. What a model puts between a contraction
    and its quantize is part of the contraction: a constant per channel goes
    into its bias and weight scales, integers that are added are its residual.
    Scales per channel of the input of a depthwise convolution go into its
    weights. i32 between a sum of whole numbers and its scale is dropped.

    A constant of one number is on a grid of its own size, and dividing by it is
    multiplying by its inverse. What has no integer form stays in f32 between
    its dequantize and quantize ops; contractions say so in a remark.

    Needs: `qcc-normalize-shapes`, `qcc-recognize-activations`.
    Leaves: no `qcc.dequantize_channels` of constants; no quantize of a
    dequantize of 8 bits.
  }];
  let dependentDialects = ["::qcc::QccDialect", "::mlir::arith::ArithDialect"];
}

def QuantizeDynamic : Pass<"qcc-quantize-dynamic"> {
  let summary = "find the scales of contraction inputs at run time";
  let description = [{
    Rewrites every contraction with `qcc.precision = "int8_dynamic"`: the
    largest magnitude of its input, of each row or image, is found at run time
    and gives the scale (docs/numerics.md *dynamic*). The grid's zero point is
    128, or 0 where the graph shows that no element is negative. The product of
    integers is scaled in f32, and bias, residual and bounds follow there. Ops
    with the same input share its integers.

    Needs: `qcc-assign-precision`. Uses `qcc.weight_scales` where it is there.
    Leaves: no `int8_dynamic`.
  }];
  let dependentDialects = ["::qcc::QccDialect", "::mlir::arith::ArithDialect"];
}

def QuantizeStatic : Pass<"qcc-quantize-static"> {
  let summary = "compute the ops marked int8 on integer grids";
  let description = [{
    Rewrites every op with `qcc.precision = "int8"` to its quantized form:
    activations u8 on one grid per tensor, whose range always has zero in it;
    weights s8 per output channel; biases i32. Ops that only move elements keep
    the grid of their operands. All operands of a `qcc.concat` get one grid,
    wide enough for each; an operand that others read too keeps its own, finer
    one and is requantized, if the common grid is much coarser.

    A contraction whose result nobody reads as integers computes it in f32,
    unrounded; its residual is then added in f32. Other integers that floats
    want are dequantized, and floats that integers want quantized.

    Needs: `qcc-assign-precision`. Uses `qcc.weight_scales` where it is there
    (`qcc-choose-weight-scales`).
    Leaves: no `qcc.precision`, ranges or means; no f32 op reads or writes a
    quantized tensor but `qcc.quantize`, `qcc.dequantize` and contractions.
  }];
  let dependentDialects = ["::qcc::QccDialect", "::mlir::arith::ArithDialect"];
}

def QuantizeBlocks : Pass<"qcc-quantize-blocks", "::mlir::ModuleOp"> {
  let summary = "round the float weights of a language model to integers";
  let description = [{
    Puts a `qcc.quantize_blocks` before the weights of `qcc.block_linear` that
    are floats: to `bits` (4 or 8; 16 is bf16) with a scale for each `group` of
    columns, fewer where they do not divide a row. The head keeps 8 bits, and
    with it a table of tokens that is the same matrix. Weights that are integers
    in the file stay as they are.

    Needs: nothing. Leaves: no float weights of `qcc.block_linear`.
  }];
  let options = [
    Option<"bits", "bits", "int64_t", /*default=*/"4", "4, 8, or 16 for bf16">,
    Option<"group", "group", "int64_t", /*default=*/"128",
           "columns that share a scale: 32, 64, 128 or 256">,
    Option<"symmetric", "symmetric", "bool", /*default=*/"true",
           "no zero points">
  ];
  let dependentDialects = ["::qcc::QccDialect"];
}

def QuantizeRows : Pass<"qcc-quantize-rows", "::mlir::ModuleOp"> {
  let summary = "put the activations of products by blocks on 8 bits";
  let description = [{
    Rows that a `qcc.block_linear` with blocks of integers reads are stored as
    the blocks' own semantics say (`activations = block`: a scale for 32
    columns, or for 256 where the blocks have that many), with a scale for each
    row (`per-token`), or stay in f32 (`f32`). With `bf16` they are as for
    `block`, and those that meet weights of bf16 are rounded to it. The op that
    computes the rows writes them so.

    Needs: nothing. Leaves: no `qcc.block_linear` of integers on f32 rows,
    unless `activations = f32`.
  }];
  let options = [
    Option<"activations", "activations", "std::string",
           /*default=*/"\"block\"", "block, per-token, f32 or bf16">
  ];
  let dependentDialects = ["::qcc::QccDialect"];
}

#endif // QCC_QUANTIZE_PASSES_TD
