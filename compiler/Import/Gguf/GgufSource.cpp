// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keys and tensors with their checks. A tensor that nobody asks for would
// change what the model computes, so it is an error too.

#include "compiler/Import/Gguf/GgufSource.h"

#include "compiler/Import/QuotedName.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>

using llvm::ArrayRef;
using llvm::StringRef;
using llvm::Twine;

namespace qcc {

static constexpr int64_t kMaxSize = 1 << 30;

void GgufSource::failKey(StringRef key, const Twine &expected,
                         const Twine &got) {
  fail("key " + quoteName(prefix + key.str()) + ": expected " + expected +
       ", but got " + got);
}

int64_t GgufSource::checkSize(StringRef key, int64_t value) {
  if (value >= 1 && value <= kMaxSize)
    return value;
  failKey(key, "1 to " + Twine(kMaxSize), Twine(value));
  return 1;
}

int64_t GgufSource::getSize(StringRef key, std::optional<int64_t> fallback) {
  if (fallback && !hasKey(key))
    return *fallback;
  return checkSize(key, keep(file.getInteger(prefix + key.str())));
}

int64_t GgufSource::getElement(StringRef key, int64_t layer) {
  auto [it, isNew] = arrays.try_emplace(key);
  if (isNew)
    it->second = keep(file.getIntegers(prefix + key.str()));
  if (layer < static_cast<int64_t>(it->second.size()))
    return it->second[layer];
  failKey(key, "an element for layer " + Twine(layer),
          "an array of " + Twine(it->second.size()));
  return 1;
}

int64_t GgufSource::getLayerSize(StringRef key, int64_t layer,
                                 std::optional<int64_t> fallback) {
  return isArrayKey(key) ? checkSize(key, getElement(key, layer))
                         : getSize(key, fallback);
}

double GgufSource::getNumber(StringRef key, std::optional<double> fallback) {
  if (fallback && !hasKey(key))
    return *fallback;
  double value = keep(file.getFloat(prefix + key.str()));
  if (std::isfinite(value))
    return value;
  failKey(key, "a finite number", std::to_string(value));
  return 0;
}

bool GgufSource::getBool(StringRef key, bool fallback) {
  return hasKey(key) ? keep(file.getBool(prefix + key.str())) : fallback;
}

StringRef GgufSource::getString(StringRef key, StringRef fallback) {
  return hasKey(key) ? keep(file.getString(prefix + key.str())) : fallback;
}

static std::string print(ArrayRef<int64_t> sizes) {
  return "[" +
         llvm::join(
             llvm::map_range(sizes,
                             [](int64_t size) { return std::to_string(size); }),
             ", ") +
         "]";
}

int64_t GgufSource::getRows(StringRef name) {
  const GgufTensor *tensor = file.findTensor(name);
  if (!tensor)
    fail("tensor " + quoteName(name) +
         ": expected two sizes, but got no such "
         "tensor");
  else if (tensor->dimensions.size() != 2)
    fail("tensor " + quoteName(name) + ": expected two sizes, but got " +
         print(tensor->dimensions));
  return hasFailed() ? 1 : tensor->dimensions[1];
}

static ArrayRef<int64_t> dropTrailingOnes(ArrayRef<int64_t> sizes) {
  while (sizes.size() > 1 && sizes.back() == 1)
    sizes = sizes.drop_back();
  return sizes;
}

const GgufTensor *GgufSource::find(StringRef name, ArrayRef<int64_t> sizes) {
  if (hasFailed())
    return nullptr;
  const GgufTensor *tensor = file.findTensor(name);
  if (!tensor) {
    fail("tensor " + quoteName(name) + ": expected sizes " + print(sizes) +
         ", but got no such tensor");
    return nullptr;
  }
  if (dropTrailingOnes(tensor->dimensions) != dropTrailingOnes(sizes)) {
    fail("tensor " + quoteName(name) + ": expected sizes " + print(sizes) +
         ", but got " + print(tensor->dimensions));
    return nullptr;
  }
  keep(getBlockFormat(*tensor));
  used.insert(name);
  return hasFailed() ? nullptr : tensor;
}

static Weight makeMatrix(StringRef name, const GgufTensor &tensor, int64_t rows,
                         int64_t columns) {
  Weight weight;
  weight.name = name.str();
  weight.format = *tensor.type->format;
  weight.rows = rows;
  weight.columns = columns;
  weight.bytes = tensor.bytes;
  return weight;
}

Weight GgufSource::getMatrix(StringRef name, int64_t rows, int64_t columns) {
  const GgufTensor *tensor = find(name, {columns, rows});
  return tensor ? makeMatrix(name, *tensor, rows, columns) : Weight();
}

Weight GgufSource::getMatrixOf(StringRef name, int64_t index, int64_t count,
                               int64_t rows, int64_t columns) {
  const GgufTensor *tensor = find(name, {columns, rows, count});
  if (!tensor)
    return Weight();
  Weight weight = makeMatrix(name, *tensor, rows, columns);
  weight.name += "[" + std::to_string(index) + "]";
  size_t bytes = weight.bytes.size() / count;
  weight.bytes = weight.bytes.slice(bytes * index, bytes);
  return weight;
}

std::vector<float> GgufSource::getVector(StringRef name, int64_t size) {
  const GgufTensor *tensor = find(name, {size});
  if (!tensor)
    return {};
  std::vector<float> values(size);
  decodeBlocks(*tensor->type->format,
               reinterpret_cast<const uint8_t *>(tensor->bytes.data()), size,
               values.data());
  return values;
}

std::vector<float> GgufSource::getVectorOf(StringRef name, int64_t index,
                                           int64_t count, int64_t size) {
  const GgufTensor *tensor = find(name, {size, count});
  if (!tensor)
    return {};
  std::vector<float> values(size * count);
  decodeBlocks(*tensor->type->format,
               reinterpret_cast<const uint8_t *>(tensor->bytes.data()),
               size * count, values.data());
  return {values.begin() + index * size, values.begin() + (index + 1) * size};
}

Linear GgufSource::getLinear(StringRef name, int64_t rows, int64_t columns) {
  Linear linear;
  linear.weight = getMatrix((name + ".weight").str(), rows, columns);
  std::string bias = (name + ".bias").str();
  if (hasTensor(bias))
    linear.bias = getVector(bias, rows);
  return linear;
}

void GgufSource::ignoreTensors(StringRef prefix) {
  for (const GgufTensor &tensor : file.getTensors())
    if (StringRef(tensor.name).starts_with(prefix))
      used.insert(tensor.name);
}

void GgufSource::checkAllUsed() {
  for (const GgufTensor &tensor : file.getTensors())
    if (!used.contains(tensor.name))
      return fail("tensor " + quoteName(tensor.name) +
                  ": expected only tensors that architecture '" +
                  StringRef(prefix).drop_back() + "' has, but got this one");
}

Weight sliceRows(const Weight &matrix, int64_t first, int64_t count) {
  if (!matrix.exists())
    return Weight();
  Weight slice = matrix;
  slice.name +=
      "[" + std::to_string(first) + ":" + std::to_string(first + count) + "]";
  slice.rows = count;
  int64_t rowBytes = getRowBytes(matrix.format, matrix.columns);
  slice.bytes = matrix.bytes.slice(first * rowBytes, count * rowBytes);
  return slice;
}

Linear sliceRows(const Linear &linear, int64_t first, int64_t count) {
  Linear slice;
  slice.weight = sliceRows(linear.weight, first, count);
  if (!linear.bias.empty())
    slice.bias.assign(linear.bias.begin() + first,
                      linear.bias.begin() + first + count);
  return slice;
}

} // namespace qcc
