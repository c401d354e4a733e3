// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of keys as what a caller wants: writers differ in the width that they
// give an integer.

#include "compiler/Import/Gguf/GgufReader.h"

#include "compiler/Import/QuotedName.h"
#include "llvm/Support/Endian.h"

using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace qcc {
namespace {

constexpr llvm::StringLiteral kTypeNames[] = {
    "u8",   "i8",     "u16",   "i16", "u32", "i32", "f32",
    "bool", "string", "array", "u64", "i64", "f64"};

template <typename T> T readAt(StringRef bytes, uint64_t index) {
  return llvm::support::endian::read<T, llvm::endianness::little>(
      bytes.data() + index * sizeof(T));
}

/// Element `index` of `value`, or nothing if it is no integer of 64 bits.
std::optional<int64_t> readInteger(const GgufValue &value, uint64_t index) {
  switch (value.type) {
  case GgufType::U8:
    return readAt<uint8_t>(value.bytes, index);
  case GgufType::I8:
    return readAt<int8_t>(value.bytes, index);
  case GgufType::U16:
    return readAt<uint16_t>(value.bytes, index);
  case GgufType::I16:
    return readAt<int16_t>(value.bytes, index);
  case GgufType::U32:
    return readAt<uint32_t>(value.bytes, index);
  case GgufType::I32:
    return readAt<int32_t>(value.bytes, index);
  case GgufType::I64:
    return readAt<int64_t>(value.bytes, index);
  case GgufType::U64: {
    auto wide = readAt<uint64_t>(value.bytes, index);
    if (wide > INT64_MAX)
      return std::nullopt;
    return static_cast<int64_t>(wide);
  }
  default:
    return std::nullopt;
  }
}

std::optional<double> readFloat(const GgufValue &value, uint64_t index) {
  if (value.type == GgufType::F32)
    return readAt<float>(value.bytes, index);
  if (value.type == GgufType::F64)
    return readAt<double>(value.bytes, index);
  if (auto integer = readInteger(value, index))
    return static_cast<double>(*integer);
  return std::nullopt;
}

Error fail(StringRef key, const Twine &expected, const Twine &got) {
  return createStringError("key " + quoteName(key) + ": expected " + expected +
                           ", but got " + got);
}

Error failType(StringRef key, const Twine &expected, const GgufValue &value) {
  StringRef name = kTypeNames[static_cast<uint32_t>(value.type)];
  return fail(key, expected, (value.isArray ? "an array of " : "type ") + name);
}

} // namespace

Expected<const GgufValue *> GgufFile::find(StringRef key, bool isArray,
                                           StringRef expected) const {
  auto it = values.find(key);
  if (it == values.end())
    return fail(key, expected, "none");
  if (it->second.isArray != isArray)
    return failType(key, expected, it->second);
  return &it->second;
}

Expected<StringRef> GgufFile::getString(StringRef key) const {
  Expected<const GgufValue *> value = find(key, false, "a string");
  if (!value)
    return value.takeError();
  if ((*value)->type != GgufType::String)
    return failType(key, "a string", **value);
  return (*value)->bytes.drop_front(sizeof(uint64_t));
}

Expected<int64_t> GgufFile::getInteger(StringRef key) const {
  StringRef expected = "an integer below 2^63";
  Expected<const GgufValue *> value = find(key, false, expected);
  if (!value)
    return value.takeError();
  if (auto integer = readInteger(**value, 0))
    return *integer;
  return failType(key, expected, **value);
}

Expected<double> GgufFile::getFloat(StringRef key) const {
  Expected<const GgufValue *> value = find(key, false, "a number");
  if (!value)
    return value.takeError();
  if (auto number = readFloat(**value, 0))
    return *number;
  return failType(key, "a number", **value);
}

Expected<bool> GgufFile::getBool(StringRef key) const {
  Expected<const GgufValue *> value = find(key, false, "a bool");
  if (!value)
    return value.takeError();
  if ((*value)->type != GgufType::Bool)
    return failType(key, "a bool", **value);
  return (*value)->bytes[0] != 0;
}

Expected<std::vector<StringRef>> GgufFile::getStrings(StringRef key) const {
  Expected<const GgufValue *> value = find(key, true, "an array of strings");
  if (!value)
    return value.takeError();
  if ((*value)->type != GgufType::String)
    return failType(key, "an array of strings", **value);
  std::vector<StringRef> strings;
  strings.reserve((*value)->count);
  StringRef rest = (*value)->bytes; // the parser has checked all lengths
  for (uint64_t i = 0; i < (*value)->count; ++i) {
    auto length = readAt<uint64_t>(rest, 0);
    strings.push_back(rest.substr(sizeof(uint64_t), length));
    rest = rest.drop_front(sizeof(uint64_t) + length);
  }
  return strings;
}

Expected<std::vector<int64_t>> GgufFile::getIntegers(StringRef key) const {
  StringRef expected = "an array of integers below 2^63";
  Expected<const GgufValue *> value = find(key, true, expected);
  if (!value)
    return value.takeError();
  std::vector<int64_t> integers;
  integers.reserve((*value)->count);
  for (uint64_t i = 0; i < (*value)->count; ++i) {
    std::optional<int64_t> integer = readInteger(**value, i);
    if ((*value)->type == GgufType::Bool)
      integer = (*value)->bytes[i] != 0;
    if (!integer)
      return failType(key, expected, **value);
    integers.push_back(*integer);
  }
  return integers;
}

Expected<std::vector<float>> GgufFile::getFloats(StringRef key) const {
  Expected<const GgufValue *> value = find(key, true, "an array of numbers");
  if (!value)
    return value.takeError();
  std::vector<float> numbers;
  numbers.reserve((*value)->count);
  for (uint64_t i = 0; i < (*value)->count; ++i) {
    std::optional<double> number = readFloat(**value, i);
    if (!number)
      return failType(key, "an array of numbers", **value);
    numbers.push_back(static_cast<float>(*number));
  }
  return numbers;
}

} // namespace qcc
