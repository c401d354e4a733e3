// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constants that kernels read, one after the other in one buffer.

#ifndef PASSES_LOWERCPU_WEIGHTBYTES_H
#define PASSES_LOWERCPU_WEIGHTBYTES_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"

#include <map>
#include <vector>

namespace qcc {

class WeightBytes {
public:
  /// Offsets are multiples of this many bytes.
  static constexpr int64_t kAlignment = 64;

  /// Byte offset of a constant. Equal bytes are there once: the trips of a
  /// loop, and layers that are tied, share their weights.
  int64_t place(mlir::Value constant);

  /// All bytes, with room at the end for a register that begins inside the
  /// last constant.
  llvm::ArrayRef<char> finish();

private:
  int64_t place(llvm::ArrayRef<char> constant);

  std::vector<char> bytes;
  llvm::DenseMap<mlir::Attribute, int64_t> offsets;
  std::multimap<uint64_t, std::pair<int64_t, size_t>> byHash; // offset, size
};

} // namespace qcc

#endif // PASSES_LOWERCPU_WEIGHTBYTES_H
