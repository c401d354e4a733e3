// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Layouts as encodings of tensor types: of packed weights, and of planned
// buffers.

#ifndef QCC_ATTRS_TD
#define QCC_ATTRS_TD

include "dialects/Qcc/IR/QccEnums.td"
include "mlir/IR/AttrTypeBase.td"

def Qcc_BufferAttr : AttrDef<Qcc_Dialect, "Buffer"> {
  let mnemonic = "buffer";
  let summary = "where and how a tensor is stored once memory is planned";
  let description = [{
    Encoding of an activation's type after `qcc-plan-memory`:
    element `[i0, i1, ...]` is at byte `offset + size * sum(i * strides)` of
    `space`: the arena, input or output number `index`, or the weights.
    `halo` is the border that the producer fills with the padding value:
    `[top, left, bottom, right]` rows and columns of the two last logical
    dimensions. `offset` points at the first element inside the halo.
  }];
  let parameters = (ins
    EnumParameter<Qcc_BufferSpace>:$space,
    "int64_t":$index,
    "int64_t":$offset,
    ArrayRefParameter<"int64_t">:$strides,
    OptionalArrayRefParameter<"int64_t">:$halo);
  let assemblyFormat = [{
    `<` $space $index `,` `offset` `=` $offset `,`
        `strides` `=` `[` $strides `]`
        (`,` `halo` `=` `[` $halo^ `]`)? `>`
  }];
}

def Qcc_PanelsAttr : AttrDef<Qcc_Dialect, "Panels"> {
  let mnemonic = "panels";
  let summary = "weights packed for the broadcast micro-kernel";
  let description = [{
    Encoding of a packed weight tensor
    `[group][panel][tap][k / step][vectors][lanes * step]`: output channel
    panels of `vectors * lanes` channels, each tap's reduction axis in steps of
    `step` elements (4 bytes: four i8 or one f32), `lanes` output channels in
    one register. `order` says which channel a lane holds: `natural`, or
    `interleaved` so that two saturating packs of the accumulators leave the
    bytes in channel order (docs/packing.md).
  }];
  let parameters = (ins
    "int64_t":$lanes, "int64_t":$vectors, "int64_t":$step,
    EnumParameter<Qcc_PanelOrder>:$order);
  let assemblyFormat = [{
    `<` `lanes` `=` $lanes `,` `vectors` `=` $vectors `,` `step` `=` $step `,`
        `order` `=` $order `>`
  }];
}

def Qcc_BlocksAttr : AttrDef<Qcc_Dialect, "Blocks"> {
  let mnemonic = "blocks";
  let summary = "rows of weights in blocks, as a file holds them";
  let description = [{
    Encoding of a tensor of bytes `[rows, bytes of a row]` whose rows are blocks
    of `format`, a name of docs/blocks.md such as `q4_0`.
  }];
  let parameters = (ins StringRefParameter<>:$format, "int64_t":$columns);
  let assemblyFormat = "`<` $format `,` $columns `>`";
}

def Qcc_BlockPanelsAttr : AttrDef<Qcc_Dialect, "BlockPanels"> {
  let mnemonic = "block_panels";
  let summary = "blocks of weights packed for the dot product of one machine";
  let description = [{
    Encoding of a tensor of bytes that holds panels of `lanes` rows of a
    `rows` x `columns` matrix (docs/blocks.md *panels*): the blocks of all rows
    of a panel at one column, then those at the next. The last panel may be
    padded with zero rows. Of `parts`, matrices of as many rows below each
    other, each begins a panel.
  }];
  let parameters = (ins StringRefParameter<>:$format, "int64_t":$rows,
                        "int64_t":$columns, "int64_t":$lanes,
                        DefaultValuedParameter<"int64_t", "1">:$parts);
  let assemblyFormat = [{
    `<` $format `,` $rows `x` $columns `,` `lanes` `=` $lanes
        (`,` `parts` `=` $parts^)? `>`
  }];
}

#endif // QCC_ATTRS_TD
