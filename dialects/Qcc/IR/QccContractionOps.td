// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that multiply activations by weights.

#ifndef QCC_CONTRACTION_OPS_TD
#define QCC_CONTRACTION_OPS_TD

include "dialects/Qcc/IR/QccAttrs.td"
include "dialects/Qcc/IR/QccTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"

def Qcc_ConvOp : Qcc_Op<"conv", [Pure, AttrSizedOperandSegments]> {
  let summary = "convolve an image with a bank of filters";
  let description = [{
    `result[n, o, y, x] = act(bias[o] + residual[n, o, y, x] +
       sum over c, i, j of input[n, g*C + c, y*s0 + i*d0 - p0, x*s1 + j*d1 - p1]
                           * weight[o, c, i, j])`

    with `g = o / (O / group)`, `C` the channels of one group, elements outside
    the input zero (the input's zero point), and `act(v) = min(max(v, lower),
    upper)`; `lower` and `upper` default to no bound. `pads` is
    `[top, left, bottom, right]`.

    Quantized form: `input` has a `!qcc.quant` element type, `weight` is s8
    symmetric per output channel with `weight_scales`, `bias` is i32 on the grid
    `input scale * weight_scales[o]`; the arithmetic is docs/numerics.md
    *requantize*, or *fused residual* where `residual` is given. A quantized
    convolution whose result is f32 leaves the sum unrounded:
    `f32(acc) * f32(input scale * weight_scales[o])`.

    Constraints:

    - (C1) `input`, `weight` and `result` have rank 4.
    - (C2) `weight` is `[O, C/group, KH, KW]` with `C` the channels of `input`.
    - (C3) `group` divides the channels of `input` and of `result`.
    - (C4) `result` has the shape that strides, pads and dilations give.
    - (C5) `bias` and `weight_scales` have shape `[O]`.
    - (C6) `weight_scales` is there exactly when `input` is quantized, which has
      8 bits, and then `weight` is i8 and `bias` i32; else `weight`, `bias` and
      `result` are f32.
    - (C7) `residual` has the shape of `result`, and is quantized where it is.
    - (C8) `strides` and `dilations` have two entries of at least 1, `pads` four
      of at least 0; `group` is at least 1.
    - (C9) the integer sum cannot overflow: `C/group * KH * KW <= 65536`.

    Example:

    ```mlir
    %y = qcc.conv %x, %w bias(%b) {pads = array<i64: 1, 1, 1, 1>}
      : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>)
        -> tensor<1x4x8x8xf32>
    ```
  }];
  let arguments = (ins
    Qcc_FloatOrQuantTensor:$input, Qcc_WeightTensor:$weight,
    Optional<Qcc_BiasTensor>:$bias, Optional<Qcc_FloatTensor>:$weight_scales,
    Optional<Qcc_FloatOrQuantTensor>:$residual,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$pads,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<I64Attr, "1">:$group,
    OptionalAttr<F32Attr>:$lower, OptionalAttr<F32Attr>:$upper);
  let results = (outs Qcc_FloatOrQuantTensor:$result);
  let assemblyFormat = [{
    $input `,` $weight (`bias` `(` $bias^ `)`)?
    (`scales` `(` $weight_scales^ `)`)? (`residual` `(` $residual^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// True where each input channel has one filter of its own.
    bool isDepthwise();
    int64_t getKernelHeight();
    int64_t getKernelWidth();
    bool isQuantized() { return static_cast<bool>(getWeightScales()); }
  }];
}

def Qcc_LinearOp : Qcc_Op<"linear", [Pure, AttrSizedOperandSegments]> {
  let summary = "multiply rows by a constant matrix";
  let description = [{
    `result[m, n] = act(bias[n] + residual[m, n] +
       sum over k of input[m, k] * weight[n, k])`

    `act`, `residual` and the quantized form are those of `qcc.conv`.

    Constraints:

    - (C1) `input` and `result` have rank 2 and the same first dimension.
    - (C2) `weight` is `[N, K]`, `K` columns of `input`, `N` of `result`.
    - (C3) `bias` and `weight_scales` have shape `[N]`.
    - (C4) `weight_scales` is there exactly when `input` is quantized, which has
      8 bits, and then `weight` is i8 and `bias` i32; else `weight`, `bias` and
      `result` are f32.
    - (C5) `residual` has the shape of `result`, and is quantized where it is.
    - (C6) the integer sum cannot overflow: `K <= 65536`.

    Example:

    ```mlir
    %y = qcc.linear %x, %w bias(%b)
      : (tensor<1x64xf32>, tensor<10x64xf32>, tensor<10xf32>)
        -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins
    Qcc_FloatOrQuantTensor:$input, Qcc_WeightTensor:$weight,
    Optional<Qcc_BiasTensor>:$bias, Optional<Qcc_FloatTensor>:$weight_scales,
    Optional<Qcc_FloatOrQuantTensor>:$residual,
    OptionalAttr<F32Attr>:$lower, OptionalAttr<F32Attr>:$upper);
  let results = (outs Qcc_FloatOrQuantTensor:$result);
  let assemblyFormat = [{
    $input `,` $weight (`bias` `(` $bias^ `)`)?
    (`scales` `(` $weight_scales^ `)`)? (`residual` `(` $residual^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isQuantized() { return static_cast<bool>(getWeightScales()); }
  }];
}

def Qcc_MatmulOp : Qcc_Op<"matmul", [Pure]> {
  let summary = "multiply two stacks of float matrices";
  let description = [{
    `result[..., m, n] = sum over k of lhs[..., m, k] * rhs[..., k, n]`, leading
    dimensions broadcast as in NumPy.

    Constraints:

    - (C1) operands and result have rank 2 or more.
    - (C2) the last dimension of `lhs` is the one before last of `rhs`.
    - (C3) `result` has the broadcast shape.

    Example:

    ```mlir
    %y = qcc.matmul %a, %b
      : (tensor<2x4x8xf32>, tensor<8x3xf32>) -> tensor<2x4x3xf32>
    ```
  }];
  let arguments = (ins Qcc_FloatTensor:$lhs, Qcc_FloatTensor:$rhs);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // QCC_CONTRACTION_OPS_TD
