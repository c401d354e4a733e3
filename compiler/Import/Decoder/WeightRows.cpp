// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One place that knows which decoder a layout needs.

#include "compiler/Import/Decoder/WeightRows.h"

#include "dialects/Qcc/Numerics/SplitBlocks.h"

#include <cassert>

namespace qcc {

bool hasGroupedCodes(const Weight &weight) {
  return weight.layout == WeightLayout::Gptq ||
         weight.layout == WeightLayout::Awq ||
         weight.layout == WeightLayout::CompressedTensors;
}

static numerics::CodeLayout getCodeLayout(const Weight &weight) {
  if (weight.layout == WeightLayout::Gptq)
    return numerics::CodeLayout::Streams;
  if (weight.layout == WeightLayout::Awq)
    return numerics::CodeLayout::ShuffledNibbles;
  if (weight.isSigned)
    return numerics::CodeLayout::Bytes;
  return weight.isDense ? numerics::CodeLayout::DenseWords
                        : numerics::CodeLayout::Words;
}

numerics::GroupedCodes getGroupedCodes(const Weight &weight) {
  assert(hasGroupedCodes(weight) && "floats and blocks have no codes");
  // The order of the parts is that of the files' own lists.
  bool isCompressed = weight.layout == WeightLayout::CompressedTensors;
  auto part = [&](size_t index) -> numerics::Span<const char> {
    if (index >= weight.parts.size())
      return {};
    return {weight.parts[index].data(), weight.parts[index].size()};
  };
  numerics::GroupedCodes matrix;
  matrix.layout = getCodeLayout(weight);
  matrix.rows = weight.rows;
  matrix.columns = weight.columns;
  matrix.firstRow = weight.firstRow;
  matrix.allRows = weight.allRows;
  matrix.bits = weight.bits;
  matrix.group = weight.group;
  matrix.zeroOffset = weight.zeroOffset;
  matrix.scaleFormat = weight.format;
  matrix.codes = part(0);
  matrix.zeros = part(isCompressed ? 2 : 1);
  matrix.scales = part(isCompressed ? 1 : 2);
  matrix.groupIndices = part(3);
  return matrix;
}

static void decodeSplitRow(const Weight &weight, int64_t row, float *values) {
  assert(weight.format == BlockFormat::MXFP4 && "only those are split");
  int64_t count = weight.columns / 32;
  int64_t first = (weight.firstRow + row * weight.rowStep) * count;
  auto bytes = [&](size_t part) {
    return reinterpret_cast<const uint8_t *>(weight.parts[part].data());
  };
  std::vector<uint8_t> blocks(getRowBytes(weight.format, weight.columns));
  numerics::joinSplitBlocks(bytes(0) + first * 16, bytes(1) + first, count,
                            blocks.data());
  decodeBlocks(weight.format, blocks.data(), weight.columns, values);
}

void decodeWeightRow(const Weight &weight, int64_t row, float *values) {
  assert(row >= 0 && row < weight.rows && "a row after the last");
  if (hasGroupedCodes(weight))
    return numerics::decodeRow(getGroupedCodes(weight), row,
                               {values, size_t(weight.columns)});
  if (weight.layout == WeightLayout::SplitBlocks)
    return decodeSplitRow(weight, row, values);
  const auto *bytes = reinterpret_cast<const uint8_t *>(weight.bytes.data());
  if (weight.layout == WeightLayout::Blocks) {
    int64_t rowBytes = getRowBytes(weight.format, weight.columns);
    return decodeBlocks(weight.format, bytes + row * rowBytes, weight.columns,
                        values);
  }
  // Columns: a row's elements are as far apart as the matrix is wide.
  int64_t element = getBlockShape(weight.format).bytes;
  for (int64_t i = 0; i < weight.columns; ++i) {
    int64_t index = i * weight.allRows + weight.firstRow + row * weight.rowStep;
    decodeBlocks(weight.format, bytes + index * element, 1, values + i);
  }
}

} // namespace qcc
