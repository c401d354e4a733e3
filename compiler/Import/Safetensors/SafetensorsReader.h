// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checkpoints in the safetensors format: one file, or the files that
// model.safetensors.index.json names. Files are mapped, tensors point into
// them. What is in memory is a file's layout:
//
//   u64 size of the header | JSON header, padded with blanks | tensors

#ifndef COMPILER_IMPORT_SAFETENSORS_SAFETENSORSREADER_H
#define COMPILER_IMPORT_SAFETENSORS_SAFETENSORSREADER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>
#include <vector>

namespace qcc {

/// Element types of the format.
enum class TensorType : uint8_t {
  Bool,
  F4,
  F6E2M3,
  F6E3M2,
  U8,
  I8,
  F8E5M2,
  F8E4M3,
  F8E8M0,
  I16,
  U16,
  F16,
  BF16,
  I32,
  U32,
  F32,
  C64,
  F64,
  I64,
  U64,
};

/// `BF16`, as in the file.
llvm::StringRef getName(TensorType type);
unsigned getBits(TensorType type);

/// Little endian, row-major. `bytes` may begin at any address.
struct SafetensorsTensor {
  TensorType type = TensorType::F32;
  std::vector<int64_t> shape;
  llvm::ArrayRef<char> bytes;
};

/// `[2, 3]`
std::string printShape(llvm::ArrayRef<int64_t> shape);

using SafetensorsEntries = llvm::StringMap<SafetensorsTensor>;

/// Reads and checks one file; the entries point into `file`.
llvm::Expected<SafetensorsEntries>
readSafetensors(const llvm::MemoryBuffer &file);

class SafetensorsCheckpoint {
public:
  /// model.safetensors of `folder`, or the files of its index, or the only file
  /// of another name.
  static llvm::Expected<SafetensorsCheckpoint> open(llvm::StringRef folder);
  /// One file that is in memory already.
  static llvm::Expected<SafetensorsCheckpoint>
  openBuffer(std::shared_ptr<llvm::MemoryBuffer> file);

  /// The tensor, or null. It lives as long as `files()` do.
  const SafetensorsTensor *find(llvm::StringRef name) const;
  /// In the order of the alphabet.
  std::vector<llvm::StringRef> names() const;
  llvm::ArrayRef<std::shared_ptr<llvm::MemoryBuffer>> files() const {
    return buffers;
  }

private:
  static llvm::Expected<SafetensorsCheckpoint>
  openIndex(llvm::StringRef folder, llvm::StringRef indexPath);

  SafetensorsEntries entries;
  std::vector<std::shared_ptr<llvm::MemoryBuffer>> buffers;
};

/// Maps a regular file; links are followed, so that a cache of downloads can
/// be read.
llvm::Expected<std::shared_ptr<llvm::MemoryBuffer>>
mapModelFile(const llvm::Twine &path);

} // namespace qcc

#endif // COMPILER_IMPORT_SAFETENSORS_SAFETENSORSREADER_H
