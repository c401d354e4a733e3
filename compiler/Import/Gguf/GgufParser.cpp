// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A GGUF file: a header, keys with values, descriptions of tensors, and at the
// next multiple of the alignment their data. Strings have their length before
// them, so that a name is a view.

#include "compiler/Import/Gguf/GgufParser.h"

#include "compiler/Import/QuotedName.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace qcc {

// Ten times what the largest models have. A key takes 13 bytes of file and a
// hundred of memory.
static constexpr uint64_t kMaxTensors = 1 << 20, kMaxValues = 1 << 16;
static constexpr uint64_t kMaxName = 1 << 16;
static constexpr int kMaxNesting = 4; // of arrays; files have none today
static constexpr uint64_t kMaxDimensions = 4;
static constexpr uint64_t kDefaultAlignment = 32;

/// Bytes of a value of a type of fixed size; 0 for strings and arrays.
static uint64_t getFixedBytes(GgufType type) {
  switch (type) {
  case GgufType::U8:
  case GgufType::I8:
  case GgufType::Bool:
    return 1;
  case GgufType::U16:
  case GgufType::I16:
    return 2;
  case GgufType::U32:
  case GgufType::I32:
  case GgufType::F32:
    return 4;
  case GgufType::U64:
  case GgufType::I64:
  case GgufType::F64:
    return 8;
  case GgufType::String:
  case GgufType::Array:
    break;
  }
  return 0;
}

Error GgufParser::failShort(const Twine &what, uint64_t expected) const {
  return createStringError("expected " + Twine(expected) + " bytes of " + what +
                           " at offset " + Twine(position) +
                           ", but got a file of " + Twine(bytes.size()));
}

Error GgufParser::readString(StringRef &text, const Twine &what) {
  uint64_t length = 0;
  if (Error error = read(length, "the length of " + what))
    return error;
  if (length > getLeft())
    return failShort(what, length);
  text = bytes.substr(position, length);
  position += length;
  return Error::success();
}

Error GgufParser::readHeader(uint64_t &tensors, uint64_t &values) {
  if (!bytes.starts_with("GGUF"))
    return createStringError("expected a GGUF file, but got bytes that do not "
                             "begin with 'GGUF'");
  position = 4;
  uint32_t version = 0;
  if (Error error = read(version, "a version"))
    return error;
  if (version != 0 && (version & 0xffff) == 0)
    return createStringError(
        "expected a little-endian GGUF file, but got a big-endian one");
  if (version != 2 && version != 3)
    return createStringError("expected GGUF version 2 or 3, but got " +
                             Twine(version));
  if (Error error = read(tensors, "a number of tensors"))
    return error;
  if (Error error = read(values, "a number of keys"))
    return error;
  for (auto [what, count, limit] : {std::tuple("tensors", tensors, kMaxTensors),
                                    std::tuple("keys", values, kMaxValues)})
    if (count > limit)
      return createStringError("expected at most " + Twine(limit) + " " + what +
                               ", but got " + Twine(count));
  return Error::success();
}

/// Moves over `count` elements of an array.
Error GgufParser::skipElements(GgufType type, uint64_t count, int depth) {
  std::string what = "the value of key " + quoteName(key);
  if (uint64_t size = getFixedBytes(type)) {
    if (count > getLeft() / size)
      return failShort(what, llvm::SaturatingMultiply(count, size));
    position += count * size;
    return Error::success();
  }
  // The least that a string takes, an array more.
  if (count > getLeft() / sizeof(uint64_t))
    return failShort(what, llvm::SaturatingMultiply<uint64_t>(count, 8));
  if (depth > kMaxNesting)
    return createStringError("key " + quoteName(key) +
                             ": expected arrays nested at most " +
                             Twine(kMaxNesting) + " deep, but got more");
  for (uint64_t i = 0; i < count; ++i) {
    if (type == GgufType::String) {
      StringRef text;
      if (Error error = readString(text, what))
        return error;
      continue;
    }
    uint32_t inner = 0;
    uint64_t innerCount = 0;
    if (Error error = read(inner, what))
      return error;
    if (Error error = read(innerCount, what))
      return error;
    if (inner > static_cast<uint32_t>(GgufType::F64))
      return createStringError("key " + quoteName(key) +
                               ": expected a type of 0 to 12, but got " +
                               Twine(inner));
    if (Error error =
            skipElements(static_cast<GgufType>(inner), innerCount, depth + 1))
      return error;
  }
  return Error::success();
}

Error GgufParser::readValue() {
  if (Error error = readString(key, "a key"))
    return error;
  if (key.empty() || key.size() > kMaxName)
    return createStringError("expected a key of 1 to " + Twine(kMaxName) +
                             " bytes, but got " + Twine(key.size()));
  std::string what = "the type of key " + quoteName(key);
  uint32_t type = 0;
  GgufValue value;
  if (Error error = read(type, what))
    return error;
  value.isArray = type == static_cast<uint32_t>(GgufType::Array);
  if (value.isArray) {
    if (Error error = read(type, what))
      return error;
    if (Error error = read(value.count, what))
      return error;
  }
  if (type > static_cast<uint32_t>(GgufType::F64))
    return createStringError("key " + quoteName(key) +
                             ": expected a type of 0 to 12, but got " +
                             Twine(type));
  value.type = static_cast<GgufType>(type);
  size_t start = position;
  if (Error error = skipElements(value.type, value.count, 1))
    return error;
  value.bytes = bytes.slice(start, position);
  if (!file.values.try_emplace(key, value).second)
    return createStringError("key " + quoteName(key) +
                             ": expected it once, but got it twice");
  return Error::success();
}

