// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads GPTQ, AWQ and compressed-tensors modules. Nothing is converted: what
// files disagree on (GPTQ's zero points less 1 or not, order of columns) is
// found out here and said in the Weight.

#include "compiler/Import/HuggingFace/QuantizedWeights.h"

#include "compiler/Import/Decoder/WeightRows.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"

#include <cmath>

using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace qcc {

StringRef getCodesName(QuantizationMethod method) {
  switch (method) {
  case QuantizationMethod::Gptq:
  case QuantizationMethod::Awq:
    return "qweight";
  case QuantizationMethod::PackedCodes:
    return "weight_packed";
  case QuantizationMethod::IntegerCodes:
  case QuantizationMethod::None:
    return "weight";
  }
  llvm_unreachable("a method without a name");
}

std::optional<BlockFormat> findFloatFormat(TensorType type) {
  switch (type) {
  case TensorType::F32:
    return BlockFormat::F32;
  case TensorType::F16:
    return BlockFormat::F16;
  case TensorType::BF16:
    return BlockFormat::BF16;
  default:
    return std::nullopt;
  }
}

static int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

namespace {

/// The tensors of one module, and what was read of them.
struct Module {
  TensorFinder find;
  const QuantizationConfig &config;
  const MatrixPart &part;
  Weight weight;

  int64_t groups() const { return divideUp(part.columns, weight.group); }
  Error fail(StringRef name, const Twine &message) const {
    return llvm::createStringError(name + ": " + message);
  }

  /// Appends the bytes of a tensor of one type and shape.
  Error addPart(StringRef name, TensorType type, ArrayRef<int64_t> shape);
  Error addScales(StringRef name, ArrayRef<int64_t> shape);
  Error addGroupIndices(StringRef name);
  Error checkWholeWords(StringRef name, int64_t elements) const;
};

} // namespace

Error Module::addPart(StringRef name, TensorType type,
                      ArrayRef<int64_t> shape) {
  const SafetensorsTensor *tensor = find(name);
  if (!tensor)
    return fail(name, "expected " + getName(type) + " " + printShape(shape) +
                          ", but got no such tensor");
  if (tensor->type != type || ArrayRef<int64_t>(tensor->shape) != shape)
    return fail(name, "expected " + getName(type) + " " + printShape(shape) +
                          ", but got " + getName(tensor->type) + " " +
                          printShape(tensor->shape));
  weight.parts.push_back(tensor->bytes);
  return Error::success();
}

/// Floats of any of three types. compressed-tensors may have a single one.
Error Module::addScales(StringRef name, ArrayRef<int64_t> shape) {
  const SafetensorsTensor *tensor = find(name);
  std::optional<BlockFormat> format;
  if (tensor)
    format = findFloatFormat(tensor->type);
  if (!format)
    return fail(name, "expected F16, BF16 or F32, but got " +
                          (tensor ? getName(tensor->type) : "no such tensor"));
  bool isSingle = weight.layout == WeightLayout::CompressedTensors &&
                  tensor->bytes.size() * 8 == getBits(tensor->type);
  if (!isSingle && ArrayRef<int64_t>(tensor->shape) != shape)
    return fail(name, "expected shape " + printShape(shape) + ", but got " +
                          printShape(tensor->shape));
  weight.format = *format;
  weight.parts.push_back(tensor->bytes);
  return Error::success();
}

/// Columns whose group is not that of their place. Each group must have its
/// full number of columns: a kernel then sorts columns once, and groups lie in
/// a row.
Error Module::addGroupIndices(StringRef name) {
  const SafetensorsTensor *tensor = find(name);
  if (!tensor)
    return Error::success();
  if (tensor->type != TensorType::I32 ||
      ArrayRef<int64_t>(tensor->shape) != ArrayRef<int64_t>(part.columns))
    return fail(name, "expected I32 " + printShape({part.columns}) +
                          ", but got " + getName(tensor->type) + " " +
                          printShape(tensor->shape));
  std::vector<int64_t> counts(groups());
  bool isInOrder = true;
  for (int64_t i = 0; i < part.columns; ++i) {
    int32_t group =
        llvm::support::endian::read32le(tensor->bytes.data() + i * 4);
    // compressed-tensors leaves -1 in files that do not use it.
    if (group == -1 && weight.layout == WeightLayout::CompressedTensors)
      return Error::success();
    if (group < 0 || group >= int64_t(counts.size()))
      return fail(name, "expected groups from 0 to " +
                            Twine(counts.size() - 1) + ", but got " +
                            Twine(group));
    ++counts[group];
    isInOrder &= group == i / weight.group;
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    int64_t full =
        std::min(weight.group, part.columns - int64_t(i) * weight.group);
    if (counts[i] != full)
      return fail(name, "expected " + Twine(full) + " columns in group " +
                            Twine(i) + ", but got " + Twine(counts[i]));
  }
  if (!isInOrder) {
    weight.parts.resize(3); // a place for zero points, which may be missing
    weight.parts.push_back(tensor->bytes);
  }
  return Error::success();
}

/// Streams and shuffled nibbles fill their words.
Error Module::checkWholeWords(StringRef name, int64_t elements) const {
  if (elements * weight.bits % 32 == 0)
    return Error::success();
  return fail(name, "expected whole words, but got " + Twine(elements) +
                        " codes of " + Twine(weight.bits) + " bits");
}

//===----------------------------------------------------------------------===//
// GPTQ
//===----------------------------------------------------------------------===//

/// Modules may have numbers of their own, which the shapes tell.
static Error findGptqNumbers(Module &module) {
  const SafetensorsTensor *codes = module.find("qweight");
  const SafetensorsTensor *scales = module.find("scales");
  int64_t columns = module.part.columns;
  if (!codes || codes->shape.size() != 2 || !scales ||
      scales->shape.size() != 2)
    return module.fail("qweight", "expected two dimensions, and scales with "
                                  "two, but got others");
  int64_t bits = codes->shape[0] < columns ? codes->shape[0] * 32 / columns : 0;
  int64_t groups = scales->shape[0];
  if (!llvm::is_contained({2, 3, 4, 8}, bits))
    return module.fail(
        "qweight", "expected codes of 2, 3, 4 or 8 bits for " + Twine(columns) +
                       " columns, but got shape " + printShape(codes->shape));
  if (groups < 1 || groups > columns)
    return module.fail("scales", "expected 1 to " + Twine(columns) +
                                     " groups, but got " + Twine(groups));
  module.weight.bits = bits;
  if (module.groups() != groups)
    module.weight.group = divideUp(columns, groups);
  return Error::success();
}

/// What all zero points of a matrix are, if they are one.
static std::optional<int32_t> findOnlyZero(const Weight &weight) {
  Weight whole = weight;
  whole.firstRow = 0;
  numerics::GroupedCodes matrix = getGroupedCodes(whole);
  std::vector<int32_t> zeros(matrix.countGroups());
  std::optional<int32_t> only;
  for (int64_t row = 0; row < weight.allRows; ++row) {
    readZeros(matrix, row, zeros);
    if (!only)
      only = zeros[0];
    if (llvm::any_of(zeros, [&](int32_t zero) { return zero != *only; }))
      return std::nullopt;
  }
  return only;
}

/// Version 1 of the format stores zero points less 1. Some files of version 2
/// are labelled 1; in symmetric ones the true zero point is known to be in the
/// middle, so it shows which they are.
static void findZeroOffset(Module &module) {
  Weight &weight = module.weight;
  int32_t middle = 1 << (weight.bits - 1);
  weight.zeroOffset = 0;
  std::optional<int32_t> stored = findOnlyZero(weight);
  weight.zeroOffset = module.config.zeroOffset;
  if (module.config.isSymmetric && stored == middle)
    weight.zeroOffset = 0;
  else if (module.config.isSymmetric && stored == middle - 1)
    weight.zeroOffset = 1;
  weight.isSymmetric = stored && *stored + weight.zeroOffset == middle;
}

static Error readGptq(Module &module) {
  Weight &weight = module.weight;
  weight.layout = WeightLayout::Gptq;
  int64_t columns = module.part.columns, rows = module.part.allRows;
  if (module.config.mayVary)
    if (Error error = findGptqNumbers(module))
      return error;
  if (Error error = module.checkWholeWords("qweight", columns))
    return error;
  if (Error error = module.checkWholeWords("qzeros", rows))
    return error;
  int64_t bits = weight.bits, groups = module.groups();
  if (Error error = module.addPart("qweight", TensorType::I32,
                                   {columns * bits / 32, rows}))
    return error;
  if (Error error =
          module.addPart("qzeros", TensorType::I32, {groups, rows * bits / 32}))
    return error;
  if (Error error = module.addScales("scales", {groups, rows}))
    return error;
  findZeroOffset(module);
  return module.addGroupIndices("g_idx");
}

//===----------------------------------------------------------------------===//
// AWQ and compressed-tensors
//===----------------------------------------------------------------------===//

static Error readAwq(Module &module) {
  Weight &weight = module.weight;
  weight.layout = WeightLayout::Awq;
  int64_t columns = module.part.columns, rows = module.part.allRows;
  int64_t groups = module.groups();
  if (Error error = module.checkWholeWords("qweight", rows))
    return error;
  if (Error error =
          module.addPart("qweight", TensorType::I32, {columns, rows / 8}))
    return error;
  if (Error error =
          module.addPart("qzeros", TensorType::I32, {groups, rows / 8}))
    return error;
  weight.isSymmetric = false;
  return module.addScales("scales", {groups, rows});
}

/// `weight_shape` repeats what the config says; packed rows may be padded, so
/// the two must agree.
static Error checkShape(const Module &module) {
  const SafetensorsTensor *tensor = module.find("weight_shape");
  if (!tensor)
    return Error::success();
  bool isLong = tensor->type == TensorType::I64;
  if ((!isLong && tensor->type != TensorType::I32) ||
      ArrayRef<int64_t>(tensor->shape) != ArrayRef<int64_t>{2})
    return module.fail("weight_shape", "expected I64 [2], but got " +
                                           getName(tensor->type) + " " +
                                           printShape(tensor->shape));
  std::vector<int64_t> shape;
  for (int i : {0, 1}) {
    const char *bytes = tensor->bytes.data() + i * (isLong ? 8 : 4);
    shape.push_back(isLong ? llvm::support::endian::read64le(bytes)
                           : llvm::support::endian::read32le(bytes));
  }
  std::vector<int64_t> expected = {module.part.allRows, module.part.columns};
  if (shape != expected)
    return module.fail("weight_shape", "expected " + printShape(expected) +
                                           ", but got " + printShape(shape));
  return Error::success();
}

/// Words, or bytes, of `codes` codes in a row.
static int64_t countWords(const Weight &weight, int64_t codes) {
  if (weight.isSigned)
    return codes;
  return weight.isDense ? divideUp(codes * weight.bits, 32)
                        : divideUp(codes, 32 / weight.bits);
}

/// Versions of the tool differ where codes do not fill words: the first ones
/// leave the rest of a word empty, later ones go on in the next.
static Error findDensity(Module &module) {
  Weight &weight = module.weight;
  const SafetensorsTensor *codes = module.find("weight_packed");
  int64_t columns = module.part.columns, bits = weight.bits;
  if (!codes || codes->shape.size() != 2 || 32 % bits == 0)
    return Error::success(); // or found missing later
  int64_t dense = divideUp(columns * bits, 32);
  int64_t loose = divideUp(columns, 32 / bits);
  if (dense == loose && dense > 1)
    return module.fail("weight_packed",
                       "expected rows whose length tells how codes of " +
                           Twine(bits) + " bits are packed, but got " +
                           Twine(columns) + " columns");
  weight.isDense = codes->shape[1] == dense;
  return Error::success();
}

static Error readCompressedTensors(Module &module) {
  Weight &weight = module.weight;
  weight.layout = WeightLayout::CompressedTensors;
  int64_t columns = module.part.columns, rows = module.part.allRows;
  int64_t groups = module.groups();
  bool isPacked = module.config.method == QuantizationMethod::PackedCodes;
  weight.isSigned = !isPacked;
  TensorType type = isPacked ? TensorType::I32 : TensorType::I8;
  if (!isPacked)
    weight.bits = 8; // a byte holds fewer as well
  if (Error error = checkShape(module))
    return error;
  if (Error error = findDensity(module))
    return error;
  if (Error error = module.addPart(isPacked ? "weight_packed" : "weight", type,
                                   {rows, countWords(weight, columns)}))
    return error;
  if (Error error = module.addScales("weight_scale", {rows, groups}))
    return error;
  const SafetensorsTensor *zeros = module.find("weight_zero_point");
  bool isSingle = zeros && !isPacked && zeros->bytes.size() == 1;
  weight.isSymmetric = !zeros && module.config.isSymmetric;
  if (!weight.isSymmetric) {
    std::vector<int64_t> shape = {countWords(weight, rows), groups};
    if (isSingle)
      shape = zeros->shape;
    if (Error error = module.addPart("weight_zero_point", type, shape))
      return error;
  }
  return module.addGroupIndices("weight_g_idx");
}

Expected<Weight> readQuantizedWeight(TensorFinder find,
                                     const QuantizationConfig &config,
                                     const MatrixPart &part) {
  Module module{find, config, part, Weight()};
  Weight &weight = module.weight;
  weight.rows = part.rows;
  weight.columns = part.columns;
  weight.firstRow = part.firstRow;
  weight.allRows = part.allRows;
  weight.bits = config.bits;
  weight.group = config.group ? config.group : part.columns;
  Error error = config.method == QuantizationMethod::Gptq ? readGptq(module)
                : config.method == QuantizationMethod::Awq
                    ? readAwq(module)
                    : readCompressedTensors(module);
  if (error)
    return error;
  return std::move(module.weight);
}

} // namespace qcc
