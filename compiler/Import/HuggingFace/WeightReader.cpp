// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrices stay where they are in the file; vectors, which are small, become
// f32.

#include "compiler/Import/HuggingFace/WeightReader.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

using llvm::ArrayRef;
using llvm::Twine;

namespace qcc {

void WeightReader::fail(const Twine &tensor, const Twine &message) {
  if (failure.empty())
    failure = ("tensor '" + tensor + "': " + message).str();
}

const SafetensorsTensor *WeightReader::find(const std::string &name) {
  const SafetensorsTensor *tensor = checkpoint.find(name);
  if (tensor)
    used.insert(name);
  return tensor;
}

const SafetensorsTensor *WeightReader::findFloats(const std::string &name,
                                                  ArrayRef<int64_t> shape) {
  const SafetensorsTensor *tensor = find(name);
  if (tensor && findFloatFormat(tensor->type) &&
      ArrayRef<int64_t>(tensor->shape) == shape)
    return tensor;
  std::string got = "no such tensor";
  if (tensor)
    got = getName(tensor->type).str() + " " + printShape(tensor->shape);
  fail(name,
       "expected F32, F16 or BF16 " + printShape(shape) + ", but got " + got);
  return nullptr;
}

Weight WeightReader::readFloats(const std::string &name, const MatrixPart &part,
                                bool isColumns) {
  std::vector<int64_t> shape = {part.allRows, part.columns};
  if (isColumns)
    std::swap(shape[0], shape[1]);
  const SafetensorsTensor *tensor = findFloats(name, shape);
  if (!tensor)
    return {};
  Weight weight;
  weight.name = name;
  weight.format = *findFloatFormat(tensor->type);
  weight.rows = part.rows;
  weight.columns = part.columns;
  weight.bytes = tensor->bytes;
  if (isColumns) {
    weight.layout = WeightLayout::Columns;
    weight.firstRow = part.firstRow;
    weight.allRows = part.allRows;
    return weight;
  }
  int64_t rowBytes = getRowBytes(weight.format, part.columns);
  weight.bytes =
      weight.bytes.slice(part.firstRow * rowBytes, part.rows * rowBytes);
  return weight;
}

Weight WeightReader::readStacked(const std::string &name, int64_t index,
                                 int64_t count, const MatrixPart &part) {
  const SafetensorsTensor *tensor =
      findFloats(name, {count, part.allRows, part.columns});
  if (!tensor)
    return {};
  Weight weight;
  weight.name = name + "[" + std::to_string(index) + "]";
  weight.format = *findFloatFormat(tensor->type);
  weight.rows = part.rows;
  weight.columns = part.columns;
  int64_t rowBytes = getRowBytes(weight.format, part.columns);
  weight.bytes = tensor->bytes.slice(
      (index * part.allRows + part.firstRow) * rowBytes, part.rows * rowBytes);
  return weight;
}

llvm::ArrayRef<char> WeightReader::findBytes(const std::string &name,
                                             ArrayRef<int64_t> shape) {
  const SafetensorsTensor *tensor = find(name);
  if (tensor && tensor->type == TensorType::U8 &&
      ArrayRef<int64_t>(tensor->shape) == shape)
    return tensor->bytes;
  std::string got = "no such tensor";
  if (tensor)
    got = getName(tensor->type).str() + " " + printShape(tensor->shape);
  fail(name, "expected U8 " + printShape(shape) + ", but got " + got);
  return {};
}

Weight WeightReader::readSplitBlocks(const std::string &tensor, int64_t index,
                                     int64_t count, const MatrixPart &part) {
  int64_t blocks = part.columns / 32, rows = part.allRows;
  if (part.columns % 32 != 0) {
    fail(tensor + "_blocks", "expected rows of whole blocks of 32, but got " +
                                 Twine(part.columns) + " columns");
    return {};
  }
  ArrayRef<char> codes =
      findBytes(tensor + "_blocks", {count, rows, blocks, 16});
  ArrayRef<char> scales = findBytes(tensor + "_scales", {count, rows, blocks});
  Weight weight;
  if (codes.empty() || scales.empty())
    return weight;
  int64_t all = rows * blocks;
  weight.layout = WeightLayout::SplitBlocks;
  weight.format = BlockFormat::MXFP4;
  weight.parts = {codes.slice(index * all * 16, all * 16),
                  scales.slice(index * all, all)};
  return weight;
}

Weight WeightReader::readStackedColumns(const std::string &tensor,
                                        int64_t index, int64_t count,
                                        const MatrixPart &part, int64_t step) {
  Weight weight;
  if (has(tensor + "_blocks")) {
    weight = readSplitBlocks(tensor, index, count, part);
    if (weight.parts.empty())
      return {};
  } else {
    const SafetensorsTensor *floats =
        findFloats(tensor, {count, part.columns, part.allRows});
    if (!floats)
      return {};
    weight.layout = WeightLayout::Columns;
    weight.format = *findFloatFormat(floats->type);
    int64_t size = floats->bytes.size() / count;
    weight.bytes = floats->bytes.slice(index * size, size);
  }
  weight.name = tensor + "[" + std::to_string(index) + "]";
  weight.rows = part.rows;
  weight.columns = part.columns;
  weight.firstRow = part.firstRow;
  weight.allRows = part.allRows;
  weight.rowStep = step;
  return weight;
}

std::vector<float> WeightReader::decodeFloats(const std::string &name,
                                              ArrayRef<int64_t> shape) {
  const SafetensorsTensor *tensor = findFloats(name, shape);
  std::vector<float> values;
  if (!tensor)
    return values;
  BlockFormat format = *findFloatFormat(tensor->type);
  values.resize(tensor->bytes.size() / getBlockShape(format).bytes);
  decodeBlocks(format, reinterpret_cast<const uint8_t *>(tensor->bytes.data()),
               values.size(), values.data());
  return values;
}

std::vector<float> WeightReader::readVector(const std::string &name,
                                            int64_t size) {
  return decodeFloats(name, size);
}

std::vector<float> WeightReader::readMatrix(const std::string &name,
                                            int64_t rows, int64_t columns) {
  return decodeFloats(name, {rows, columns});
}

Weight WeightReader::readTable(const std::string &module,
                               const MatrixPart &part) {
  return readFloats(module + ".weight", part, false);
}

Linear WeightReader::readLinear(const std::string &module,
                                const MatrixPart &part, bool isHead) {
  Linear linear;
  std::string codes = module + "." + getCodesName(quantization.method).str();
  const SafetensorsTensor *tensor = checkpoint.find(codes);
  bool hasCodes = quantization.method != QuantizationMethod::None && tensor &&
                  !findFloatFormat(tensor->type);
  if (hasCodes && quantization.isIgnored(module))
    fail(codes, "expected floats, as quantization_config ignores the module, "
                "but got codes");
  if (hasCodes) {
    auto find = [&](llvm::StringRef end) {
      return this->find(module + "." + end.str());
    };
    llvm::Expected<Weight> weight =
        readQuantizedWeight(find, quantization, part);
    if (!weight) {
      fail(module, llvm::toString(weight.takeError()));
      return {};
    }
    linear.weight = std::move(*weight);
    linear.weight.name = codes;
  } else {
    linear.weight =
        readFloats(module + ".weight", part, isTransposed && !isHead);
  }
  if (has(module + ".bias")) {
    std::vector<float> bias = readVector(module + ".bias", part.allRows);
    if (!bias.empty())
      linear.bias.assign(bias.begin() + part.firstRow,
                         bias.begin() + part.firstRow + part.rows);
  }
  return linear;
}

Norm WeightReader::readNorm(const std::string &module, int64_t heads,
                            int64_t size, NormKind kind, float epsilon) {
  Norm norm;
  norm.epsilon = epsilon;
  norm.isLayerNorm = kind != NormKind::Rms && kind != NormKind::RmsPlusOne;
  if (kind == NormKind::LayerPlain) {
    norm.weight.assign(size, 1);
    return norm;
  }
  norm.weight = heads == 1 ? readVector(module + ".weight", size)
                           : readMatrix(module + ".weight", heads, size);
  if (kind == NormKind::RmsPlusOne || kind == NormKind::LayerPlusOne)
    for (float &weight : norm.weight)
      weight += 1;
  if (norm.isLayerNorm && has(module + ".bias"))
    norm.bias = readVector(module + ".bias", size);
  return norm;
}

void WeightReader::ignore(llvm::StringRef prefix) {
  for (llvm::StringRef name : checkpoint.names())
    if (name.starts_with(prefix))
      used.insert(name);
}

int64_t WeightReader::ignoreOthers(ArrayRef<std::string> prefixes) {
  int64_t count = 0;
  for (llvm::StringRef name : checkpoint.names()) {
    if (llvm::any_of(prefixes, [&](llvm::StringRef prefix) {
          return name.starts_with(prefix);
        }))
      continue;
    used.insert(name);
    ++count;
  }
  return count;
}

std::optional<std::string> WeightReader::findPrefix(llvm::StringRef end) const {
  std::optional<std::string> prefix;
  for (llvm::StringRef name : checkpoint.names()) {
    if (!name.consume_back(end) || (!name.empty() && !name.ends_with(".")))
      continue;
    if (prefix)
      return std::nullopt;
    prefix = name.str();
  }
  return prefix;
}

llvm::Error WeightReader::finish(ArrayRef<std::string> ignored) {
  if (!failure.empty())
    return llvm::createStringError(Twine(failure));
  for (llvm::StringRef name : checkpoint.names()) {
    // Tables that older versions saved beside the weights.
    bool isTable = name.ends_with(".rotary_emb.inv_freq") ||
                   name.ends_with(".attention.bias") ||
                   name.ends_with(".masked_bias") ||
                   name.ends_with(".attn.bias");
    if (!used.contains(name) && !isTable &&
        !llvm::is_contained(ignored, name.str()))
      return llvm::createStringError(
          "tensor '" + name +
          "': expected a tensor of the model's family, but got another");
  }
  return llvm::Error::success();
}

} // namespace qcc
