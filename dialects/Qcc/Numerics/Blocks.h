// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formats of weights in files: elements along a row share scales in blocks of
// bytes. Plain floats are blocks of one element. Layouts are those of GGUF
// (ggml-org/ggml, src/ggml-common.h); docs/blocks.md draws them.

#ifndef DIALECTS_QCC_NUMERICS_BLOCKS_H
#define DIALECTS_QCC_NUMERICS_BLOCKS_H

#include <cstdint>
#include <optional>
#include <string_view>

namespace qcc {

enum class BlockFormat : uint8_t {
  F32,
  F16,
  BF16,
  Q4_0,
  Q4_1,
  Q5_0,
  Q5_1,
  Q8_0,
  Q2_K,
  Q3_K,
  Q4_K,
  Q5_K,
  Q6_K,
  IQ4_NL,
  IQ4_XS,
  MXFP4,
};

struct BlockShape {
  std::string_view name; // "q4_0", as in names of files and kernels
  int64_t elements;      // along a row
  int64_t bytes;
};

/// Name and size of a block; every format has one.
const BlockShape &getBlockShape(BlockFormat format);

/// The format called `name` ("q4_k", "bf16"), or nothing.
std::optional<BlockFormat> findBlockFormat(std::string_view name);

/// Bytes of a row of `columns` elements, a multiple of the block's elements.
inline int64_t getRowBytes(BlockFormat format, int64_t columns) {
  const BlockShape &shape = getBlockShape(format);
  return columns / shape.elements * shape.bytes;
}

/// Writes the values of `count` elements (whole blocks), in f32, each product
/// and difference rounded as ggml's dequantize_row_* does: bit for bit.
void decodeBlocks(BlockFormat format, const uint8_t *blocks, int64_t count,
                  float *values);

} // namespace qcc

#endif // DIALECTS_QCC_NUMERICS_BLOCKS_H
