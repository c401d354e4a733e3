// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of layers with experts (docs/decoder.md *experts*). Each row of a run
// has `used` experts, one a slot; slot s of row r is *place* r * used + s.

#ifndef QCC_EXPERT_OPS_TD
#define QCC_EXPERT_OPS_TD

include "dialects/Qcc/IR/QccAttrs.td"
include "dialects/Qcc/IR/QccDecoderOps.td"
include "dialects/Qcc/IR/QccTypes.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Qcc_ChooseExpertsOp : Qcc_Op<"choose_experts", [Pure]> {
  let summary = "pick the experts of each row, and weigh them";
  let description = [{
    `result[r][0]` are the numbers of the `used` columns with the largest
    `scores[r][i] (+ bias[i])`, the largest first, of equal ones the lower
    number; they are stored as f32. `result[r][1]` are their weights, without
    the bias, by `function`:

    | function | weight of score x |
    |---|---|
    | `softmax` | exp(x) / sum of all exp |
    | `softmax_chosen` | exp(x) / sum of exp of those that are picked |
    | `sigmoid` | 1 / (1 + exp(-x)); it is what the bias is added to |

    With `normalized` they are divided by their sum. Then comes `scale`.

    Constraints:

    - (C1) `scores` is of rank 2, and `bias` has its columns.
    - (C2) `used` is at least 1 and at most the columns of `scores`.
    - (C3) `result` is `[rows, 2, used]`.
    - (C4) `function` is one of the three.

    Example:

    ```mlir
    %c = qcc.choose_experts %scores, %extents
      {function = "softmax", normalized, used = 2 : i64}
      : (tensor<8x4xf32>, tensor<4xi64>) -> tensor<8x2x2xf32>
    ```
  }];
  let arguments = (ins Qcc_FloatTensor:$scores, Qcc_Extents:$extents,
    Optional<Qcc_FloatTensor>:$bias, I64Attr:$used, StrAttr:$function,
    UnitAttr:$normalized, DefaultValuedAttr<F32Attr, "1.0f">:$scale);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $scores `,` $extents (`bias` `(` $bias^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_GroupRowsOp : Qcc_Op<"group_rows", [Pure]> {
  let summary = "list the places of each expert";
  let description = [{
    The places of all rows of the run, sorted by expert and, for one expert, by
    number:

        result[0]                 experts that have places, n
        result[1 + 3 i] ...       of the i-th of them: its number, the index of
                                  its first place in the list, and how many
        result[1 + 3 experts] ... the list

    What is beyond them is not written.

    Constraints:

    - (C1) `choices` is `[rows, 2, used]`.
    - (C2) `result` has `1 + 3 * experts + rows * used` elements.

    Example:

    ```mlir
    %g = qcc.group_rows %choices, %extents {experts = 4 : i64}
      : (tensor<8x2x2xf32>, tensor<4xi64>) -> tensor<29xi64>
    ```
  }];
  let arguments = (ins Qcc_FloatTensor:$choices, Qcc_Extents:$extents,
    I64Attr:$experts);
  let results = (outs Qcc_Extents:$result);
  let assemblyFormat = [{
    $choices `,` $extents attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_MixRowsOp : Qcc_Op<"mix_rows", [Pure, AttrSizedOperandSegments]> {
  let summary = "add what the experts of a row made of it";
  let description = [{
    `scale * (sum_s choices[r][1][s] * places[r * used + s] + shared[r] /
    (1 + exp(-gate[r]))) + residual[r]`, in the order of the slots; a part that
    is not there is left out, and `shared` without a `gate` is added as it is.

    Constraints:

    - (C1) `choices` is `[rows, 2, used]`, and `places` has `rows * used` rows.
    - (C2) `result`, `shared` and `residual` are `[rows, columns of places]`;
      `gate` is `[rows, 1]`, and only there with `shared`.

    Example:

    ```mlir
    %y = qcc.mix_rows %places, %choices, %extents residual(%x)
      : (tensor<16x64xf32>, tensor<8x2x2xf32>, tensor<4xi64>, tensor<8x64xf32>)
        -> tensor<8x64xf32>
    ```
  }];
  let arguments = (ins Qcc_FloatTensor:$places, Qcc_FloatTensor:$choices,
    Qcc_Extents:$extents, Optional<Qcc_FloatTensor>:$shared,
    Optional<Qcc_FloatTensor>:$gate, Optional<Qcc_FloatTensor>:$residual,
    DefaultValuedAttr<F32Attr, "1.0f">:$scale);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $places `,` $choices `,` $extents (`shared` `(` $shared^ `)`)?
    (`gate` `(` $gate^ `)`)? (`residual` `(` $residual^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // QCC_EXPERT_OPS_TD
