// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of the packed graph and of the launch program: what is left when kernels
// are chosen.

#ifndef QCC_KERNEL_OPS_TD
#define QCC_KERNEL_OPS_TD

include "dialects/Qcc/IR/QccAttrs.td"
include "dialects/Qcc/IR/QccTypes.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Qcc_ObserveOp : Qcc_Op<"observe"> {
  let summary = "keep a tensor readable after the run";
  let description = [{
    Names `input` in the library's table of observed tensors. Its buffer is not
    reused, so calibration and per-layer comparison can read it when the run is
    over. Changes no value.

    Constraints:

    - (C1) `name` is not empty.

    Example:

    ```mlir
    qcc.observe %x, "conv1" : tensor<1x4x8x8xf32>
    ```
  }];
  let arguments = (ins Qcc_Tensor:$input, StrAttr:$name);
  let assemblyFormat = "$input `,` $name attr-dict `:` type($input)";
  let hasVerifier = 1;
}

def Qcc_PackedConvOp : Qcc_Op<"packed_conv", [Pure, AttrSizedOperandSegments]> {
  let summary = "convolve with packed weights";
  let description = [{
    `qcc.conv` (and `qcc.linear`, as a 1x1 convolution of rank 2 tensors) after
    packing. `weight` has a `#qcc.panels` encoding. `start` is what accumulators
    begin with: for integers the i32 bias minus `z_x * sum(w)`, for floats the
    bias. `multiplier` is docs/numerics.md `m[c]` and only there for integers.
    Both are padded to whole panels and in the panel's channel order. `kernel`
    is the height and width of the filters.

    Constraints:

    - (C1) `weight` has a `#qcc.panels` encoding and rank 6.
    - (C2) `start` covers all panels: `groups * panels * vectors * lanes`.
    - (C3) `multiplier` is there exactly when `input` is quantized, and has the
      shape of `start`.

    Example: see `test/passes/Pack/pack-weights.mlir`.
  }];
  let arguments = (ins
    Qcc_FloatOrQuantTensor:$input, Qcc_WeightTensor:$weight,
    Qcc_BiasTensor:$start, Optional<Qcc_FloatTensor>:$multiplier,
    Optional<Qcc_FloatOrQuantTensor>:$residual,
    DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$pads, DenseI64ArrayAttr:$dilations, I64Attr:$group,
    OptionalAttr<F32Attr>:$lower, OptionalAttr<F32Attr>:$upper,
    UnitAttr:$row_taps, UnitAttr:$bounded);
  let results = (outs Qcc_FloatOrQuantTensor:$result);
  let assemblyFormat = [{
    $input `,` $weight `,` $start (`multiplier` `(` $multiplier^ `)`)?
    (`residual` `(` $residual^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_PackedDepthwiseOp
    : Qcc_Op<"packed_depthwise", [Pure, AttrSizedOperandSegments]> {
  let summary = "convolve each channel with packed weights of its own";
  let description = [{
    A depthwise `qcc.conv` after packing; `start` and `multiplier` as in
    `qcc.packed_conv`, in natural order. `tile` outputs of a row are computed
    at once; with `row_pairs` two rows are, from dwords of four input rows
    (docs/packing.md).

    Constraints:

    - (C1) `multiplier` is there exactly when `input` is quantized, and has the
      shape of `start`.

    Example: see `test/passes/Pack/pack-weights.mlir`.
  }];
  let arguments = (ins
    Qcc_FloatOrQuantTensor:$input, Qcc_WeightTensor:$weight,
    Qcc_BiasTensor:$start, Optional<Qcc_FloatTensor>:$multiplier,
    Optional<Qcc_FloatOrQuantTensor>:$residual,
    DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$strides,
    DenseI64ArrayAttr:$pads, DenseI64ArrayAttr:$dilations,
    OptionalAttr<F32Attr>:$lower, OptionalAttr<F32Attr>:$upper,
    I64Attr:$tile, UnitAttr:$row_pairs, UnitAttr:$bounded);
  let results = (outs Qcc_FloatOrQuantTensor:$result);
  let assemblyFormat = [{
    $input `,` $weight `,` $start (`multiplier` `(` $multiplier^ `)`)?
    (`residual` `(` $residual^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_LookupOp : Qcc_Op<"lookup", [Pure]> {
  let summary = "replace 8-bit integers by table entries";
  let description = [{
    `result = table[q + 128]` for i8, `table[q]` for u8 storage
    (docs/numerics.md *table*).

    Constraints:

    - (C1) `table` has 256 entries.
    - (C2) `input` and `result` have the same shape and 8 bits.

    Example:

    ```mlir
    %y = qcc.lookup %x, %table : (tensor<4x!qcc.quant<u8, 1.0, 0>>,
      tensor<256xi8>) -> tensor<4x!qcc.quant<u8, 5.0e-1, 0>>
    ```
  }];
  let arguments = (ins Qcc_QuantTensor:$input,
                       StaticShapeTensorOf<[I8]>:$table);
  let results = (outs Qcc_QuantTensor:$result);
  let assemblyFormat = [{
    $input `,` $table attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_FusedOp : Qcc_Op<"fused", [Pure, IsolatedFromAbove, SingleBlock]> {
  let summary = "compute several elementwise ops in one pass over memory";
  let description = [{
    Gives what the ops of the body give: each of them computes an element from
    the elements at its place, so one kernel computes all of them while the
    element is in a register. The body's arguments are the operands, broadcast
    to the result where they are smaller.

    Constraints:

    - (C1) The body has an argument for each operand, of its shape and element
      type.
    - (C2) The body yields one value of the result's shape and element type.
    - (C3) Every op of the body is elementwise (`qcc.unary`, `binary`, `clamp`,
      `select`, `cast`, `quantize`, `dequantize`, `requantize`) and has the
      result's shape.

    Example:

    ```mlir
    %y = qcc.fused(%x, %z) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>, %b: tensor<f32>):
      %0 = qcc.binary add %a, %b
        : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
      %1 = qcc.unary tanh %0 : tensor<4xf32> -> tensor<4xf32>
      qcc.yield %1 : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs);
  let results = (outs AnyRankedTensor:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `(` $inputs `)` attr-dict `:` functional-type(operands, results) $body
  }];
  let hasVerifier = 1;
}

def Qcc_YieldOp : Qcc_Op<"yield", [Pure, Terminator, HasParent<"FusedOp">]> {
  let summary = "end the body of qcc.fused";
  let description = [{
    Gives the value of the `qcc.fused` around it.

    Example:

    ```mlir
    qcc.yield %1 : tensor<4xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Qcc_LaunchOp : Qcc_Op<"launch"> {
  let summary = "run the tasks of a kernel on the thread pool";
  let description = [{
    Calls `kernel(task, operands...)` for each task from 0 to `tasks - 1`, in
    any order and in parallel, and waits. `op_name`, `kind`, `macs`, `bytes` and
    `int8` describe the work for profiles.

    `extent = [buffer, element, unit]` makes the number of tasks depend on what
    a run is given: there are `tasks` for each `unit`, whole or begun, of the
    i64 at `element` of buffer number `buffer`.

    A `joined` launch does not wait for the launch before it, nor for those
    that this one is joined to: the tasks of all are done in parallel, as one
    launch of the runtime.

    A launch that `streams` a buffer reads all of it, constant weights, and
    its tasks do so in their order: whoever waits may fetch it ahead.

    Constraints:

    - (C1) `tasks` is at least 1.
    - (C2) `extent` names one of `buffers` and an element, and `unit` is at
      least 1.
    - (C3) A launch stands before a `joined` one, with the same extent. (Seen
      to by `qcc-lower-launches`.)
    - (C4) `streams` is the number of one of `buffers`.

    Example:

    ```mlir
    qcc.launch @conv_0 tasks 8 (%x, %w, %y)
      {op_name = "conv1", kind = "qcc.conv", macs = 0 : i64, bytes = 0 : i64}
      : memref<64xi8>, memref<64xi8>, memref<64xi8>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, I64Attr:$tasks,
    Variadic<AnyMemRef>:$buffers, StrAttr:$op_name, StrAttr:$kind,
    I64Attr:$macs, I64Attr:$bytes, UnitAttr:$int8,
    OptionalAttr<DenseI64ArrayAttr>:$extent, UnitAttr:$joined,
    OptionalAttr<I64Attr>:$streams);
  let assemblyFormat = [{
    $kernel `tasks` $tasks `(` $buffers `)` attr-dict `:` type($buffers)
  }];
  let hasVerifier = 1;
}

#endif // QCC_KERNEL_OPS_TD
