// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that move elements without changing them. Quantized operands and results
// are on one grid; integers are moved, never converted.

#ifndef QCC_SHAPE_OPS_TD
#define QCC_SHAPE_OPS_TD

include "dialects/Qcc/IR/QccAttrs.td"
include "dialects/Qcc/IR/QccTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Qcc_ShapeOp<string mnemonic> : Qcc_Op<mnemonic, [Pure]> {
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Qcc_ReshapeOp : Qcc_ShapeOp<"reshape"> {
  let summary = "give the elements another shape, in row-major order";
  let description = [{
    Element number `i` of the result, counted row-major in logical order, is
    element number `i` of the input.

    Constraints:

    - (C1) `input` and `result` have the same number of elements.
    - (C2) they have the same element type.

    Example:

    ```mlir
    %y = qcc.reshape %x : tensor<2x3xf32> -> tensor<6xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
}

def Qcc_TransposeOp : Qcc_ShapeOp<"transpose"> {
  let summary = "permute dimensions";
  let description = [{
    Dimension `i` of the result is dimension `permutation[i]` of the input.

    Constraints:

    - (C1) `permutation` is a permutation of the input's dimensions.
    - (C2) `result` has the permuted shape and the input's element type.

    Example:

    ```mlir
    %y = qcc.transpose %x {permutation = array<i64: 1, 0>}
      : tensor<2x3xf32> -> tensor<3x2xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
}

def Qcc_ConcatOp : Qcc_ShapeOp<"concat"> {
  let summary = "join tensors along a dimension";
  let description = [{
    The inputs one after the other along `axis`.

    Constraints:

    - (C1) there is an input, and `axis` is one of its dimensions.
    - (C2) shapes agree but for `axis`, where the result has the sum.
    - (C3) all have the same element type (grids included).

    Example:

    ```mlir
    %y = qcc.concat %a, %b {axis = 0 : i64}
      : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
    ```
  }];
  let arguments = (ins Variadic<Qcc_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $inputs attr-dict `:` functional-type(operands, results)
  }];
}

def Qcc_SliceOp : Qcc_ShapeOp<"slice"> {
  let summary = "take a regular part of a tensor";
  let description = [{
    `result[i...] = input[start + i * step ...]`; a step may be negative. The
    sizes are the result's shape.

    Constraints:

    - (C1) `starts` and `steps` have one entry a dimension, no step is 0.
    - (C2) every element read lies inside the input.
    - (C3) `input` and `result` have the same element type.

    Example:

    ```mlir
    %y = qcc.slice %x {starts = array<i64: 1>, steps = array<i64: 2>}
      : tensor<6xf32> -> tensor<3xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input, DenseI64ArrayAttr:$starts,
                       DenseI64ArrayAttr:$steps);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
}

def Qcc_PadOp : Qcc_ShapeOp<"pad"> {
  let summary = "add a border";
  let description = [{
    Adds `low[i]` elements before and `high[i]` after dimension `i`; negative
    numbers crop. `constant` fills with `value` (quantized tensors: with the
    integer of `value` on their grid), the other modes as ONNX Pad.

    Constraints:

    - (C1) `low` and `high` have one entry a dimension.
    - (C2) `result` has the padded shape and the input's element type.

    Example:

    ```mlir
    %y = qcc.pad %x {low = array<i64: 1>, high = array<i64: 0>}
      : tensor<2xf32> -> tensor<3xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input, DenseI64ArrayAttr:$low,
    DenseI64ArrayAttr:$high,
    DefaultValuedAttr<Qcc_PadModeAttr, "::qcc::PadMode::Constant">:$mode,
    DefaultValuedAttr<F64Attr, "0.0">:$value);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
}

def Qcc_GatherOp : Qcc_ShapeOp<"gather"> {
  let summary = "pick slices by index";
  let description = [{
    ONNX Gather: `result[a..., i..., b...] = input[a..., indices[i...], b...]`;
    negative indices count from the end.

    Constraints:

    - (C1) `axis` is a dimension of `input`.
    - (C2) `result` has the gathered shape and the input's element type.

    Example:

    ```mlir
    %y = qcc.gather %x, %i {axis = 0 : i64}
      : (tensor<5x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input,
    StaticShapeTensorOf<[AnyInteger]>:$indices, I64Attr:$axis);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $input `,` $indices attr-dict `:` functional-type(operands, results)
  }];
}

def Qcc_ExpandOp : Qcc_ShapeOp<"expand"> {
  let summary = "repeat dimensions of size one";
  let description = [{
    NumPy broadcasting of `input` to the result's shape.

    Constraints:

    - (C1) `input` broadcasts to the shape of `result`.
    - (C2) they have the same element type.

    Example:

    ```mlir
    %y = qcc.expand %x : tensor<1x3xf32> -> tensor<2x3xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input);
  let results = (outs Qcc_Tensor:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
}

#endif // QCC_SHAPE_OPS_TD
