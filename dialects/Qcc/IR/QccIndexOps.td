// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops about the places of elements: which ones are the best, and where to put
// others.

#ifndef QCC_INDEX_OPS_TD
#define QCC_INDEX_OPS_TD

include "dialects/Qcc/IR/QccAttrs.td"
include "dialects/Qcc/IR/QccTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Qcc_BuiltinTensor : StaticShapeTensorOf<[Qcc_Float, AnyInteger]>;

def Qcc_TopKOp : Qcc_Op<"top_k", [Pure]> {
  let summary = "find the largest or smallest elements along a dimension";
  let description = [{
    The places along `axis` of the largest elements (of the smallest with
    `largest = false`), best first, as many as the result has there. Of equal
    elements the first comes first; NaN comes after all numbers.

    Constraints:

    - (C1) `axis` is a dimension of `input`.
    - (C2) `result` has the shape of `input`, but for `axis`, where it is not
      longer.
    - (C3) the elements of `result` are i64.

    Example:

    ```mlir
    %i = qcc.top_k %x {axis = 1 : i64} : tensor<1x10xf32> -> tensor<1x3xi64>
    ```
  }];
  let arguments = (ins Qcc_BuiltinTensor:$input, I64Attr:$axis,
                       DefaultValuedAttr<BoolAttr, "true">:$largest);
  let results = (outs StaticShapeTensorOf<[AnyInteger]>:$result);
  let assemblyFormat = [{
    $input attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Qcc_NonMaxSuppressionOp : Qcc_Op<"non_max_suppression", [Pure]> {
  let summary = "choose boxes that do not overlap, best first";
  let description = [{
    For each image and each class: walks the boxes from the highest score down
    (of equal scores the first), those not above `score_threshold` left out, and
    chooses each whose overlap with every box chosen before, intersection by
    union in f32, is 0 or at most `iou_threshold`, until `boxes_per_class` are.

    A row `(image, class, box)` of the result for each chosen box; the rows that
    are left at the end are -1, since shapes are static.

    A box is `(y1, x1, y2, x2)`, two opposite corners, or with `centered`
    `(x, y, width, height)`.

    Constraints:

    - (C1) `boxes` is `[images, boxes, 4]`, `scores` `[images, classes, boxes]`.
    - (C2) `result` is `[images * classes * min(boxes_per_class, boxes), 3]` of
      i64.
    - (C3) `boxes_per_class` is at least 0.

    Example:

    ```mlir
    %y = qcc.non_max_suppression %boxes, %scores {boxes_per_class = 3 : i64,
        iou_threshold = 5.0e-1 : f32}
      : (tensor<1x6x4xf32>, tensor<1x2x6xf32>) -> tensor<6x3xi64>
    ```
  }];
  let arguments = (ins Qcc_FloatTensor:$boxes, Qcc_FloatTensor:$scores,
    I64Attr:$boxes_per_class, F32Attr:$iou_threshold,
    OptionalAttr<F32Attr>:$score_threshold,
    DefaultValuedAttr<BoolAttr, "false">:$centered);
  let results = (outs StaticShapeTensorOf<[AnyInteger]>:$result);
  let assemblyFormat = [{
    $boxes `,` $scores attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_ScatterOp : Qcc_Op<"scatter", [Pure]> {
  let summary = "put slices into a tensor by index";
  let description = [{
    A copy of `input` in which, for each `i` in order, slice `indices[i]` of the
    first dimension becomes `kind(what is there, updates[i])`; `set` takes the
    update. Negative indices count from the end; what lies outside is left out.

    Constraints:

    - (C1) `indices` has rank 1, `input` and `updates` at least that.
    - (C2) `updates` has a slice for each index, of the shape of `input`'s.
    - (C3) `input`, `updates` and `result` have one element type, without grid.
    - (C4) `result` has the shape of `input`.

    Example:

    ```mlir
    %y = qcc.scatter add %x, %i, %u
      : (tensor<5x3xf32>, tensor<2xi64>, tensor<2x3xf32>) -> tensor<5x3xf32>
    ```
  }];
  let arguments = (ins Qcc_ScatterKindAttr:$kind, Qcc_BuiltinTensor:$input,
    StaticShapeTensorOf<[AnyInteger]>:$indices, Qcc_BuiltinTensor:$updates);
  let results = (outs Qcc_BuiltinTensor:$result);
  let assemblyFormat = [{
    `` $kind $input `,` $indices `,` $updates attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

#endif // QCC_INDEX_OPS_TD
