// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function for each layout.

#include "compiler/Import/Decoder/WeightConstants.h"

#include "compiler/Import/Decoder/WeightRows.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/PanelFormat.h"

#include "mlir/IR/AsmState.h"

using namespace mlir;

namespace qcc {

WeightConstants::WeightConstants(
    Block &block, std::vector<std::shared_ptr<llvm::MemoryBuffer>> files)
    : b(UnknownLoc::get(block.getParent()->getContext()),
        OpBuilder::atBlockBegin(&block)),
      files(std::move(files)) {}

static const char *firstByte(const Weight &weight) {
  return weight.parts.empty() ? weight.bytes.data()
                              : weight.parts.front().data();
}

/// Columns of a block of docs/blocks.md that hold a group, or 0.
static int64_t chooseWidth(const Weight &weight) {
  if (weight.group >= weight.columns) {
    int64_t width = 128;
    while (width > 32 && weight.columns % width != 0)
      width /= 2;
    return width;
  }
  int64_t best = 128;
  for (int64_t width : {64, 32, 16})
    if (llvm::alignTo(weight.group, width) < llvm::alignTo(weight.group, best))
      best = width;
  return int64_t(llvm::alignTo(weight.group, best)) > 2 * weight.group ? 0
                                                                       : best;
}

std::string chooseCodeFormat(const Weight &weight) {
  int64_t width = chooseWidth(weight);
  if (width == 0)
    return "f32";
  bool isStored = weight.bits <= 4 || weight.bits == 8;
  std::string name = "int" + std::to_string(isStored ? weight.bits : 8) + "_g" +
                     std::to_string(width);
  return isStored && weight.isSymmetric ? name : name + "z";
}

static std::vector<int32_t> getPlaces(const Weight &weight) {
  if (!hasGroupedCodes(weight) || chooseWidth(weight) == 0)
    return {};
  return numerics::arrangeColumns(getGroupedCodes(weight), chooseWidth(weight));
}

/// The name of the blocks that a weight is read as.
static std::string chooseFormat(const Weight &weight) {
  return hasGroupedCodes(weight)
             ? chooseCodeFormat(weight)
             : std::string(getBlockShape(weight.format).name);
}

Value WeightConstants::make(const Weight &weight, StringRef format) {
  return weight.layout == WeightLayout::Blocks    ? makeBlocks(weight)
         : weight.layout == WeightLayout::Columns ? makeColumns(weight)
         : weight.layout == WeightLayout::SplitBlocks
             ? makeSplit(weight)
             : makeCodes(weight, format);
}

void WeightConstants::remarkFloats(StringRef format, StringRef what) {
  if (format == "f32")
    emitRemark(b.getLoc()) << what
                           << " are kept as f32 weights: the same values, but "
                              "larger and slower";
}

Value WeightConstants::get(const Weight &weight) {
  Value &value = known[{firstByte(weight), weight.firstRow, weight.rows}];
  if (value)
    return value;
  b.setLoc(NameLoc::get(b.getStringAttr(weight.name)));
  std::string format = chooseFormat(weight);
  if (hasGroupedCodes(weight))
    remarkFloats(format, "groups of fewer than 8 columns");
  return value = make(weight, format);
}

/// Experts read the same rows, which can have one order only.
static std::string chooseExpertFormat(const Weight &weight) {
  return getPlaces(weight).empty() ? chooseFormat(weight) : "f32";
}

std::string chooseStackFormat(ArrayRef<const Weight *> parts) {
  const Weight &first = *parts.front();
  std::string format = chooseExpertFormat(first);
  for (const Weight *part : parts) {
    std::string own = chooseExpertFormat(*part);
    if (part->rows != first.rows || part->columns != first.columns ||
        hasGroupedCodes(*part) != hasGroupedCodes(first))
      return "";
    // Codes may all become floats, or all have zero points.
    if (own == format || (hasGroupedCodes(*part) && format == "f32") ||
        own + "z" == format)
      continue;
    if (!hasGroupedCodes(*part) || (own != "f32" && own != format + "z"))
      return "";
    format = own;
  }
  return format;
}

/// One matrix where the parts are neighbours in the file.
static std::optional<Weight> joinNeighbours(ArrayRef<const Weight *> parts) {
  Weight all = *parts.front();
  all.name = StringRef(all.name).split('[').first.str();
  const char *end = all.bytes.begin();
  for (const Weight *part : parts) {
    if (part->layout != WeightLayout::Blocks || part->bytes.begin() != end)
      return std::nullopt;
    end = part->bytes.end();
  }
  all.rows *= parts.size();
  all.bytes = {all.bytes.begin(), size_t(end - all.bytes.begin())};
  return all;
}

Value WeightConstants::getStack(ArrayRef<const Weight *> parts) {
  if (auto whole = joinNeighbours(parts))
    return get(*whole);
  const Weight &first = *parts.front();
  int64_t rows = first.rows * parts.size();
  Value &value = known[{firstByte(first), first.firstRow, rows}];
  if (value)
    return value;
  std::string format = chooseStackFormat(parts);
  SmallVector<Value> values;
  for (const Weight *part : parts) {
    b.setLoc(NameLoc::get(b.getStringAttr(part->name)));
    values.push_back(make(*part, format));
  }
  b.setLoc(NameLoc::get(b.getStringAttr(first.name)));
  if (hasGroupedCodes(first))
    remarkFloats(format, "groups of few columns, or out of order,");
  auto one = cast<RankedTensorType>(values.front().getType());
  auto type = RankedTensorType::get({rows, one.getDimSize(1)},
                                    one.getElementType(), one.getEncoding());
  return value = StackBlocksOp::create(b, type, values);
}

Value WeightConstants::makeBytes(const Weight &weight, ArrayRef<char> bytes,
                                 RankedTensorType type) {
  AsmResourceBlob blob(
      bytes, 1, [files = files](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  auto attribute =
      DenseResourceElementsAttr::get(type, weight.name, std::move(blob));
  return arith::ConstantOp::create(b, attribute);
}

static RankedTensorType blocksType(MLIRContext *context, StringRef format,
                                   int64_t rows, int64_t columns) {
  int64_t bytes = getBlockRowBytes(*findPanelFormat(format.str()), columns);
  return RankedTensorType::get({rows, bytes}, IntegerType::get(context, 8),
                               BlocksAttr::get(context, format, columns));
}

Value WeightConstants::makeBlocks(const Weight &weight) {
  return makeBytes(weight, weight.bytes,
                   blocksType(b.getContext(), getBlockShape(weight.format).name,
                              weight.rows, weight.columns));
}

static RankedTensorType bytesType(MLIRContext *context, ArrayRef<char> bytes) {
  return RankedTensorType::get({int64_t(bytes.size())},
                               IntegerType::get(context, 8));
}

Value WeightConstants::makeColumns(const Weight &weight) {
  Value bytes =
      makeBytes(weight, weight.bytes, bytesType(b.getContext(), weight.bytes));
  auto number = [&](StringRef name, int64_t value) {
    return b.getNamedAttr(name, b.getI64IntegerAttr(value));
  };
  return UnpackWeightOp::create(
      b,
      blocksType(b.getContext(), getBlockShape(weight.format).name, weight.rows,
                 weight.columns),
      b.getStringAttr("columns"), ValueRange(bytes),
      b.getDictionaryAttr({number("first_row", weight.firstRow),
                           number("all_rows", weight.allRows),
                           number("row_step", weight.rowStep)}));
}

Value WeightConstants::makeSplit(const Weight &weight) {
  SmallVector<Value> parts;
  for (ArrayRef<char> bytes : weight.parts)
    parts.push_back(makeBytes(weight, bytes, bytesType(b.getContext(), bytes)));
  auto number = [&](StringRef name, int64_t value) {
    return b.getNamedAttr(name, b.getI64IntegerAttr(value));
  };
  return UnpackWeightOp::create(
      b,
      blocksType(b.getContext(), getBlockShape(weight.format).name, weight.rows,
                 weight.columns),
      b.getStringAttr("blocks"), parts,
      b.getDictionaryAttr({number("first_row", weight.firstRow),
                           number("row_step", weight.rowStep)}));
}

Value WeightConstants::getOrder(const Weight &weight) {
  std::vector<int32_t> places = getPlaces(weight);
  if (places.empty())
    return {};
  Value &value = orders[places];
  if (!value)
    value = makeConstant(
        b, b.getLoc(),
        RankedTensorType::get({int64_t(places.size())}, b.getI32Type()),
        places);
  return value;
}

Value WeightConstants::makeCodes(const Weight &weight, StringRef format) {
  int64_t columns = weight.columns;
  if (format != "f32")
    columns = std::max<int64_t>(columns, getPlaces(weight).size());
  numerics::GroupedCodes codes = getGroupedCodes(weight);
  SmallVector<Value> parts;
  SmallVector<int64_t> kinds;
  const numerics::Span<const char> all[] = {codes.codes, codes.zeros,
                                            codes.scales, codes.groupIndices};
  for (auto [kind, part] : llvm::enumerate(all)) {
    ArrayRef<char> bytes(part.data(), part.size());
    if (bytes.empty())
      continue;
    parts.push_back(makeBytes(weight, bytes, bytesType(b.getContext(), bytes)));
    kinds.push_back(kind);
  }
  auto number = [&](StringRef name, int64_t value) {
    return b.getNamedAttr(name, b.getI64IntegerAttr(value));
  };
  return UnpackWeightOp::create(
      b, blocksType(b.getContext(), format, weight.rows, columns),
      b.getStringAttr("codes"), parts,
      b.getDictionaryAttr(
          {number("code_layout", int64_t(codes.layout)),
           number("rows", codes.rows), number("columns", codes.columns),
           number("first_row", codes.firstRow),
           number("all_rows", codes.allRows), number("bits", codes.bits),
           number("group", codes.group),
           number("zero_offset", codes.zeroOffset),
           number("scale_format", int64_t(codes.scaleFormat)),
           b.getNamedAttr("part_kinds", b.getDenseI64ArrayAttr(kinds))}));
}

} // namespace qcc
