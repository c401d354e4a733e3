// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// GGUF files made by hand: values and tensors are added one by one, and every
// number can be wrong.

#ifndef TEST_UNIT_COMPILER_IMPORT_GGUFBYTES_H
#define TEST_UNIT_COMPILER_IMPORT_GGUFBYTES_H

#include "compiler/Import/Gguf/GgufReader.h"

#include <cstring>
#include <string>

namespace qcc {

/// The little-endian bytes of `value`.
template <typename T> std::string toBytes(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

inline std::string toGgufString(llvm::StringRef text) {
  return toBytes<uint64_t>(text.size()) + text.str();
}

class GgufBytes {
public:
  /// A key whose value is `bytes`, whatever `type` says.
  GgufBytes &addRaw(llvm::StringRef key, uint32_t type, std::string bytes) {
    ++keys;
    keyBytes += toGgufString(key) + toBytes(type) + std::move(bytes);
    return *this;
  }
  GgufBytes &add(llvm::StringRef key, uint32_t value) {
    return addRaw(key, 4, toBytes(value));
  }
  GgufBytes &add(llvm::StringRef key, float value) {
    return addRaw(key, 6, toBytes(value));
  }
  GgufBytes &add(llvm::StringRef key, llvm::StringRef value) {
    return addRaw(key, 8, toGgufString(value));
  }
  GgufBytes &addArray(llvm::StringRef key, uint32_t type, uint64_t count,
                      const std::string &elements) {
    return addRaw(key, 9, toBytes(type) + toBytes(count) + elements);
  }

  /// A tensor whose data is at `offset`, or after the last one's.
  GgufBytes &addTensor(llvm::StringRef name, std::vector<uint64_t> sizes,
                       uint32_t type, const std::string &bytes,
                       std::optional<uint64_t> offset = std::nullopt) {
    ++tensors;
    tensorBytes += toGgufString(name) + toBytes<uint32_t>(sizes.size());
    for (uint64_t size : sizes)
      tensorBytes += toBytes(size);
    data.resize((data.size() + alignment - 1) / alignment * alignment);
    tensorBytes += toBytes(type) + toBytes(offset.value_or(data.size()));
    data += bytes;
    return *this;
  }
  /// Of f32; element i is `first` + i.
  GgufBytes &addFloats(llvm::StringRef name, std::vector<uint64_t> sizes,
                       float first = 0) {
    uint64_t count = 1;
    for (uint64_t size : sizes)
      count *= size;
    std::string bytes;
    for (uint64_t i = 0; i < count; ++i)
      bytes += toBytes(first + static_cast<float>(i));
    return addTensor(name, std::move(sizes), 0, bytes);
  }

  std::string build() const {
    std::string bytes = magic + toBytes(version) + toBytes(tensors) +
                        toBytes(keys) + keyBytes + tensorBytes;
    bytes.resize((bytes.size() + alignment - 1) / alignment * alignment);
    return bytes + data;
  }

  std::string magic = "GGUF";
  uint32_t version = 3;
  uint64_t tensors = 0, keys = 0;
  size_t alignment = 32;

private:
  std::string keyBytes, tensorBytes, data;
};

inline llvm::Expected<GgufFile> readGguf(const std::string &bytes,
                                         llvm::StringRef name = "a.gguf") {
  return GgufFile::read(llvm::MemoryBuffer::getMemBufferCopy(bytes, name));
}

/// What is wrong with `bytes`, or "".
inline std::string getGgufError(const std::string &bytes) {
  auto file = readGguf(bytes);
  return file ? "" : llvm::toString(file.takeError());
}

/// The value, or the message.
template <typename T> std::string print(llvm::Expected<T> value) {
  if (!value)
    return llvm::toString(value.takeError());
  if constexpr (std::is_arithmetic_v<T>)
    return std::to_string(*value);
  else
    return std::string(*value);
}

} // namespace qcc

#endif // TEST_UNIT_COMPILER_IMPORT_GGUFBYTES_H
