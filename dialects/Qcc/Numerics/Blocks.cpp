// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of formats. A new one is a row here, a struct in BlockLayouts.h, a
// decoder and a drawing in docs/blocks.md.

#include "dialects/Qcc/Numerics/Blocks.h"
#include "dialects/Qcc/Numerics/BlockDecoders.h"

namespace qcc {
namespace {

struct Row {
  BlockFormat format;
  BlockShape shape;
  blocks::Decode decode;
};

// In the order of the enumeration, which the assertion below holds.
constexpr Row kRows[] = {
    {BlockFormat::F32, {"f32", 1, 4}, blocks::decodeF32},
    {BlockFormat::F16, {"f16", 1, 2}, blocks::decodeF16},
    {BlockFormat::BF16, {"bf16", 1, 2}, blocks::decodeBF16},
    {BlockFormat::Q4_0, {"q4_0", 32, 18}, blocks::decodeQ4_0},
    {BlockFormat::Q4_1, {"q4_1", 32, 20}, blocks::decodeQ4_1},
    {BlockFormat::Q5_0, {"q5_0", 32, 22}, blocks::decodeQ5_0},
    {BlockFormat::Q5_1, {"q5_1", 32, 24}, blocks::decodeQ5_1},
    {BlockFormat::Q8_0, {"q8_0", 32, 34}, blocks::decodeQ8_0},
    {BlockFormat::Q2_K, {"q2_k", 256, 84}, blocks::decodeQ2_K},
    {BlockFormat::Q3_K, {"q3_k", 256, 110}, blocks::decodeQ3_K},
    {BlockFormat::Q4_K, {"q4_k", 256, 144}, blocks::decodeQ4_K},
    {BlockFormat::Q5_K, {"q5_k", 256, 176}, blocks::decodeQ5_K},
    {BlockFormat::Q6_K, {"q6_k", 256, 210}, blocks::decodeQ6_K},
    {BlockFormat::IQ4_NL, {"iq4_nl", 32, 18}, blocks::decodeIQ4_NL},
    {BlockFormat::IQ4_XS, {"iq4_xs", 256, 136}, blocks::decodeIQ4_XS},
    {BlockFormat::MXFP4, {"mxfp4", 32, 17}, blocks::decodeMXFP4},
};

constexpr bool isInOrder() {
  int next = 0;
  for (const Row &row : kRows)
    if (static_cast<int>(row.format) != next++)
      return false;
  return next == static_cast<int>(BlockFormat::MXFP4) + 1;
}
static_assert(isInOrder());

} // namespace

const BlockShape &getBlockShape(BlockFormat format) {
  return kRows[static_cast<int>(format)].shape;
}

std::optional<BlockFormat> findBlockFormat(std::string_view name) {
  for (const Row &row : kRows)
    if (row.shape.name == name)
      return row.format;
  return std::nullopt;
}

void decodeBlocks(BlockFormat format, const uint8_t *blocks, int64_t count,
                  float *values) {
  const Row &row = kRows[static_cast<int>(format)];
  row.decode(blocks, count / row.shape.elements, values);
}

} // namespace qcc
