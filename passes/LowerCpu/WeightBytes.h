// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The constants that kernels read, one after the other in one buffer. Those
// that are made when the library is written (qcc.pack_panels) only get their
// place here.

#ifndef PASSES_LOWERCPU_WEIGHTBYTES_H
#define PASSES_LOWERCPU_WEIGHTBYTES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

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
  int64_t size() const;

  /// `qcc.weights`: the bytes as a resource; or, if some are made later, an
  /// array of `{offset, size, source, steps}`, where `source` is a constant or
  /// an array of them, and `steps` are the types that it goes through
  /// (compiler/Codegen/WeightStream.h).
  mlir::Attribute getAttribute(mlir::MLIRContext *context) const;

private:
  struct Segment {
    int64_t offset, size;
    mlir::Attribute source;
    llvm::SmallVector<mlir::Attribute> steps;
  };

  int64_t append(int64_t size, mlir::Attribute source,
                 llvm::ArrayRef<mlir::Attribute> steps);
  int64_t placeConstant(mlir::Attribute attribute);
  int64_t placeLazy(mlir::Operation *op);
  mlir::Attribute makeResource(mlir::MLIRContext *context) const;

  std::vector<Segment> segments;
  int64_t end = 0;
  bool hasLazy = false;
  llvm::DenseMap<mlir::Attribute, int64_t> offsets;
  std::map<std::vector<const void *>, int64_t> lazyOffsets;
  std::multimap<uint64_t, size_t> byHash; // number of the segment
};

} // namespace qcc

#endif // PASSES_LOWERCPU_WEIGHTBYTES_H
