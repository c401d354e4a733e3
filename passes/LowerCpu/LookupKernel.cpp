// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.lookup`. With VBMI a register of 64 bytes is looked up in four
// instructions: two vpermi2b, each over half of the table in two registers, and
// a blend by the top bit of the index. Elsewhere one byte a time.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace qcc {

/// The table entry of each byte of `index` (64 of them); `table` are its four
/// registers.
static Value emitPermute(KernelEmitter &e, Value index,
                         ArrayRef<Value> table) {
  auto half = [&](Value low, Value high) {
    // Uses the low seven bits of the index.
    return e.intrinsic("llvm.x86.avx512.vpermi2var.qi.512", low.getType(),
                       {low, index, high});
  };
  Value isHigh = arith::CmpIOp::create(e, arith::CmpIPredicate::slt, index,
                                       e.constantInt(index.getType(), 0));
  return arith::SelectOp::create(e, isHigh, half(table[2], table[3]),
                                 half(table[0], table[1]));
}

/// The runs of contiguous bytes of the nest: innermost dimension first merged.
int64_t emitLookup(KernelContext &context, LookupOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0];
  const TensorArgument &table = context.operands[1];
  const TensorArgument &result = context.result;
  // Signed indices count from the middle of the table.
  int64_t shift = input.grid().getIsSigned() ? 128 : 0;
  Walk to{SmallVector<int64_t>(result.strides), e.index(result.base)};
  Walk from{SmallVector<int64_t>(input.strides), e.index(input.base)};

  // The dimension along which both are contiguous, in blocks of a register.
  int64_t lane = 64;
  for (int64_t i = 0; e.target.hasByteTable && i < result.rank(); ++i) {
    if (to.strides[i] != 1 || from.strides[i] != 1 || result.shape[i] < 8)
      continue;
    SmallVector<Value> registers;
    for (int64_t part = 0; part < 4; ++part)
      registers.push_back(
          e.loadVector(table.buffer, e.index(part * 64), 64));
    SmallVector<int64_t> sizes(result.shape);
    sizes[i] = llvm::divideCeil(sizes[i], lane);
    to.strides[i] = from.strides[i] = lane;
    Walk number{SmallVector<int64_t>(result.rank(), 0), e.index(0)};
    number.strides[i] = lane;
    int64_t size = result.shape[i];
    return emitNest(
        context, sizes, {to, from, number},
        [&](ArrayRef<Value> offsets) {
          Value valid =
              size % lane == 0
                  ? e.index(lane)
                  : e.min(e.index(lane), e.createOrFold<arith::SubIOp>(
                                             e.index(size), offsets[2]));
          // In part, since the input may be a caller's.
          Value bytes = e.loadPart(input.buffer, offsets[1], lane, valid);
          if (shift)
            bytes = arith::XOrIOp::create(
                e, bytes, e.constantInt(bytes.getType(), -128));
          e.storePart(emitPermute(e, bytes, registers), result.buffer,
                      offsets[0], valid);
        },
        2048);
  }
  return emitNest(context, result.shape, {to, from},
                  [&](ArrayRef<Value> offsets) {
                    Value at = arith::IndexCastUIOp::create(
                        e, e.getIndexType(), e.load(input.buffer, offsets[1]));
                    if (shift)
                      at = arith::XOrIOp::create(e, at, e.index(shift));
                    e.store(e.load(table.buffer, at), result.buffer,
                            offsets[0]);
                  });
}

} // namespace qcc
