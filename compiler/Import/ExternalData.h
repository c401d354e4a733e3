// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weights that a model keeps in files beside it: mapped into memory once a
// file, and kept as long as a constant points into them.

#ifndef COMPILER_IMPORT_EXTERNALDATA_H
#define COMPILER_IMPORT_EXTERNALDATA_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>

namespace qcc {

/// Bytes of a mapped file, and what keeps them mapped.
struct MappedBytes {
  llvm::StringRef bytes;
  std::shared_ptr<llvm::MemoryBuffer> file;
};

class ExternalData {
public:
  /// `modelPath` is the model's own file; its folder holds the weights.
  explicit ExternalData(llvm::StringRef modelPath);

  /// Finds `length` bytes at `offset` of the file `location`, which is
  /// relative to the model's folder and, links followed, inside it.
  llvm::Expected<MappedBytes> read(llvm::StringRef location, uint64_t offset,
                                   uint64_t length);

private:
  llvm::Expected<std::shared_ptr<llvm::MemoryBuffer>>
  open(llvm::StringRef location);

  std::string folder;
  llvm::StringMap<std::shared_ptr<llvm::MemoryBuffer>> files;
};

} // namespace qcc

#endif // COMPILER_IMPORT_EXTERNALDATA_H
