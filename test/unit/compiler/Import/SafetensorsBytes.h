// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes safetensors files in memory, for the tests of their readers.

#ifndef TEST_UNIT_COMPILER_IMPORT_SAFETENSORSBYTES_H
#define TEST_UNIT_COMPILER_IMPORT_SAFETENSORSBYTES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace qcc {

/// Size, header and data in a row.
inline std::string frameSafetensors(const std::string &header,
                                    const std::string &data) {
  uint64_t size = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &size, 8);
  return bytes + header + data;
}

/// Adds tensors one by one.
class SafetensorsWriter {
public:
  template <typename T>
  void add(const std::string &name, const std::string &type,
           const std::vector<int64_t> &shape, const std::vector<T> &values) {
    std::string text;
    for (int64_t size : shape)
      text += (text.empty() ? "" : ",") + std::to_string(size);
    size_t begin = data.size();
    data.append(reinterpret_cast<const char *>(values.data()),
                values.size() * sizeof(T));
    header += (header.empty() ? "\"" : ",\"") + name + "\":{\"dtype\":\"" +
              type + "\",\"shape\":[" + text + "],\"data_offsets\":[" +
              std::to_string(begin) + "," + std::to_string(data.size()) + "]}";
  }
  std::string bytes() const {
    return frameSafetensors("{" + header + "}", data);
  }
  std::shared_ptr<llvm::MemoryBuffer> buffer() const {
    return llvm::MemoryBuffer::getMemBufferCopy(bytes(), "a.safetensors");
  }

private:
  std::string header, data;
};

} // namespace qcc

#endif // TEST_UNIT_COMPILER_IMPORT_SAFETENSORSBYTES_H
