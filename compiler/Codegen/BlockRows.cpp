// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One class for each way that rows come to be. Codes of checkpoints keep their
// scales and zero points; a group of more columns than a block repeats them.

#include "compiler/Codegen/BlockRows.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/Blocks.h"
#include "dialects/Qcc/Numerics/GroupQuantizer.h"
#include "dialects/Qcc/Numerics/GroupedCodes.h"
#include "dialects/Qcc/Numerics/Halves.h"
#include "dialects/Qcc/Numerics/SplitBlocks.h"

using namespace mlir;

namespace qcc {

namespace {

using numerics::Span;

BlocksAttr blocksOf(Attribute step) {
  if (auto entry = dyn_cast<DictionaryAttr>(step))
    step = entry.get("type");
  Type type = cast<TypeAttr>(step).getValue();
  return cast<BlocksAttr>(cast<RankedTensorType>(type).getEncoding());
}

/// Rows as they lie in the file.
class FileRows : public BlockRows {
public:
  FileRows(Attribute source, BlocksAttr blocks)
      : bytes(getConstantBytes(source)->bytes),
        rowBytes(getBlockRowBytes(*findPanelFormat(blocks.getFormat()),
                                  blocks.getColumns())) {}

  const uint8_t *getRow(int64_t row, std::vector<uint8_t> &) const override {
    return reinterpret_cast<const uint8_t *>(bytes.data()) + row * rowBytes;
  }

private:
  ArrayRef<char> bytes;
  int64_t rowBytes;
};

/// The first of the rows of a wider matrix, and how far the next one is.
struct RowNumbers {
  explicit RowNumbers(DictionaryAttr parameters)
      : first(parameters.getAs<IntegerAttr>("first_row").getInt()) {
    if (auto number = parameters.getAs<IntegerAttr>("row_step"))
      step = number.getInt();
  }
  int64_t at(int64_t row) const { return first + row * step; }

  int64_t first, step = 1;
};

/// Rows of floats that lie in columns.
class ColumnRows : public BlockRows {
public:
  ColumnRows(Attribute source, BlocksAttr blocks, DictionaryAttr parameters)
      : bytes(getConstantBytes(source)->bytes), columns(blocks.getColumns()),
        element(getBlockShape(*findBlockFormat(blocks.getFormat())).bytes),
        rows(parameters),
        allRows(parameters.getAs<IntegerAttr>("all_rows").getInt()) {}

  const uint8_t *getRow(int64_t row,
                        std::vector<uint8_t> &made) const override {
    made.resize(columns * element);
    for (int64_t k = 0; k < columns; ++k)
      std::copy_n(bytes.data() + (k * allRows + rows.at(row)) * element,
                  element, made.data() + k * element);
    return made.data();
  }

private:
  ArrayRef<char> bytes;
  int64_t columns, element;
  RowNumbers rows;
  int64_t allRows;
};

/// Blocks of MXFP4 whose codes and scales lie apart.
class SplitRows : public BlockRows {
public:
  SplitRows(ArrayAttr sources, BlocksAttr blocks, DictionaryAttr parameters)
      : rows(parameters), count(blocks.getColumns() / 32) {
    assert(blocks.getFormat() == "mxfp4" && "only those are split");
    for (Attribute source : sources)
      parts.push_back(getConstantBytes(source)->bytes);
  }

  const uint8_t *getRow(int64_t row,
                        std::vector<uint8_t> &made) const override {
    made.resize(count * 17);
    int64_t first = rows.at(row) * count;
    auto bytes = [&](size_t part) {
      return reinterpret_cast<const uint8_t *>(parts[part].data());
    };
    numerics::joinSplitBlocks(bytes(0) + first * 16, bytes(1) + first, count,
                              made.data());
    return made.data();
  }

private:
  SmallVector<ArrayRef<char>, 2> parts;
  RowNumbers rows;
  int64_t count;
};

/// Integer codes of a checkpoint as blocks, with their groups side by side, or
/// as the floats they stand for.
class CodeRows : public BlockRows {
public:
  CodeRows(ArrayAttr sources, BlocksAttr blocks, DictionaryAttr parameters)
      : format(*findPanelFormat(blocks.getFormat())),
        rowBytes(getBlockRowBytes(format, blocks.getColumns())) {
    auto number = [&](StringRef name) {
      return parameters.getAs<IntegerAttr>(name).getInt();
    };
    codes.layout = static_cast<numerics::CodeLayout>(number("code_layout"));
    codes.rows = number("rows");
    codes.columns = number("columns");
    codes.firstRow = number("first_row");
    codes.allRows = number("all_rows");
    codes.bits = number("bits");
    codes.group = number("group");
    codes.zeroOffset = number("zero_offset");
    codes.scaleFormat = static_cast<BlockFormat>(number("scale_format"));
    Span<const char> *parts[] = {&codes.codes, &codes.zeros, &codes.scales,
                                 &codes.groupIndices};
    auto kinds = parameters.getAs<DenseI64ArrayAttr>("part_kinds").asArrayRef();
    for (auto [kind, source] : llvm::zip(kinds, sources)) {
      ArrayRef<char> bytes = getConstantBytes(source)->bytes;
      *parts[kind] = {bytes.data(), bytes.size()};
    }
    if (!format.isFloat)
      places = numerics::arrangeColumns(codes, format.group);
    assert(blocks.getColumns() ==
               std::max<int64_t>(codes.columns, places.size()) &&
           "columns of the type are those of the blocks");
  }