/// Bytes of a tensor, or an error without its name.
static Expected<uint64_t> getTensorBytes(const GgufTensor &tensor) {
  uint64_t elements = 1;
  for (int64_t size : tensor.dimensions) {
    bool hasOverflowed;
    elements =
        llvm::SaturatingMultiply<uint64_t>(elements, size, &hasOverflowed);
    if (hasOverflowed || elements > INT64_MAX)
      return createStringError("expected fewer than 2^63 elements, but got "
                               "more");
  }
  const GgufTensorType &type = *tensor.type;
  if (tensor.dimensions[0] % type.elements)
    return createStringError("expected rows of a multiple of " +
                             Twine(type.elements) + " elements for " +
                             type.name + ", but got " +
                             Twine(tensor.dimensions[0]));
  return llvm::SaturatingMultiply<uint64_t>(elements / type.elements,
                                            type.bytes);
}

Error GgufParser::readTensor() {
  GgufTensor tensor;
  if (Error error = readString(tensor.name, "a tensor's name"))
    return error;
  if (tensor.name.empty() || tensor.name.size() > kMaxName)
    return createStringError("expected a tensor's name of 1 to " +
                             Twine(kMaxName) + " bytes, but got " +
                             Twine(tensor.name.size()));
  std::string what = "tensor " + quoteName(tensor.name);
  uint32_t rank = 0, type = 0;
  if (Error error = read(rank, what))
    return error;
  if (rank == 0 || rank > kMaxDimensions)
    return createStringError(what + ": expected 1 to " + Twine(kMaxDimensions) +
                             " dimensions, but got " + Twine(rank));
  for (uint32_t i = 0; i < rank; ++i) {
    uint64_t size = 0;
    if (Error error = read(size, what))
      return error;
    if (size == 0 || size > INT64_MAX)
      return createStringError(what +
                               ": expected sizes of 1 to 2^63 - 1, but "
                               "got " +
                               Twine(size));
    tensor.dimensions.push_back(static_cast<int64_t>(size));
  }
  if (Error error = read(type, what))
    return error;
  tensor.type = findGgufTensorType(type);
  if (!tensor.type)
    return createStringError(what + ": expected one of " +
                             listGgufTensorTypes() + ", but got type number " +
                             Twine(type));
  if (Error error = read(offsets.emplace_back(), what))
    return error;
  size_t index = file.tensors.size();
  if (!file.tensorIndices.try_emplace(tensor.name, index).second)
    return createStringError(what + ": expected it once, but got it twice");
  file.tensors.push_back(std::move(tensor));
  return Error::success();
}

Expected<uint64_t> GgufParser::getAlignment() const {
  if (!file.has("general.alignment"))
    return kDefaultAlignment;
  Expected<int64_t> alignment = file.getInteger("general.alignment");
  if (!alignment)
    return alignment.takeError();
  if (*alignment < 8 || !llvm::isPowerOf2_64(*alignment) ||
      *alignment > UINT32_MAX)
    return createStringError("key 'general.alignment': expected a power of two "
                             "of 8 or more, but got " +
                             Twine(*alignment));
  return static_cast<uint64_t>(*alignment);
}

Error GgufParser::placeTensors() {
  Expected<uint64_t> alignment = getAlignment();
  if (!alignment)
    return alignment.takeError();
  uint64_t start = llvm::alignTo(position, *alignment);
  uint64_t available = start < bytes.size() ? bytes.size() - start : 0;
  for (auto [tensor, offset] : llvm::zip(file.tensors, offsets)) {
    Expected<uint64_t> size = getTensorBytes(tensor);
    if (!size)
      return createStringError("tensor " + quoteName(tensor.name) + ": " +
                               llvm::toString(size.takeError()));
    if (offset % *alignment)
      return createStringError("tensor " + quoteName(tensor.name) +
                               ": expected an offset of a multiple of " +
                               Twine(*alignment) + ", but got " +
                               Twine(offset));
    if (offset > available || *size > available - offset)
      return createStringError(
          "tensor " + quoteName(tensor.name) + ": expected " + Twine(*size) +
          " bytes at offset " + Twine(offset) + " of the data, but got " +
          Twine(available) + " bytes of data");
    tensor.bytes = llvm::ArrayRef<char>(bytes.data() + start + offset, *size);
  }
  return checkOverlaps();
}

Error GgufParser::checkOverlaps() {
  std::vector<const GgufTensor *> order;
  for (const GgufTensor &tensor : file.tensors)
    order.push_back(&tensor);
  llvm::sort(order, [](const GgufTensor *a, const GgufTensor *b) {
    return a->bytes.data() < b->bytes.data();
  });
  for (size_t i = 1; i < order.size(); ++i)
    if (order[i]->bytes.begin() < order[i - 1]->bytes.end())
      return createStringError("tensor " + quoteName(order[i]->name) +
                               ": expected bytes of its own, but got some of "
                               "tensor " +
                               quoteName(order[i - 1]->name));
  return Error::success();
}

Error GgufParser::parse() {
  uint64_t tensors = 0, values = 0;
  if (Error error = readHeader(tensors, values))
    return error;
  for (uint64_t i = 0; i < values; ++i)
    if (Error error = readValue())
      return error;
  for (uint64_t i = 0; i < tensors; ++i)
    if (Error error = readTensor())
      return error;
  return placeTensors();
}

} // namespace qcc
