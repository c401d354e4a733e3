// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays as NumPy stores them (.npy): the header, whole arrays, and a stream
// for data sets that do not fit in memory. Files come from strangers: every
// size is checked against the bytes that are really there before it is used.

#ifndef QCC_COMPILER_EVALUATE_NPYFILE_H
#define QCC_COMPILER_EVALUATE_NPYFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace qcc::evaluate {

/// The element types qcc reads and writes; all little endian.
enum class ArrayType : uint8_t {
  Boolean,
  S8,
  U8,
  S16,
  U16,
  S32,
  U32,
  S64,
  U64,
  F16,
  F32,
  F64,
};

/// Bytes of one element.
unsigned sizeInBytes(ArrayType type);
/// `f32`, `s8`, `boolean`, ...
llvm::StringRef getName(ArrayType type);
bool isFloat(ArrayType type);

/// `[1, 3, 224, 224]`; a negative dimension prints as `?`.
std::string printShape(llvm::ArrayRef<int64_t> shape);

struct ArrayHeader {
  ArrayType type = ArrayType::F32;
  std::vector<int64_t> shape;
  bool isFortranOrder = false;

  /// Both were checked for overflow when the header was read.
  uint64_t countElements() const;
  uint64_t countBytes() const { return countElements() * sizeInBytes(type); }
};

/// An array in memory: row-major, little endian, no padding.
struct Array {
  ArrayType type = ArrayType::F32;
  std::vector<int64_t> shape;
  std::vector<uint8_t> bytes;

  uint64_t countElements() const { return bytes.size() / sizeInBytes(type); }
  /// The elements in place; `T` must have the size of the element type.
  template <typename T> llvm::ArrayRef<T> values() const {
    return {reinterpret_cast<const T *>(bytes.data()),
            bytes.size() / sizeof(T)};
  }
  template <typename T>
  static Array make(ArrayType type, std::vector<int64_t> shape,
                    llvm::ArrayRef<T> values) {
    auto *first = reinterpret_cast<const uint8_t *>(values.data());
    return {type, std::move(shape), {first, first + sizeof(T) * values.size()}};
  }
};

/// Bytes in order, from a file, a zip entry or memory.
class ByteStream {
public:
  virtual ~ByteStream() = default;
  /// Fills `buffer` or fails; a stream that ends early is a failure.
  virtual llvm::Error read(llvm::MutableArrayRef<uint8_t> buffer) = 0;
  virtual llvm::Error rewind() = 0;
  /// Never more than the stream can deliver.
  virtual uint64_t countBytes() const = 0;
};

/// One .npy array, read front to back.
class ArrayStream {
public:
  static llvm::Expected<std::unique_ptr<ArrayStream>>
  open(std::unique_ptr<ByteStream> bytes, llvm::StringRef name);
  static llvm::Expected<std::unique_ptr<ArrayStream>>
  openFile(llvm::StringRef path);
  /// The bytes must outlive the stream.
  static llvm::Expected<std::unique_ptr<ArrayStream>>
  openBytes(llvm::ArrayRef<uint8_t> bytes, llvm::StringRef name);

  const ArrayHeader &header() const { return description; }
  /// What errors call this array.
  llvm::StringRef name() const { return label; }
  /// The next elements, in the file's order.
  llvm::Error read(llvm::MutableArrayRef<uint8_t> buffer);
  /// Back to the first element.
  llvm::Error rewind();
  /// The whole array, made row-major.
  llvm::Expected<Array> readAll();

private:
  std::unique_ptr<ByteStream> source;
  std::string label;
  ArrayHeader description;
  uint64_t headerBytes = 0;
};

llvm::Expected<Array> readNpy(llvm::StringRef path);
/// Replaces `path` in one step: a failure leaves no partial file.
llvm::Error writeNpy(llvm::StringRef path, const Array &array);
/// The bytes of a .npy file.
std::vector<uint8_t> encodeNpy(const Array &array);

/// Converts to another element type. Integers must fit exactly; floats become
/// integers only if they are whole. `name` is for the error.
llvm::Expected<Array> convertArray(Array array, ArrayType type,
                                   llvm::StringRef name);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_NPYFILE_H
