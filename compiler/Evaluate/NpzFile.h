// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Archives of arrays as NumPy writes them (.npz): a zip file with one .npy
// entry per array, stored or deflated.

#ifndef QCC_COMPILER_EVALUATE_NPZFILE_H
#define QCC_COMPILER_EVALUATE_NPZFILE_H

#include "compiler/Evaluate/NpyFile.h"

#include <utility>

namespace llvm {
class MemoryBuffer;
}

namespace qcc::evaluate {

class NpzFile {
public:
  static llvm::Expected<std::unique_ptr<NpzFile>> open(llvm::StringRef path);
  static llvm::Expected<std::unique_ptr<NpzFile>>
  openBuffer(std::unique_ptr<llvm::MemoryBuffer> buffer);
  ~NpzFile();

  /// Names without `.npy`, in the archive's order.
  llvm::ArrayRef<std::string> names() const { return arrayNames; }
  bool contains(llvm::StringRef name) const;
  /// Streams are independent of each other; they share the file's bytes, so
  /// they may outlive this object.
  llvm::Expected<std::unique_ptr<ArrayStream>>
  stream(llvm::StringRef name) const;
  llvm::Expected<Array> read(llvm::StringRef name) const;
  /// `'data', 'labels'`, for messages.
  std::string listNames() const;

  /// Where an entry stands in the archive's directory.
  struct Entry {
    uint64_t position = 0;
    uint64_t number = 0;
  };

private:
  std::shared_ptr<llvm::MemoryBuffer> file;
  std::string path;
  std::vector<std::string> arrayNames;
  std::vector<Entry> entries;
};

/// Writes stored (uncompressed) entries, which read back without a copy.
llvm::Error
writeNpz(llvm::StringRef path,
         llvm::ArrayRef<std::pair<std::string, const Array *>> arrays);

} // namespace qcc::evaluate

#endif // QCC_COMPILER_EVALUATE_NPZFILE_H
