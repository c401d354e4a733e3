// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes of a .gguf file to checked keys and tensors, which are views into the
// file: a vocabulary of 150000 strings costs nothing until it is asked for.

#ifndef COMPILER_IMPORT_GGUF_GGUFREADER_H
#define COMPILER_IMPORT_GGUF_GGUFREADER_H

#include "compiler/Import/Gguf/GgufTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <vector>

namespace qcc {

/// Types of values, by their numbers in the file.
enum class GgufType : uint32_t {
  U8,
  I8,
  U16,
  I16,
  U32,
  I32,
  F32,
  Bool,
  String,
  Array,
  U64,
  I64,
  F64,
};

/// A value as a view; of arrays, the type and bytes of the elements.
struct GgufValue {
  GgufType type;
  bool isArray = false;
  uint64_t count = 1;
  llvm::StringRef bytes;
};

struct GgufTensor {
  llvm::StringRef name;
  /// As stored: the first runs along a row, which is contiguous.
  llvm::SmallVector<int64_t, 4> dimensions;
  const GgufTensorType *type;
  llvm::ArrayRef<char> bytes;
};

class GgufFile {
public:
  /// Parses `file`. If it says that it is the first of several, the others are
  /// mapped from its folder by their names, `x-00002-of-00003.gguf`.
  static llvm::Expected<GgufFile>
  read(std::shared_ptr<llvm::MemoryBuffer> file);

  bool has(llvm::StringRef key) const { return values.count(key); }

  // Values of any width. A key that is missing, of another type or out of the
  // result's range is an error that names it.
  llvm::Expected<llvm::StringRef> getString(llvm::StringRef key) const;
  llvm::Expected<int64_t> getInteger(llvm::StringRef key) const;
  llvm::Expected<double> getFloat(llvm::StringRef key) const;
  llvm::Expected<bool> getBool(llvm::StringRef key) const;
  llvm::Expected<std::vector<llvm::StringRef>>
  getStrings(llvm::StringRef key) const;
  /// Arrays of integers or of booleans.
  llvm::Expected<std::vector<int64_t>> getIntegers(llvm::StringRef key) const;
  llvm::Expected<std::vector<float>> getFloats(llvm::StringRef key) const;

  bool isArray(llvm::StringRef key) const {
    auto it = values.find(key);
    return it != values.end() && it->second.isArray;
  }

  llvm::ArrayRef<GgufTensor> getTensors() const { return tensors; }
  const GgufTensor *findTensor(llvm::StringRef name) const;

  /// What all views point into.
  llvm::ArrayRef<std::shared_ptr<llvm::MemoryBuffer>> getFiles() const {
    return files;
  }

private:
  friend class GgufParser;

  llvm::Error joinSiblings();
  llvm::Error join(GgufFile part);
  llvm::Expected<const GgufValue *> find(llvm::StringRef key, bool isArray,
                                         llvm::StringRef expected) const;

  llvm::StringMap<GgufValue> values;
  std::vector<GgufTensor> tensors;
  llvm::StringMap<size_t> tensorIndices;
  std::vector<std::shared_ptr<llvm::MemoryBuffer>> files;
};

/// How qcc decodes a tensor, or an error that lists what it decodes.
llvm::Expected<BlockFormat> getBlockFormat(const GgufTensor &tensor);

} // namespace qcc

#endif // COMPILER_IMPORT_GGUF_GGUFREADER_H
