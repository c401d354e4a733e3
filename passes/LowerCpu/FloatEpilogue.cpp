// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// docs/numerics.md *requantize* without a grid: nothing is rounded.

#include "passes/LowerCpu/FloatEpilogue.h"

#include "dialects/Qcc/Target/PanelLayout.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <numeric>

using namespace mlir;

namespace qcc {

Value emitFloatResult(KernelEmitter &e, Value sum, Value multiplier,
                      Value residual, const FloatBounds &bounds) {
  int64_t lanes = cast<VectorType>(sum.getType()).getNumElements();
  VectorType floats = e.vectorOf(e.getF32Type(), lanes);
  Value t = sum;
  if (multiplier)
    t = arith::MulFOp::create(e, arith::SIToFPOp::create(e, floats, t),
                              multiplier);
  if (residual)
    t = arith::AddFOp::create(e, t, residual);
  if (bounds.lower)
    t = e.maxFloat(t, e.constant(floats, bounds.lower.getValueAsDouble()));
  if (bounds.upper)
    t = e.minFloat(t, e.constant(floats, bounds.upper.getValueAsDouble()));
  return t;
}

/// Elements [first, first + count) of channel order, which come from one or
/// two registers while `count` is at most 8, else in halves.
static Value pickChannels(KernelEmitter &e, ArrayRef<Value> registers,
                          int64_t first, int64_t count) {
  int64_t lanes = cast<VectorType>(registers[0].getType()).getNumElements();
  if (count > 8) {
    Value low = pickChannels(e, registers, first, count / 2);
    Value high = pickChannels(e, registers, first + count / 2, count / 2);
    SmallVector<int64_t> all(count);
    std::iota(all.begin(), all.end(), 0);
    return e.shuffle(low, high, all);
  }
  // Four channels in a row are four lanes in a row.
  SmallVector<int64_t> sources, mask;
  for (int64_t c = first; c < first + count; ++c)
    for (int64_t v = 0; v < 4; ++v)
      for (int64_t lane = 0; lane < lanes; ++lane)
        if (interleavedChannel(4, v, lane) == c) {
          if (!llvm::is_contained(sources, v))
            sources.push_back(v);
          mask.push_back((v == sources[0] ? 0 : lanes) + lane);
        }
  return e.shuffle(registers[sources.front()], registers[sources.back()], mask);
}

SmallVector<Value> emitChannelOrder(KernelEmitter &e,
                                    ArrayRef<Value> registers) {
  int64_t lanes = cast<VectorType>(registers[0].getType()).getNumElements();
  SmallVector<Value> result;
  for (int64_t part = 0; part < 4; ++part)
    result.push_back(pickChannels(e, registers, part * lanes, lanes));
  return result;
}

} // namespace qcc
