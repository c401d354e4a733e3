// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of decoder-only language models. A run computes some rows (tokens) of
// tensors that have room for more: `extents`, an input of the model, says how
// many.
//
//   extents[0]  rows: tokens of this run
//   extents[1]  outputs: rows of which logits are wanted
//   extents[2]  capacity: tokens that a sequence's cache has room for
//   extents[3]  spans: runs of neighbouring rows of one sequence
//   extents[4]  merges: rows whose positions are cut in parts (qcc.attend)
//
// Those of attention are in QccAttentionOps.td, those of layers with experts in
// QccExpertOps.td.

#ifndef QCC_DECODER_OPS_TD
#define QCC_DECODER_OPS_TD

include "dialects/Qcc/IR/QccAttrs.td"
include "dialects/Qcc/IR/QccTypes.td"
include "dialects/Qcc/IR/QccWeightOps.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Qcc_Extents : StaticShapeTensorOf<[I64]>;
def Qcc_Rows : StaticShapeTensorOf<[F32, I8]>;

def Qcc_EmbedOp : Qcc_Op<"embed", [Pure]> {
  let summary = "look tokens up in a table of rows";
  let description = [{
    `result[r] = table[ids[r]] * scale (+ addend[r])` for the rows of the run.
    An id beyond the table is its last row.

    Constraints:

    - (C1) `table` has a `#qcc.blocks` or `#qcc.block_panels` encoding, and
      `result` a row for each id, of the table's columns.

    Example:

    ```mlir
    %x = qcc.embed %ids, %table, %extents {scale = 1.0 : f32}
      : (tensor<8xi32>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x64xf32>
    ```
  }];
  let arguments = (ins StaticShapeTensorOf<[I32]>:$ids, Qcc_Bytes:$table,
    Qcc_Extents:$extents, Optional<Qcc_FloatTensor>:$addend, F32Attr:$scale);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $ids `,` $table `,` $extents (`plus` `(` $addend^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_NormRowsOp : Qcc_Op<"norm_rows", [Pure, AttrSizedOperandSegments]> {
  let summary = "normalize rows, and quantize them for products";
  let description = [{
    `x / sqrt(mean(x^2) + epsilon) * weight` of each row, or with `centered`
    `(x - mean) / sqrt(variance + epsilon) * weight + bias`; without a `weight`
    x as it is; then `residual` is added. The row is stored as `format` says
    (docs/blocks.md *activations*). With `select`, row r of the result is made
    of row `select[r]` of the input, and the rows are those of `extents[1]`.

    With `order`, element i of what is stored is that of column `order[i]`, or
    zero where that is -1: products whose weights have their columns in another
    order read such rows (docs/blocks.md *order of columns*).

    Constraints:

    - (C1) `input` is of rank 2; `weight` and `bias` have its columns.
    - (C2) `result` is `[rows, columns]` of f32, or rows of as many bytes as
      `format` needs; with `order` it has a column for each element of that.
    - (C3) `order`, where it is constant, has columns of `input`, or -1.

    Example:

    ```mlir
    %y = qcc.norm_rows %x, %extents weight(%w)
      {epsilon = 1.0e-5 : f32, format = #qcc.row_format<f32>}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<64xf32>) -> tensor<8x64xf32>
    ```
  }];
  let arguments = (ins Qcc_FloatTensor:$input, Qcc_Extents:$extents,
    Optional<Qcc_FloatTensor>:$weight, Optional<Qcc_FloatTensor>:$bias,
    Optional<Qcc_FloatTensor>:$residual,
    Optional<StaticShapeTensorOf<[I64]>>:$select,
    Optional<StaticShapeTensorOf<[I32]>>:$order, F32Attr:$epsilon,
    Qcc_RowFormatAttr:$format, UnitAttr:$centered);
  let results = (outs Qcc_Rows:$result);
  let assemblyFormat = [{
    $input `,` $extents (`weight` `(` $weight^ `)`)? (`bias` `(` $bias^ `)`)?
    (`residual` `(` $residual^ `)`)? (`select` `(` $select^ `)`)?
    (`order` `(` $order^ `)`)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_BlockLinearOp
    : Qcc_Op<"block_linear", [Pure, AttrSizedOperandSegments]> {
  let summary = "multiply rows by a matrix of blocks";
  let description = [{
    `result[r][n] = cap(scale * (sum_k x[r][k] * w[n][k] + bias[n])) +
    residual[r][n]` for the first `extents[extent]` rows, where
    `cap(y) = soft_cap * tanh(y / soft_cap)` if there is a `soft_cap`. Within a
    group of the blocks the sum is exact in i32 (docs/numerics.md *grouped*),
    if `format` is one of integers.

    With `experts`, the `groups` of qcc.group_rows, `weight` and `bias` are
    those of all experts below each other, rows of the result are places, and a
    place is multiplied by its own expert's rows only. The input has a row for
    each place, or for each `slots` of them.

    Constraints:

    - (C1) `weight` has a `#qcc.blocks` or `#qcc.block_panels` encoding.
    - (C2) `input` has rows of the weight's columns in `format`.
    - (C3) `result` is `[rows, weight's rows]`; `residual` is alike, and `bias`
      has the weight's rows.
    - (C4) With `experts`, the weight's rows are a multiple of the experts, and
      `result` has those of one; there is no `residual`.
    - (C5) Rows of `bf16` meet blocks of `bf16`, and rows of integers meet
      blocks of integers.

    Example:

    ```mlir
    %y = qcc.block_linear %x, %w, %extents
      {format = #qcc.row_format<q8_block32>}
      : (tensor<8x128xi8>, tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<4xi64>) -> tensor<8x32xf32>
    ```
  }];
  let arguments = (ins Qcc_Rows:$input, Qcc_Bytes:$weight,
    Qcc_Extents:$extents, Optional<Qcc_FloatTensor>:$bias,
    Optional<Qcc_FloatTensor>:$residual, Optional<Qcc_Extents>:$groups,
    Qcc_RowFormatAttr:$format, DefaultValuedAttr<I64Attr, "1">:$slots,
    DefaultValuedAttr<I64Attr, "0">:$extent,
    DefaultValuedAttr<F32Attr, "1.0f">:$scale,
    OptionalAttr<F32Attr>:$soft_cap);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $weight `,` $extents (`bias` `(` $bias^ `)`)?
    (`residual` `(` $residual^ `)`)? (`experts` `(` $groups^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = [{
    /// Experts below each other in the weight, where there are groups.
    std::optional<int64_t> countExperts();
  }];
  let hasVerifier = 1;
}

def Qcc_GateRowsOp
    : Qcc_Op<"gate_rows", [Pure, AttrSizedOperandSegments]> {
  let summary = "gate rows by a function of others, and quantize them";
  let description = [{
    `function(input) * factor` for each row of the run, or `function(input)`
    without a `factor`, stored as `format` says. `function` is one of `silu`,
    `gelu`, `gelu_tanh`, `relu`, `relu_squared`, `clamped_swish`
    (docs/decoder.md); none is the identity. A run's row has `slots` rows here.

    Constraints:

    - (C1) `input` is of rank 2, and `factor` of its shape.
    - (C2) `result` and `order` are as in `qcc.norm_rows`.

    Example:

    ```mlir
    %y = qcc.gate_rows %g, %extents by(%u)
      {format = #qcc.row_format<f32>, function = "silu"}
      : (tensor<8x64xf32>, tensor<4xi64>, tensor<8x64xf32>) -> tensor<8x64xf32>
    ```
  }];
  let arguments = (ins Qcc_FloatTensor:$input, Qcc_Extents:$extents,
    Optional<Qcc_FloatTensor>:$factor,
    Optional<StaticShapeTensorOf<[I32]>>:$order,
    OptionalAttr<StrAttr>:$function, Qcc_RowFormatAttr:$format,
    DefaultValuedAttr<I64Attr, "1">:$slots);
  let results = (outs Qcc_Rows:$result);
  let assemblyFormat = [{
    $input `,` $extents (`by` `(` $factor^ `)`)?
    (`order` `(` $order^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_RotationsOp : Qcc_Op<"rotations", [Pure]> {
  let summary = "cosines and sines of the positions of rows";
  let description = [{
    `result[r][0][i] = magnitude * cos(positions[r] * frequencies[i])`, and
    `result[r][1][i]` with the sine, for the rows of the run. The angle is
    rounded to f32 once, as in the models' own code.

    Constraints:

    - (C1) `result` is `[rows, 2, frequencies]`.

    Example:

    ```mlir
    %t = qcc.rotations %positions, %frequencies, %extents
      {magnitude = 1.0 : f32}
      : (tensor<8xi64>, tensor<32xf32>, tensor<4xi64>) -> tensor<8x2x32xf32>
    ```
  }];
  let arguments = (ins Qcc_Extents:$positions, Qcc_FloatTensor:$frequencies,
    Qcc_Extents:$extents, F32Attr:$magnitude);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $positions `,` $frequencies `,` $extents attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // QCC_DECODER_OPS_TD
