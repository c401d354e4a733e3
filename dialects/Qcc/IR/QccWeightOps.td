// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that stand for constant bytes which are made when the library is written,
// since the weights of a language model may be larger than memory.

#ifndef QCC_WEIGHT_OPS_TD
#define QCC_WEIGHT_OPS_TD

include "dialects/Qcc/IR/QccAttrs.td"
include "dialects/Qcc/IR/QccTypes.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Qcc_Bytes : StaticShapeTensorOf<[I8]>;

def Qcc_PackPanelsOp : Qcc_Op<"pack_panels", [Pure]> {
  let summary = "put blocks of weights into the order that a kernel reads";
  let description = [{
    The rows of `source`, which has a `#qcc.blocks` encoding, as the panels that
    the `#qcc.block_panels` encoding of the result describes. It stands for
    bytes that are made when the library is written, a panel at a time, so that
    a model never has to fit in memory twice.

    Constraints:

    - (C1) `source` has a `#qcc.blocks` encoding and `result` a
      `#qcc.block_panels` one of the same format and size.
    - (C2) The rows are a multiple of the parts.

    Example:

    ```mlir
    %p = qcc.pack_panels %w
      : tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>
        -> tensor<1152xi8, #qcc.block_panels<"q4_0", 32 x 64, lanes = 16>>
    ```
  }];
  let arguments = (ins Qcc_Bytes:$source);
  let results = (outs Qcc_Bytes:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
}

def Qcc_QuantizeBlocksOp : Qcc_Op<"quantize_blocks", [Pure]> {
  let summary = "quantize the rows of a float weight to blocks";
  let description = [{
    Rounds the rows of `source`, blocks of a float format, to the format of the
    result's `#qcc.blocks` encoding, each group with the scale of the smallest
    squared error (docs/blocks.md *quantizing*). Like `qcc.pack_panels` it
    stands for bytes that are made when the library is written.

    Constraints:

    - (C1) `source` and `result` have `#qcc.blocks` encodings of as many rows
      and columns.

    Example:

    ```mlir
    %q = qcc.quantize_blocks %w
      : tensor<32x256xi8, #qcc.blocks<"bf16", 128>>
        -> tensor<32x68xi8, #qcc.blocks<"int4_g128", 128>>
    ```
  }];
  let arguments = (ins Qcc_Bytes:$source);
  let results = (outs Qcc_Bytes:$result);
  let assemblyFormat = "$source attr-dict `:` type($source) `->` type($result)";
  let hasVerifier = 1;
}

def Qcc_UnpackWeightOp : Qcc_Op<"unpack_weight", [Pure]> {
  let summary = "read a matrix that a checkpoint keeps in a layout of its own";
  let description = [{
    The rows of a matrix whose bytes lie in `parts` as `layout` says: `columns`
    (floats, transposed), `codes` (codes, zero points and scales in tensors of
    their own) or `blocks` (those of the result's format, whose codes and scales
    lie apart); `parameters` are those of docs/blocks.md *checkpoints*. No code,
    zero point or scale changes. Like `qcc.pack_panels` it stands for bytes that
    are made when the library is written.

    Constraints:

    - (C1) `result` has a `#qcc.blocks` encoding.

    Example:

    ```mlir
    %w = qcc.unpack_weight "columns"(%c) {parameters = {all_rows = 96 : i64,
        first_row = 32 : i64}}
      : (tensor<12288xi8>) -> tensor<32x128xi8, #qcc.blocks<"f32", 32>>
    ```
  }];
  let arguments = (ins StrAttr:$layout, Variadic<Qcc_Bytes>:$parts,
                       DictionaryAttr:$parameters);
  let results = (outs Qcc_Bytes:$result);
  let assemblyFormat = [{
    $layout `(` $parts `)` attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_StackBlocksOp : Qcc_Op<"stack_blocks", [Pure]> {
  let summary = "put matrices of blocks below each other";
  let description = [{
    The rows of the first of `sources`, then those of the next. Experts of a
    layer are one matrix this way, wherever a file keeps them. Like
    `qcc.pack_panels` it stands for bytes that are made when the library is
    written.

    Constraints:

    - (C1) `sources` and `result` have `#qcc.blocks` encodings of one format and
      as many columns; `sources` have as many rows, and `result` all of them.

    Example:

    ```mlir
    %w = qcc.stack_blocks %a, %b
      : (tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>,
         tensor<32x36xi8, #qcc.blocks<"q4_0", 64>>)
        -> tensor<64x36xi8, #qcc.blocks<"q4_0", 64>>
    ```
  }];
  let arguments = (ins Variadic<Qcc_Bytes>:$sources);
  let results = (outs Qcc_Bytes:$result);
  let assemblyFormat = [{
    $sources attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // QCC_WEIGHT_OPS_TD
