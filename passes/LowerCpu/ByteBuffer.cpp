// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads bytes and casts them: LLVM makes one load of both.

#include "passes/LowerCpu/ByteBuffer.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

Value ByteBuffer::load(Value at, Type element, int64_t count) const {
  int64_t bytes = count * element.getIntOrFloatBitWidth() / 8;
  Value vector = e.loadVector(buffer, at, bytes);
  return element.isInteger(8) ? vector : e.bitcast(vector, element);
}

void ByteBuffer::store(Value vector, Value at) const {
  Type element = cast<VectorType>(vector.getType()).getElementType();
  if (!element.isInteger(8))
    vector = e.bitcast(vector, e.getI8Type());
  e.storeVector(vector, buffer, at);
}

Value ByteBuffer::loadScalar(Value at, Type element) const {
  return vector::ExtractOp::create(e, load(at, element, 1), int64_t(0));
}

void ByteBuffer::storeScalar(Value value, Value at) const {
  store(e.splat(value, 1), at);
}

Value ByteBuffer::loadFloats(Value at, int64_t count) const {
  return load(at, e.getF32Type(), count);
}

Value ByteBuffer::splatFloat(Value at) const {
  return e.splat(loadScalar(at, e.getF32Type()), e.target.lanes);
}

Value ByteBuffer::splatInt(Value at) const {
  return e.splat(loadScalar(at, e.getI32Type()), e.target.lanes);
}

} // namespace qcc
