// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops of attention on a cache of keys and values, for the rows of a run as in
// QccDecoderOps.td.

#ifndef QCC_ATTENTION_OPS_TD
#define QCC_ATTENTION_OPS_TD

include "dialects/Qcc/IR/QccDecoderOps.td"

def Qcc_CacheKeysOp : Qcc_Op<"cache_keys", [AttrSizedOperandSegments]> {
  let summary = "rotate queries, and put rotated keys and values in the cache";
  let description = [{
    For each row of the run: normalizes heads (`query_norm`, `key_norm`, with
    `epsilon`), rotates queries and keys by `rotations` (pairs `(i, i + half)`,
    or `(2i, 2i + 1)` with `interleaved`), writes key and value to place
    `places[r]` of `cache`, and returns the queries. Before all that, `clip`
    bounds the magnitude of queries, keys and values. The cache is the caller's
    buffer and changes in place; docs/decoder.md draws it. Where its element
    type is i8, keys and values are rounded to 8 bits with a scale for each 32
    elements of a head.

    A norm is `x / sqrt(mean(x^2) + epsilon) * weight`, or with `centered` of
    x less its mean. It is of each head if it has `head_size` weights, and of
    all heads at once if it has more; then too of each head with `by_head`, by
    weights of its own. With `rotates_first` heads are rotated before they are
    normalized: rotations then must keep lengths (a magnitude of 1).

    Constraints:

    - (C1) `query` is `[rows, heads * head_size]`; `key` and `value` are
      `[rows, kv_heads * head_size]`.
    - (C2) `result` has the shape of `query`.
    - (C3) `cache` is `[2, kv_heads, places, numbers]`: as many numbers as
      `head_size`, or of i8 two more for each 32 elements.
    - (C4) `centered` and `rotates_first` exclude each other.
    - (C5) `clip` is above 0.

    Example: see `test/passes/LowerCpu/decoder.mlir`.
  }];
  let arguments = (ins Qcc_FloatTensor:$query, Qcc_FloatTensor:$key,
    Qcc_FloatTensor:$value, Qcc_Extents:$places, Qcc_Tensor:$cache,
    Qcc_Extents:$extents, Optional<Qcc_FloatTensor>:$rotations,
    Optional<Qcc_FloatTensor>:$query_norm, Optional<Qcc_FloatTensor>:$key_norm,
    I64Attr:$kv_heads, I64Attr:$head_size, F32Attr:$epsilon,
    UnitAttr:$interleaved, UnitAttr:$centered, UnitAttr:$by_head,
    UnitAttr:$rotates_first, OptionalAttr<F32Attr>:$clip);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $query `,` $key `,` $value `to` $cache `,` $places `,` $extents
    (`rotate` `(` $rotations^ `)`)? (`query_norm` `(` $query_norm^ `)`)?
    (`key_norm` `(` $key_norm^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Qcc_AttendOp : Qcc_Op<"attend", [AttrSizedOperandSegments]> {
  let summary = "attend to the keys and values in the cache";
  let description = [{
    For each query head h of each row: the values of key head
    `h / (heads / kv_heads)`, weighted by the softmax over the positions that
    the row sees of `cap(scale * q . k)`. A row at position p sees positions
    `max(0, p - window + 1)` to p of its sequence (`window` 0: all to p). The
    `sinks[h]` of a head is one more score, without a value. With `slopes`
    (ALiBi) `slopes[h] * (j - p)` is added to the score of position j.

    `spans[s]` is `(first row, rows, place of position 0, first position)`:
    neighbouring rows of one sequence at neighbouring positions, at most as many
    rows as `span_rows`.

    With `parts` a span has three more numbers: `(..., first place, end, slot)`.
    It sees the positions from its first place, a multiple of 16, to before its
    end only. If the slot is negative that is all of them; else row i of the
    span leaves what it summed up in row `slot + i` of `parts`, the caller's
    buffer, and spans of the same rows with other positions leave theirs.
    `merges[m]` is `(row, slot, parts, step)`: the row's result is made of rows
    `slot`, `slot + step`, ... of `parts`, as many as there are parts.

    Constraints:

    - (C1) `query` and `result` are `[rows, heads * head_size]` of f32, and
      `spans` is `[spans, 4]`, with `parts` `[spans, 7]`.
    - (C2) `cache` is as in `qcc.cache_keys`.
    - (C3) `parts` and `merges` come together, and `extents` then has 5 numbers.
    - (C4) `parts` is `[slots, numbers]` of at least `head_size + 2` numbers for
      each head, and `merges` is `[merges, 4]`.
    - (C5) `slopes` has a number for each head.

    Example: see `test/passes/LowerCpu/decoder.mlir`.
  }];
  let arguments = (ins Qcc_FloatTensor:$query, Qcc_Tensor:$cache,
    Qcc_Extents:$spans, Qcc_Extents:$extents, Optional<Qcc_FloatTensor>:$sinks,
    Optional<Qcc_FloatTensor>:$parts, Optional<Qcc_Extents>:$merges,
    Optional<Qcc_FloatTensor>:$slopes,
    I64Attr:$kv_heads, I64Attr:$head_size, F32Attr:$scale,
    DefaultValuedAttr<I64Attr, "0">:$window, OptionalAttr<F32Attr>:$soft_cap,
    I64Attr:$span_rows);
  let results = (outs Qcc_FloatTensor:$result);
  let assemblyFormat = [{
    $query `,` $cache `,` $spans `,` $extents (`sinks` `(` $sinks^ `)`)?
    (`parts` `(` $parts^ `)`)? (`merges` `(` $merges^ `)`)?
    (`slopes` `(` $slopes^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // QCC_ATTENTION_OPS_TD
