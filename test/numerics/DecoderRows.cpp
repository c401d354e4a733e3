// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantizes rows one element after the other, and draws weights.

#include "test/numerics/DecoderRows.h"

#include "dialects/Qcc/Numerics/Blocks.h"
#include "dialects/Qcc/Numerics/GroupQuantizer.h"
#include "dialects/Qcc/Numerics/Halves.h"
#include "test/unit/dialects/Qcc/Numerics/PanelElements.h"

#include <cmath>

namespace qcc::numerics_test {

const char *getName(StoredRows format) {
  static const char *const names[] = {"f32", "q8_block32", "q8_block256",
                                      "q8_token", "bf16"};
  return names[size_t(format)];
}

std::string printFormat(StoredRows format) {
  return std::string("format = #qcc.row_format<") + getName(format) + ">";
}

static RowLayout getLayout(StoredRows format, int64_t columns) {
  return RowLayout::of(columns, format == StoredRows::Block32    ? 32
                                : format == StoredRows::Block256 ? 256
                                                                 : columns);
}

Tensor makeRows(StoredRows format, int64_t rows, int64_t columns) {
  if (format == StoredRows::Float)
    return makeTensor({rows, columns}, "f32");
  if (format == StoredRows::BFloat)
    return makeTensor({rows, RowLayout::align(columns, 32) * 2}, "i8");
  return makeTensor({rows, getLayout(format, columns).bytes}, "i8");
}

std::vector<uint16_t> roundToBrain(llvm::ArrayRef<float> values) {
  std::vector<uint16_t> row(
      size_t(RowLayout::align(int64_t(values.size()), 32)));
  for (size_t k = 0; k < values.size(); ++k)
    row[k] = numerics::encodeBF16(values[k]);
  return row;
}

QuantizedRow quantize(StoredRows format, llvm::ArrayRef<float> values) {
  auto columns = int64_t(values.size());
  QuantizedRow row{getLayout(format, columns), {}, {}};
  row.codes.resize(size_t(RowLayout::align(columns, 128)));
  for (int64_t group = 0; group < row.layout.groups; ++group) {
    int64_t from = group * row.layout.group;
    int64_t end = std::min(from + row.layout.group, columns);
    float largest = 0;
    for (int64_t k = from; k < end; ++k)
      largest = std::max(largest, std::fabs(values[size_t(k)]));
    float scale = largest / 127;
    if (format == StoredRows::Block32)
      scale = numerics::decodeF16(numerics::encodeF16(scale));
    float inverse = largest == 0 ? 0 : 127 / largest;
    for (int64_t k = from; k < end; ++k)
      row.codes[size_t(k)] =
          int8_t(std::nearbyint(values[size_t(k)] * inverse));
    row.scales.push_back(scale);
  }
  return row;
}

/// Minus the sums of so many codes each.
static std::vector<int32_t> getSums(const QuantizedRow &row, int64_t size) {
  std::vector<int32_t> sums;
  for (int64_t k = 0; k < row.layout.columns; k += size) {
    int32_t sum = 0;
    for (int64_t i = k; i < k + size; ++i)
      sum -= row.codes[size_t(i)];
    sums.push_back(sum);
  }
  return sums;
}

/// Calls `visit(name, offset, bytes)` for each part of a row.
template <typename F>
static void forEachPart(const QuantizedRow &row, F visit) {
  visit("codes", int64_t(0), toBytes(row.codes));
  visit("scales", row.layout.scalesAt, toBytes(row.scales));
  for (size_t i = 0; i < RowLayout::kSumSizes.size(); ++i)
    visit("sums", row.layout.sumsAt[i],
          toBytes(getSums(row, RowLayout::kSumSizes[i])));
  std::vector<int32_t> sums = getSums(row, 32);
  visit("short sums", row.layout.shortSumsAt,
        toBytes(std::vector<int16_t>(sums.begin(), sums.end())));
}

Bytes store(StoredRows format, llvm::ArrayRef<float> values, int64_t columns) {
  if (format == StoredRows::Float)
    return toBytes(values.vec());
  Bytes bytes;
  for (size_t at = 0; at < values.size(); at += size_t(columns)) {
    if (format == StoredRows::BFloat) {
      Bytes row = toBytes(roundToBrain(values.slice(at, size_t(columns))));
      bytes.insert(bytes.end(), row.begin(), row.end());
      continue;
    }
    QuantizedRow row = quantize(format, values.slice(at, size_t(columns)));
    Bytes stored(size_t(row.layout.bytes), 0);
    forEachPart(row, [&](const char *, int64_t offset, const Bytes &part) {
      std::copy(part.begin(), part.end(), stored.begin() + offset);
    });
    bytes.insert(bytes.end(), stored.begin(), stored.end());
  }
  return bytes;
}

std::string findRowDifference(const QuantizedRow &expected, const char *row) {
  std::string difference;
  forEachPart(
      expected, [&](const char *name, int64_t offset, const Bytes &part) {
        for (size_t i = 0; i < part.size() && difference.empty(); ++i)
          if (row[size_t(offset) + i] != part[i])
            difference = std::string(name) + ", byte " + std::to_string(i) +
                         ": expected " + std::to_string(part[i]) +
                         ", but got " + std::to_string(row[size_t(offset) + i]);
      });
  return difference;
}

Tensor BlockWeights::addTo(GraphText &graph) const {
  return graph.addConstant({rows, int64_t(bytes.size()) / rows},
                           "i8, #qcc.blocks<\"" + format + "\", " +
                               std::to_string(columns) + ">",
                           bytes);
}

/// Random bytes whose scales are of one size.
static void drawBlocks(const PanelFormat &format, Random &random,
                       std::vector<uint8_t> &row) {
  for (uint8_t &byte : row)
    byte = uint8_t(random.next());
  int64_t size = format.blockBytes(1);
  for (size_t at = 0; at < row.size(); at += size_t(size)) {
    for (int64_t place : findHalves(format)) {
      if (at + size_t(place) + 1 >= row.size())
        continue; // half of a pair
      uint8_t &high = row[at + size_t(place) + 1];
      high = uint8_t((high & 0x83) | 0x30);
    }
    if (format.scale == BlockScale::Exponent)
      row[at] = uint8_t(120 + row[at] % 8);
  }
}

BlockWeights drawWeights(const std::string &name, int64_t rows, int64_t columns,
                         Random &random) {
  BlockWeights weights{name, rows, columns, {}, {}};
  PanelFormat format = *findPanelFormat(name);
  std::vector<uint8_t> row(size_t(getBlockRowBytes(format, columns)));
  for (int64_t r = 0; r < rows; ++r) {
    std::vector<float> values = drawFloats(random, columns);
    if (auto known = findBlockFormat(name)) {
      drawBlocks(format, random, row);
      decodeBlocks(*known, row.data(), columns, values.data());
    } else {
      qcc::quantizeRow(format, values.data(), columns, row.data());
      decodeGroups(format, row.data(), values);
    }
    weights.bytes.insert(weights.bytes.end(), row.begin(), row.end());
    weights.values.insert(weights.values.end(), values.begin(), values.end());
  }
  return weights;
}

std::vector<double> readStored(StoredRows format,
                               llvm::ArrayRef<float> values) {
  std::vector<double> row(values.begin(), values.end());
  if (format == StoredRows::Float)
    return row;
  if (format == StoredRows::BFloat) {
    std::vector<uint16_t> codes = roundToBrain(values);
    for (size_t k = 0; k < row.size(); ++k)
      row[k] = numerics::decodeBF16(codes[k]);
    return row;
  }
  QuantizedRow codes = quantize(format, values);
  for (size_t k = 0; k < row.size(); ++k)
    row[k] = codes.get(int64_t(k));
  return row;
}

} // namespace qcc::numerics_test
