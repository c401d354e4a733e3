// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the keys and values of a layer are in its cache (CacheKernel.cpp draws
// it), and how they become f32. What is quantized comes as codes, and scales
// come apart, since one scale meets many codes.

#ifndef PASSES_LOWERCPU_CACHELAYOUT_H
#define PASSES_LOWERCPU_CACHELAYOUT_H

#include "passes/LowerCpu/ByteBuffer.h"
#include "passes/LowerCpu/Kernels.h"

namespace qcc {

class CacheLayout {
public:
  enum class Part { Keys, Values };

  /// The cache is operand number `operand`, with room for `capacity` places.
  CacheLayout(KernelContext &context, size_t operand, int64_t kvHeads,
              int64_t headSize, mlir::Value capacity);

  bool isQuantized() const { return stored.isInteger(8); }

  /// Floats only: the first `valid` elements of `x` are those from `k` on.
  void store(Part part, mlir::Value x, mlir::Value head, mlir::Value place,
             mlir::Value k, int64_t valid) const;
  /// Quantized only: rounds the head that is in `row` as f32, with zeros up to
  /// a whole group.
  void storeHead(Part part, const ByteBuffer &row, mlir::Value head,
                 mlir::Value place) const;

  /// Element `k` of the keys at `places` from `place` on (a multiple of the
  /// register's lanes), f32.
  mlir::Value loadKeys(mlir::Value head, mlir::Value place,
                       mlir::Value k) const;
  /// The first `valid` elements from `k` on of the value at `place`, f32.
  mlir::Value loadValue(mlir::Value head, mlir::Value place, mlir::Value k,
                        int64_t valid) const;
  /// Scales of group `group` at the places from `place` on, as in loadKeys.
  mlir::Value loadScales(Part part, mlir::Value head, mlir::Value place,
                         mlir::Value group) const;

  /// Asks for `count` numbers of those at the places from `place` on, number
  /// `first` and after. Any place is fine.
  void prefetch(Part part, mlir::Value head, mlir::Value place,
                mlir::Value first, int64_t count) const;

private:
  mlir::Value narrow(mlir::Value x) const;
  mlir::Value widen(mlir::Value x) const;
  mlir::Value tileAt(Part part, mlir::Value head, mlir::Value place) const;
  mlir::Value keyAt(mlir::Value head, mlir::Value place, mlir::Value k) const;
  mlir::Value valueAt(mlir::Value head, mlir::Value place, mlir::Value k) const;
  mlir::Value scaleAt(Part part, mlir::Value head, mlir::Value place,
                      mlir::Value group) const;

  KernelEmitter &e;
  mlir::Value buffer;
  mlir::Type stored;
  int64_t kvHeads, headSize, numbers; // of a place and head
  mlir::Value capacity;
};

} // namespace qcc

#endif // PASSES_LOWERCPU_CACHELAYOUT_H
