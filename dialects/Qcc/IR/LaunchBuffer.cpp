// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Follows views to the argument of main that they are of.

#include "dialects/Qcc/IR/LaunchBuffer.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc {

std::optional<LaunchBuffer> LaunchBuffer::of(Value value) {
  auto type = dyn_cast<MemRefType>(value.getType());
  if (!type || !type.hasStaticShape())
    return std::nullopt;
  int64_t size = type.getNumElements() * getElementBytes(type.getElementType());
  if (auto argument = dyn_cast<BlockArgument>(value))
    return LaunchBuffer{argument, 0, size};
  auto view = value.getDefiningOp<memref::ViewOp>();
  APInt shift;
  if (!view || !matchPattern(view.getByteShift(), m_ConstantInt(&shift)))
    return std::nullopt;
  std::optional<LaunchBuffer> source = of(view.getSource());
  if (source) {
    source->offset += shift.getSExtValue();
    source->size = size;
  }
  return source;
}

bool haveSameExtent(LaunchOp a, LaunchOp b) {
  auto first = a.getExtent(), second = b.getExtent();
  if (!first || !second)
    return !first && !second;
  LaunchBuffer place = *LaunchBuffer::of(a.getBuffers()[(*first)[0]]);
  LaunchBuffer other = *LaunchBuffer::of(b.getBuffers()[(*second)[0]]);
  return place.base == other.base && place.offset == other.offset &&
         first->drop_front() == second->drop_front();
}

} // namespace qcc