  const uint8_t *getRow(int64_t row,
                        std::vector<uint8_t> &made) const override {
    made.assign(rowBytes, 0);
    if (format.isFloat)
      decodeRow(
          codes, row,
          {reinterpret_cast<float *>(made.data()), size_t(codes.columns)});
    else
      writeBlocks(row, made.data());
    return made.data();
  }

private:
  void writeBlocks(int64_t row, uint8_t *blocks) const {
    size_t groups = codes.countGroups();
    std::vector<uint8_t> values(codes.columns);
    std::vector<float> scales(groups);
    std::vector<int32_t> zeros(groups);
    readCodes(codes, row, {}, {values.data(), values.size()});
    readScales(codes, row, {scales.data(), groups});
    readZeros(codes, row, {zeros.data(), groups});
    int64_t count = places.empty() ? codes.columns : places.size();
    auto columnAt = [&](int64_t place) -> int64_t {
      if (place >= count)
        return -1;
      return places.empty() ? place : places[place];
    };
    for (int64_t k = 0; k < count; k += format.block) {
      QuantizedGroup block[2];
      for (int64_t g = 0; g < format.groups(); ++g) {
        int64_t from = k + g * format.group;
        if (columnAt(from) < 0)
          continue; // the second half of the last block
        int64_t group = getGroup(codes, columnAt(from));
        block[g].scale = scales[group];
        block[g].minimum = scales[group] * zeros[group];
        for (int64_t i = 0; i < format.group; ++i) {
          int64_t column = columnAt(from + i);
          block[g].codes[i] =
              column < 0 ? uint8_t(zeros[group]) : values[column];
        }
      }
      writeGroups(format, block, blocks);
      blocks += format.blockBytes(1);
    }
  }

  PanelFormat format;
  int64_t rowBytes;
  numerics::GroupedCodes codes;
  std::vector<int32_t> places; // of columns; empty: their own
};

/// Rows of several matrices of as many rows, below each other.
class StackedRows : public BlockRows {
public:
  explicit StackedRows(ArrayAttr entries) {
    for (auto entry : entries.getAsRange<DictionaryAttr>()) {
      auto steps = entry.getAs<ArrayAttr>("steps");
      parts.push_back(
          make(entry.getAs<ArrayAttr>("sources"), steps.getValue()));
      Attribute last = steps.getValue().back();
      if (auto unpack = dyn_cast<DictionaryAttr>(last))
        last = unpack.get("type");
      Type type = cast<TypeAttr>(last).getValue();
      rows = cast<RankedTensorType>(type).getDimSize(0);
    }
  }

  const uint8_t *getRow(int64_t row,
                        std::vector<uint8_t> &made) const override {
    return parts[row / rows]->getRow(row % rows, made);
  }

private:
  std::vector<std::unique_ptr<BlockRows>> parts;
  int64_t rows = 0; // of each
};

/// Rows of a float format, rounded to groups.
class QuantizedRows : public BlockRows {
public:
  QuantizedRows(std::unique_ptr<BlockRows> source, BlocksAttr from,
                BlocksAttr to)
      : source(std::move(source)), from(*findBlockFormat(from.getFormat())),
        to(*findPanelFormat(to.getFormat())), columns(to.getColumns()) {}

  const uint8_t *getRow(int64_t row,
                        std::vector<uint8_t> &made) const override {
    std::vector<uint8_t> bytes;
    std::vector<float> values(columns);
    decodeBlocks(from, source->getRow(row, bytes), columns, values.data());
    made.resize(getBlockRowBytes(to, columns));
    if (to.isFloat) {
      auto *stored = reinterpret_cast<uint16_t *>(made.data());
      for (int64_t k = 0; k < columns; ++k)
        stored[k] = numerics::encodeBF16(values[k]);
      return made.data();
    }
    quantizeRow(to, values.data(), columns, made.data());
    return made.data();
  }

private:
  std::unique_ptr<BlockRows> source;
  BlockFormat from;
  PanelFormat to;
  int64_t columns;
};

} // namespace

std::unique_ptr<BlockRows> BlockRows::make(ArrayAttr sources,
                                           ArrayRef<Attribute> steps) {
  std::unique_ptr<BlockRows> rows;
  BlocksAttr before = blocksOf(steps.front());
  if (auto unpack = dyn_cast<DictionaryAttr>(steps.front())) {
    auto parameters = unpack.getAs<DictionaryAttr>("parameters");
    if (auto parts = unpack.getAs<ArrayAttr>("parts"))
      rows = std::make_unique<StackedRows>(parts);
    else if (unpack.getAs<StringAttr>("layout").getValue() == "columns")
      rows = std::make_unique<ColumnRows>(sources[0], before, parameters);
    else if (unpack.getAs<StringAttr>("layout").getValue() == "blocks")
      rows = std::make_unique<SplitRows>(sources, before, parameters);
    else
      rows = std::make_unique<CodeRows>(sources, before, parameters);
  } else {
    rows = std::make_unique<FileRows>(sources[0], before);
  }
  for (Attribute step : steps.drop_front()) {
    BlocksAttr after = blocksOf(step);
    rows = std::make_unique<QuantizedRows>(std::move(rows), before, after);
    before = after;
  }
  return rows;
}

} // namespace qcc
