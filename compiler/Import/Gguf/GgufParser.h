// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pass over the bytes of one file. Keeps the position; every count and
// length is compared with what is left before it is believed.

#ifndef COMPILER_IMPORT_GGUF_GGUFPARSER_H
#define COMPILER_IMPORT_GGUF_GGUFPARSER_H

#include "compiler/Import/Gguf/GgufReader.h"
#include "llvm/Support/Endian.h"

namespace qcc {

class GgufParser {
public:
  GgufParser(llvm::StringRef bytes, GgufFile &file)
      : bytes(bytes), file(file) {}

  llvm::Error parse();

private:
  uint64_t getLeft() const { return bytes.size() - position; }

  template <typename T> llvm::Error read(T &value, const llvm::Twine &what) {
    if (getLeft() < sizeof(T))
      return failShort(what, sizeof(T));
    value = llvm::support::endian::read<T, llvm::endianness::little>(
        bytes.data() + position);
    position += sizeof(T);
    return llvm::Error::success();
  }
  llvm::Error readString(llvm::StringRef &text, const llvm::Twine &what);
  llvm::Error readHeader(uint64_t &tensors, uint64_t &values);
  llvm::Error readValue();
  llvm::Error skipElements(GgufType type, uint64_t count, int depth);
  llvm::Error readTensor();
  llvm::Error placeTensors();
  llvm::Error checkOverlaps();
  llvm::Expected<uint64_t> getAlignment() const;

  llvm::Error failShort(const llvm::Twine &what, uint64_t expected) const;

  llvm::StringRef bytes;
  GgufFile &file;
  size_t position = 0;
  llvm::StringRef key;           // being read
  std::vector<uint64_t> offsets; // of tensors, in their part of the file
};

} // namespace qcc

#endif // COMPILER_IMPORT_GGUF_GGUFPARSER_H
