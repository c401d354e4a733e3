// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A buffer of bytes that holds numbers of several types: packed weights,
// quantized rows, scratch memory. Places are in bytes.

#ifndef PASSES_LOWERCPU_BYTEBUFFER_H
#define PASSES_LOWERCPU_BYTEBUFFER_H

#include "passes/LowerCpu/KernelEmitter.h"

namespace qcc {

class ByteBuffer {
public:
  ByteBuffer(KernelEmitter &emitter, mlir::Value buffer)
      : e(emitter), buffer(buffer) {}

  /// `count` neighbours of type `element`.
  mlir::Value load(mlir::Value at, mlir::Type element, int64_t count) const;
  void store(mlir::Value vector, mlir::Value at) const;

  mlir::Value loadScalar(mlir::Value at, mlir::Type element) const;
  void storeScalar(mlir::Value value, mlir::Value at) const;

  mlir::Value loadFloats(mlir::Value at, int64_t count) const;
  /// One number in all lanes of a register of 32-bit elements.
  mlir::Value splatFloat(mlir::Value at) const;
  mlir::Value splatInt(mlir::Value at) const;

  /// The bytes from `at` on.
  mlir::Value getBuffer() const { return buffer; }

private:
  KernelEmitter &e;
  mlir::Value buffer;
};

} // namespace qcc

#endif // PASSES_LOWERCPU_BYTEBUFFER_H
