// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes `qcc.lookup`, a register of bytes at a time. With VBMI a look-up is
// four instructions: two vpermi2b, each over half of the table in two
// registers, and a blend by the top bit of the index. Elsewhere vpshufb looks
// up sixteen entries, three instructions each time.

#include "passes/LowerCpu/Kernels.h"
#include "passes/LowerCpu/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <numeric>

using namespace mlir;

namespace qcc {
namespace {

/// A table of 256 bytes in registers.
class ByteTable {
public:
  ByteTable(KernelEmitter &e, Value buffer)
      : e(e), isWide(e.target.hasByteTable) {
    int64_t part = isWide ? 64 : 16;
    for (int64_t first = 0; first < 256; first += part)
      parts.push_back(e.loadVector(buffer, e.index(first), part));
    if (!isWide)
      makeDifferences();
  }

  /// Bytes that are looked up at once.
  int64_t width() const { return isWide ? 64 : 32; }

  /// The entry of each byte of `index`, of up to `width` bytes.
  Value lookUp(Value index) const {
    int64_t count = cast<VectorType>(index.getType()).getNumElements();
    SmallVector<int64_t> widen(width(), 0), narrow(count);
    std::iota(widen.begin(), widen.begin() + count, 0);
    std::iota(narrow.begin(), narrow.end(), 0);
    if (count < width())
      index = e.shuffle(index, index, widen);
    Value found = isWide ? permute(index) : shuffleBytes(index);
    return count < width() ? e.shuffle(found, found, narrow) : found;
  }

private:
  Value permute(Value index) const {
    auto half = [&](Value low, Value high) {
      // Uses the low seven bits of the index.
      return e.intrinsic("llvm.x86.avx512.vpermi2var.qi.512", low.getType(),
                         {low, index, high});
    };
    Value isHigh = arith::CmpIOp::create(e, arith::CmpIPredicate::slt, index,
                                         e.constantInt(index.getType(), 0));
    return arith::SelectOp::create(e, isHigh, half(parts[2], parts[3]),
                                   half(parts[0], parts[1]));
  }

  /// vpshufb gives zero where the index is negative, and looks at its low four
  /// bits elsewhere. With an index that falls by 16 a step, the parts up to the
  /// wanted one are read: those of each half are xored with the one before, so
  /// that their sum is the last one's entry.
  void makeDifferences() {
    SmallVector<int64_t> twice(32);
    for (int64_t i = 0; i < 32; ++i)
      twice[i] = i % 16;
    for (int64_t part = 15; part >= 0; --part) {
      if (part != 0 && part != 8)
        parts[part] = arith::XOrIOp::create(e, parts[part], parts[part - 1]);
      parts[part] = e.shuffle(parts[part], parts[part], twice);
    }
  }

  Value shuffleBytes(Value index) const {
    Type type = index.getType();
    Value sum = e.constantInt(type, 0);
    for (int64_t half = 0; half < 2; ++half) {
      if (half == 1)
        index = arith::XOrIOp::create(e, index, e.constantInt(type, -128));
      Value at = index;
      for (int64_t part = 0; part < 8; ++part) {
        if (part > 0)
          at =
              e.intrinsic("llvm.ssub.sat", type, {at, e.constantInt(type, 16)});
        Value entry = e.intrinsic("llvm.x86.avx2.pshuf.b", type,
                                  {parts[half * 8 + part], at});
        sum = arith::XOrIOp::create(e, sum, entry);
      }
    }
    return sum;
  }

  KernelEmitter &e;
  bool isWide;
  SmallVector<Value> parts;
};

} // namespace

int64_t emitLookup(KernelContext &context, LookupOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &input = context.operands[0], &result = context.result;
  ByteTable table(e, context.operands[1].buffer);
  Walk to{SmallVector<int64_t>(result.strides), e.index(result.base)};
  Walk from{SmallVector<int64_t>(input.strides), e.index(input.base)};
  return emitRunNest(
      context, result.shape, {to, from}, table.width(),
      [&](const Run &run) {
        Value index = run.load(input.buffer, 1);
        // Signed indices count from the middle of the table.
        if (input.grid().getIsSigned())
          index = arith::XOrIOp::create(e, index,
                                        e.constantInt(index.getType(), -128));
        run.store(table.lookUp(index), result.buffer);
      },
      /*elementsPerTask=*/1 << 17);
}

} // namespace qcc
