// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that compute each result element from the elements at its place.

#ifndef QCC_ELEMENTWISE_OPS_TD
#define QCC_ELEMENTWISE_OPS_TD

include "dialects/Qcc/IR/QccAttrs.td"
include "dialects/Qcc/IR/QccTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Qcc_UnaryOp : Qcc_Op<"unary", [Pure]> {
  let summary = "apply a function to each element";
  let description = [{
    `result = kind(input)`, in f32 for float tensors. `alpha` and `beta` are the
    parameters ONNX gives the function of the same name: `leaky_relu` alpha,
    `hard_sigmoid` `max(0, min(1, alpha*x + beta))`, `elu`, `celu`, `selu`
    (alpha, and beta is gamma), `thresholded_relu` alpha. `hard_swish` is
    `x * max(0, min(1, x/6 + 1/2))`, `silu` `x * sigmoid(x)`, `gelu` the one
    with erf, `round` half to even, `not` logical.

    Quantized form: table look-up of docs/numerics.md *table*, both element
    types 8 bits.

    Constraints:

    - (C1) `input` and `result` have the same shape.
    - (C2) both are quantized with 8 bits, or neither is quantized and the
      element types agree.

    Example:

    ```mlir
    %y = qcc.unary leaky_relu %x {alpha = 1.0e-1 : f32}
      : tensor<4xf32> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Qcc_UnaryKindAttr:$kind, Qcc_Tensor:$input,
    DefaultValuedAttr<F32Attr, "0.0">:$alpha,
    DefaultValuedAttr<F32Attr, "0.0">:$beta);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    `` $kind $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Qcc_ClampOp : Qcc_Op<"clamp", [Pure]> {
  let summary = "limit each element to a range";
  let description = [{
    `result = min(max(input, lower), upper)`; a NaN gives `lower`, or `upper`
    where that is the only bound. Bounds that are left out do not limit. On
    quantized tensors: *table* of docs/numerics.md.

    Constraints:

    - (C1) `input` and `result` have the same shape.
    - (C2) `lower <= upper`, and neither is NaN.
    - (C3) both are quantized, or neither is and the element types agree.

    Example:

    ```mlir
    %y = qcc.clamp %x {lower = 0.0 : f32, upper = 6.0 : f32}
      : tensor<4xf32> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input,
    OptionalAttr<F32Attr>:$lower, OptionalAttr<F32Attr>:$upper);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Qcc_BinaryOp : Qcc_Op<"binary", [Pure]> {
  let summary = "combine two tensors element by element";
  let description = [{
    `result = kind(lhs, rhs)` with NumPy broadcasting. Integer division
    truncates; `mod` has the sign of the divisor, with `c_style = true` that of
    the dividend; comparisons give i1; logic works on the bits. `prelu` is
    `x < 0 ? slope * x : x`.

    The result is clamped to `lower`, `upper` where given, as by `qcc.clamp`.

    Quantized form: `add` (and `sub`) and `mul` of docs/numerics.md; the bounds
    are those of its *clamp*.

    Constraints:

    - (C1) `result` has the broadcast shape.
    - (C2) all three are quantized with 8 bits, or none is.
    - (C3) a quantized op is `add`, `sub` or `mul`.
    - (C4) the operands of an op without grids have the same element type; the
      result has it too, or i1 for comparisons.
    - (C5) the operands of `and`, `or` and `xor` are integers or i1.

    Example:

    ```mlir
    %y = qcc.binary add %a, %b
      : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Qcc_BinaryKindAttr:$kind, Qcc_Tensor:$lhs,
    Qcc_Tensor:$rhs, DefaultValuedAttr<BoolAttr, "false">:$c_style,
    OptionalAttr<F32Attr>:$lower, OptionalAttr<F32Attr>:$upper);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    `` $kind $lhs `,` $rhs attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Qcc_SelectOp : Qcc_Op<"select", [Pure]> {
  let summary = "choose between two tensors by a condition";
  let description = [{
    `result = condition ? lhs : rhs` with NumPy broadcasting of all three.

    Constraints:

    - (C1) `result` has the broadcast shape.
    - (C2) `lhs`, `rhs` and `result` have the same element type.

    Example:

    ```mlir
    %y = qcc.select %c, %a, %b
      : (tensor<4xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins StaticShapeTensorOf<[I1]>:$condition, Qcc_Tensor:$lhs,
                       Qcc_Tensor:$rhs);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $condition `,` $lhs `,` $rhs attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Qcc_CastOp : Qcc_Op<"cast", [Pure]> {
  let summary = "convert elements to another builtin type";
  let description = [{
    Float to integer truncates and saturates, NaN gives 0; integer to narrower
    integer wraps; anything to i1 is `value != 0`.

    Constraints:

    - (C1) `input` and `result` have the same shape and no quantized type.

    Example:

    ```mlir
    %y = qcc.cast %x : tensor<4xi64> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Qcc_QuantizeOp : Qcc_Op<"quantize", [Pure]> {
  let summary = "put float elements on an integer grid";
  let description = [{
    docs/numerics.md *quantize*: `q = cvt_rne(clamp(x / scale)) + zero_point`
    with the grid of the result's type. NaN gives the lowest integer.

    Constraints:

    - (C1) `input` and `result` have the same shape.

    Example:

    ```mlir
    // 1.0 / 0.5 = 2, plus 128 is 130.
    %q = qcc.quantize %x
      : tensor<4xf32> -> tensor<4x!qcc.quant<u8, 5.0e-1, 128>>
    ```
  }];
  let arguments = (ins Qcc_FloatTensor:$input);
  let results = (outs Qcc_QuantTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Qcc_DequantizeOp : Qcc_Op<"dequantize", [Pure]> {
  let summary = "turn integers on a grid into float elements";
  let description = [{
    docs/numerics.md *dequantize*: `x = f32(q - zero_point) * scale`.

    Constraints:

    - (C1) `input` and `result` have the same shape.

    Example:

    ```mlir
    %x = qcc.dequantize %q
      : tensor<4x!qcc.quant<u8, 5.0e-1, 128>> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Qcc_QuantTensor:$input);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Qcc_DequantizeChannelsOp : Qcc_Op<"dequantize_channels", [Pure]> {
  let summary = "turn constant integers into floats, each channel by its scale";
  let description = [{
    `result[..., c, ...] = f32(input[..., c, ...]) * scales[c]` with `c` the
    index along `axis`. This is how a model's quantized weights are imported;
    zero points have been subtracted.

    Constraints:

    - (C1) `input` and `result` have the same shape; `input` has integers.
    - (C2) `axis` is a dimension of `input`.
    - (C3) `scales` has shape `[D]` with `D` the size of that dimension.

    Example:

    ```mlir
    %w = qcc.dequantize_channels %q, %s {axis = 0 : i64}
      : (tensor<4x3xi8>, tensor<4xf32>) -> tensor<4x3xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input, Qcc_FloatTensor:$scales,
                       I64Attr:$axis);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $input `,` $scales attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_RequantizeOp : Qcc_Op<"requantize", [Pure]> {
  let summary = "move integers from one grid to another";
  let description = [{
    docs/numerics.md *requantize of unequal parameters*:
    `t = f32(q - z_x) * f32(f64(s_x) / s_y)`, clamp, convert, add `z_y`. Equal
    grids move the integers unchanged.

    Constraints:

    - (C1) `input` and `result` have the same shape.

    Example:

    ```mlir
    %r = qcc.requantize %q : tensor<4x!qcc.quant<u8, 5.0e-1, 128>>
      -> tensor<4x!qcc.quant<u8, 2.5e-1, 0>>
    ```
  }];
  let arguments = (ins Qcc_QuantTensor:$input);
  let results = (outs Qcc_QuantTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

#endif // QCC_ELEMENTWISE_OPS_TD
