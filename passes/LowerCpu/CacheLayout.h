// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the keys and values of a layer are in its cache (CacheKernel.cpp draws
// it), and how they become f32.

#ifndef PASSES_LOWERCPU_CACHELAYOUT_H
#define PASSES_LOWERCPU_CACHELAYOUT_H

#include "passes/LowerCpu/Kernels.h"

namespace qcc {

class CacheLayout {
public:
  static constexpr int64_t kPlaces = 16; // of keys side by side

  /// The cache is operand number `operand`, with room for `capacity` places.
  CacheLayout(KernelContext &context, size_t operand, int64_t kvHeads,
              int64_t headSize, mlir::Value capacity);

  void storeKey(mlir::Value x, mlir::Value head, mlir::Value place,
                mlir::Value k, int64_t valid) const;
  void storeValue(mlir::Value x, mlir::Value head, mlir::Value place,
                  mlir::Value k, int64_t valid) const;

  /// Element `k` of the keys at `places` from `place` on (a multiple of the
  /// register's lanes), f32.
  mlir::Value loadKeys(mlir::Value head, mlir::Value place,
                       mlir::Value k) const;
  /// The first `valid` elements from `k` on of the value at `place`, f32.
  mlir::Value loadValue(mlir::Value head, mlir::Value place, mlir::Value k,
                        int64_t valid) const;

private:
  mlir::Value narrow(mlir::Value x) const;
  mlir::Value widen(mlir::Value x) const;
  mlir::Value keyAt(mlir::Value head, mlir::Value place, mlir::Value k) const;
  mlir::Value valueAt(mlir::Value head, mlir::Value place, mlir::Value k) const;

  KernelEmitter &e;
  mlir::Value buffer;
  mlir::Type stored;
  int64_t kvHeads, headSize;
  mlir::Value capacity;
};

} // namespace qcc

#endif // PASSES_LOWERCPU_CACHELAYOUT_H
