// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that combine neighbouring elements without weights: pools, reductions,
// softmax, resize.

#ifndef QCC_WINDOW_OPS_TD
#define QCC_WINDOW_OPS_TD

include "dialects/Qcc/IR/QccAttrs.td"
include "dialects/Qcc/IR/QccTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Qcc_MaxPoolOp : Qcc_Op<"max_pool", [Pure]> {
  let summary = "take the largest element of each window";
  let description = [{
    Windows as in `qcc.conv` (`pads` is `[top, left, bottom, right]`); elements
    outside the input do not take part. Quantized tensors keep their grid.

    Constraints:

    - (C1) `input` and `result` have rank 4 and one element type.
    - (C2) `result` has the shape that kernel, strides, pads and dilations give,
      or one more row or column whose window starts inside the padded input
      (ceil mode).
    - (C3) pads are at least 0 and smaller than the dilated kernel.
    - (C4) `kernel`, `strides` and `dilations` have two entries of at least 1,
      `pads` has four.

    Example:

    ```mlir
    %y = qcc.max_pool %x {kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>}
      : tensor<1x4x8x8xf32> -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins Qcc_FloatOrQuantTensor:$input,
    DenseI64ArrayAttr:$kernel,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$pads,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations);
  let results = (outs Qcc_FloatOrQuantTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Qcc_AveragePoolOp : Qcc_Op<"average_pool", [Pure]> {
  let summary = "take the mean of each window";
  let description = [{
    The sum of the window's elements inside the input, divided by their number,
    or with `count_include_pad` by the number inside the padded input. Quantized
    form: docs/numerics.md *average pool*, on the grid of the result.

    Constraints:

    - (C1) `input` and `result` have rank 4; both are quantized or neither.
    - (C2) `result` has the shape that kernel, strides, pads and dilations give,
      or one more row or column whose window starts inside the padded input
      (ceil mode).
    - (C3) pads are at least 0 and smaller than the dilated kernel.
    - (C4) `kernel`, `strides` and `dilations` have two entries of at least 1,
      `pads` has four.

    Example:

    ```mlir
    %y = qcc.average_pool %x {kernel = array<i64: 2, 2>}
      : tensor<1x4x3x3xf32> -> tensor<1x4x2x2xf32>
    ```
  }];
  let arguments = (ins Qcc_FloatOrQuantTensor:$input,
    DenseI64ArrayAttr:$kernel,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$strides,
    DefaultValuedAttr<DenseI64ArrayAttr, "{0, 0, 0, 0}">:$pads,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 1}">:$dilations,
    DefaultValuedAttr<BoolAttr, "false">:$count_include_pad);
  let results = (outs Qcc_FloatOrQuantTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Qcc_ReduceOp : Qcc_Op<"reduce", [Pure]> {
  let summary = "combine all elements along some dimensions";
  let description = [{
    Reduced dimensions stay with size 1 (a `qcc.reshape` drops them). `mean` of
    a quantized tensor is docs/numerics.md *average pool* with `n` the number of
    elements combined; `max` and `min` keep the grid.

    Constraints:

    - (C1) `axes` are distinct dimensions of `input`, in ascending order.
    - (C2) `result` has the input's shape with 1 at `axes`.
    - (C3) a quantized op is `mean`, `max` or `min`.
    - (C4) `input` and `result` have the same element type; those of a quantized
      `mean` are both quantized.

    Example:

    ```mlir
    %y = qcc.reduce mean %x {axes = array<i64: 2, 3>}
      : tensor<1x4x7x7xf32> -> tensor<1x4x1x1xf32>
    ```
  }];
  let arguments = (ins Qcc_ReduceKindAttr:$kind, Qcc_Tensor:$input,
                       DenseI64ArrayAttr:$axes);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    `` $kind $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Qcc_SoftmaxOp : Qcc_Op<"softmax", [Pure]> {
  let summary = "normalise exponentials along a dimension";
  let description = [{
    `exp(x - max) / sum(exp(x - max))` along `axis`; its logarithm with
    `log = true`. f32, relative error against f64 below 2e-6
    (docs/numerics.md).

    Constraints:

    - (C1) `input` and `result` have the same shape.
    - (C2) `axis` is a dimension of `input`.

    Example:

    ```mlir
    %y = qcc.softmax %x {axis = 1 : i64} : tensor<1x10xf32> -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins Qcc_FloatTensor:$input, I64Attr:$axis,
                       DefaultValuedAttr<BoolAttr, "false">:$log);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Qcc_ResizeOp : Qcc_Op<"resize", [Pure]> {
  let summary = "resample an image";
  let description = [{
    ONNX Resize over every dimension whose scale is not 1: coordinates by
    `coordinates`, then `nearest` with `rounding`, `linear` or `cubic` with
    `cubic_coefficient`. `scales` are result per input size as the model gives
    them. On quantized tensors, which keep their grid, `nearest` moves integers
    and `linear` is docs/numerics.md *resize*.

    Constraints:

    - (C1) `input` and `result` have the same rank and element type.
    - (C2) `scales` has one positive entry a dimension.
    - (C3) a quantized op is `nearest` or `linear`.

    Example:

    ```mlir
    %y = qcc.resize nearest %x {coordinates = #qcc.coordinates<asymmetric>,
        rounding = #qcc.nearest_rounding<floor>,
        scales = array<f64: 1.0, 1.0, 2.0, 2.0>}
      : tensor<1x4x2x2xf32> -> tensor<1x4x4x4xf32>
    ```
  }];
  let arguments = (ins Qcc_ResizeModeAttr:$mode,
    Qcc_FloatOrQuantTensor:$input, DenseF64ArrayAttr:$scales,
    DefaultValuedAttr<Qcc_CoordinatesAttr,
      "::qcc::Coordinates::HalfPixel">:$coordinates,
    DefaultValuedAttr<Qcc_NearestRoundingAttr,
      "::qcc::NearestRounding::RoundPreferFloor">:$rounding,
    DefaultValuedAttr<F32Attr, "-0.75">:$cubic_coefficient);
  let results = (outs Qcc_FloatOrQuantTensor:$result);
  let assemblyFormat = [{
    `` $mode $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

#endif // QCC_WINDOW_OPS_TD
