// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes: the result of a row whose positions were cut in parts. Each part
// left its weighted sums and weights under its own largest score; they are
// brought under the largest of all and added, in the order of positions. A task
// is a row and key head.

#include "passes/LowerCpu/DecoderKernels.h"

#include "passes/LowerCpu/AttentionTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

namespace {

class MergeTask {
public:
  MergeTask(KernelContext &context, AttendOp op)
      : context(context), e(context.e), op(op),
        parts(context.operands[op.getSinks() ? 5 : 4]),
        merges(context.operands[op.getSinks() ? 6 : 5]),
        scratch(e, context.scratch), lanes(e.target.lanes),
        size(op.getHeadSize()), heads(context.result.shape[1] / size) {
    Value merge = e.div(context.task, op.getKvHeads());
    row = number(merge, 0);
    slot = number(merge, 1);
    count = number(merge, 2);
    step = number(merge, 3);
    // A factor for each part.
    context.scratchBytes =
        std::max(context.scratchBytes, parts.shape[0] * int64_t(4));
  }

  void emitHead(Value head);

private:
  Value number(Value merge, int64_t i) {
    Value value = e.load(merges.buffer, merges.at(e, {merge, e.index(i)}));
    return arith::IndexCastOp::create(e, e.getIndexType(), value);
  }
  Value partAt(Value part, Value column) {
    return parts.at(
        e, {e.add(slot, arith::MulIOp::create(e, part, step)), column});
  }
  /// A number of each head, behind the sums of all.
  Value loadNumber(Value part, Value head, int64_t which) {
    Value at = partAt(part, e.add(head, heads * (size + which)));
    return e.splat(e.load(parts.buffer, at), lanes);
  }
  Value overParts(Value start, function_ref<Value(Value, Value)> next) {
    return e.reduceLoop(
        e.index(0), count, 1, start,
        [&](Value part, ValueRange so) -> SmallVector<Value> {
          return {next(part, so[0])};
        },
        /*keepRolled=*/true)[0];
  }
  Value f32s(double value) {
    return e.constant(e.vectorOf(e.getF32Type(), lanes), value);
  }

  KernelContext &context;
  KernelEmitter &e;
  AttendOp op;
  const TensorArgument &parts, &merges;
  ByteBuffer scratch;
  int64_t lanes, size, heads;
  Value row, slot, count, step;
};

} // namespace

void MergeTask::emitHead(Value head) {
  Value largest = overParts(f32s(kNoScore), [&](Value part, Value so) {
    return e.maxFloat(loadNumber(part, head, 0), so);
  });
  Value weights = overParts(f32s(0), [&](Value part, Value so) -> Value {
    Value factor = emitPower(
        e, arith::SubFOp::create(e, loadNumber(part, head, 0), largest));
    scratch.storeScalar(vector::ExtractOp::create(e, factor, int64_t(0)),
                        e.mul(part, 4));
    return math::FmaOp::create(e, factor, loadNumber(part, head, 1), so);
  });
  if (op.getSinks()) {
    const TensorArgument &sinks = context.operands[4];
    Value sink = e.load(sinks.buffer, e.add(head, sinks.base));
    Value score = arith::MulFOp::create(e, e.splat(sink, lanes), f32s(kLog2E));
    score = arith::SubFOp::create(e, score, largest);
    weights = arith::AddFOp::create(e, weights,
                                    emitPower(e, e.minFloat(score, f32s(126))));
  }
  const TensorArgument &result = context.result;
  for (int64_t k = 0; k < size; k += lanes) {
    Value valid = e.index(std::min(lanes, size - k));
    Value column = e.add(e.mul(head, size), k);
    Value sum = overParts(f32s(0), [&](Value part, Value so) -> Value {
      Value values =
          e.loadPart(parts.buffer, partAt(part, column), lanes, valid);
      return math::FmaOp::create(e, scratch.splatFloat(e.mul(part, 4)), values,
                                 so);
    });
    e.storePart(arith::DivFOp::create(e, sum, weights), result.buffer,
                result.at(e, {row, column}), valid);
  }
}

int64_t emitMergeParts(KernelContext &context, AttendOp op) {
  KernelEmitter &e = context.e;
  int64_t kvHeads = op.getKvHeads();
  MergeTask task(context, op);
  int64_t shared =
      context.result.shape[1] / int64_t(op.getHeadSize()) / kvHeads;
  Value first = e.mul(e.rem(context.task, kvHeads), shared);
  e.loop(
      first, e.add(first, shared), 1, [&](Value head) { task.emitHead(head); },
      /*keepRolled=*/true);
  context.extent = {3, kMerges, 1};
  return kvHeads;
}

} // namespace qcc
