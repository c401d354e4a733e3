// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes: softmax(cap(scale * q . k)) v for the queries of one span of rows
// that share a key head, over the cache, in one pass (Dao et al., 2022,
// "FlashAttention"; Milakov and Gimelshein, 2018, for the running softmax).
// Where positions are cut in parts, a task leaves its largest score, weights
// and sums for AttentionMerge.cpp.

#include "passes/LowerCpu/DecoderKernels.h"

#include "passes/LowerCpu/AttentionTile.h"
#include "passes/LowerCpu/RowLoop.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {

namespace {

using Memory = AttentionMemory;
constexpr int64_t kBlock = AttentionMemory::kBlock;

// Elements of a span (dialects/Qcc/IR/QccDecoderOps.td).
enum SpanNumber { kFirstRow, kCount, kPlace, kPosition, kFrom, kUntil, kSlot };

class AttentionTask {
public:
  AttentionTask(KernelContext &context, AttendOp op, Value span, Value head,
                Value rows, int64_t mostRows);

  void emit();

private:
  void loadQueries();
  void addBlock(Value block);
  void slopeScores(Value query, Value block, Value count);
  void maskBlock(Value block);
  void maskQuery(Value query, Value block);
  void weigh(Value query, Value count);
  void store();
  void storeParts();
  Value addSink(Value query, Value weights);
  Value sumWeights(Value query);

  Value f32s(double value) { return e.constant(vectorType(), value); }
  VectorType vectorType() { return e.vectorOf(e.getF32Type(), lanes); }
  Value spanNumber(int64_t i) {
    Value number = e.load(context.operands[2].buffer,
                          context.operands[2].at(e, {span, e.index(i)}));
    return arith::IndexCastOp::create(e, e.getIndexType(), number);
  }
  /// Queries are [row][head of those that share the key head]; what fills the
  /// last tile is the last query again.
  Value known(Value query) {
    return e.min(query, e.add(e.mul(rows, shared), -1));
  }
  Value rowOf(Value query) { return e.div(known(query), shared); }
  Value headOf(Value query) {
    return e.add(e.mul(head, shared), e.rem(known(query), shared));
  }
  void forQueries(function_ref<void(Value)> body) {
    e.loop(e.index(0), queries, 1, body, /*keepRolled=*/true);
  }
  void forTiles(function_ref<void(Value)> body) {
    e.loop(e.index(0), queries, tileSize, body, /*keepRolled=*/true);
  }
  /// Queries of a tile: as few tiles as can be, of the same size.
  int64_t chooseTile(int64_t mostRows) const {
    int64_t most = AttentionTile::getMostQueries(e.target);
    int64_t tiles = llvm::divideCeil(mostRows * shared, most);
    return mostRows > 1 ? most : llvm::divideCeil(shared, tiles);
  }

  KernelContext &context;
  KernelEmitter &e;
  AttendOp op;
  Value span, head, rows;
  int64_t lanes, size, shared, tileSize;
  Memory memory;
  Value queries; // of whole tiles
  Value firstRow, position, until;
  AttentionTile tile;
};

} // namespace

AttentionTask::AttentionTask(KernelContext &context, AttendOp op, Value span,
                             Value head, Value rows, int64_t mostRows)
    : context(context), e(context.e), op(op), span(span), head(head),
      rows(rows), lanes(e.target.lanes), size(op.getHeadSize()),
      shared(context.result.shape[1] / size / op.getKvHeads()),
      tileSize(chooseTile(mostRows)),
      memory(context, size, llvm::alignTo(mostRows * shared, tileSize),
             tileSize),
      queries(e.mul(e.div(e.add(e.mul(rows, shared), tileSize - 1), tileSize),
                    tileSize)),
      firstRow(spanNumber(kFirstRow)), position(spanNumber(kPosition)),
      until(e.add(position, rows)),
      tile(context, op, memory, head, spanNumber(kPlace), mostRows == 1) {
  if (op.getParts())
    until = e.min(until, spanNumber(kUntil));
}

void AttentionTask::loadQueries() {
  const TensorArgument &input = context.operands[0];
  auto cap = op.getSoftCap();
  Value scale = f32s(op.getScale().convertToDouble() *
                     (cap ? 1 / cap->convertToDouble() : kLog2E));
  forQueries([&](Value q) {
    Value row = e.add(firstRow, rowOf(q)), column = e.mul(headOf(q), size);
    for (int64_t k = 0; k < size; k += lanes) {
      Value x = e.loadPart(input.buffer, input.at(e, {row, e.add(column, k)}),
                           lanes, e.index(std::min(lanes, size - k)));
      memory.store(arith::MulFOp::create(e, x, scale), Memory::kQueries, q,
                   e.index(k));
      memory.store(f32s(0), Memory::kSums, q, e.index(k));
    }
    memory.storeNumber(e.constant(e.getF32Type(), kNoScore), Memory::kLargest,
                       q);
    memory.store(f32s(0), Memory::kWeights, q, e.index(0));
  });
}

/// Hides the places of a block that `query` does not see.
void AttentionTask::maskQuery(Value query, Value block) {
  VectorType type = e.vectorOf(e.getI32Type(), lanes);
  auto spread = [&](Value index) {
    Value local = arith::SubIOp::create(e, index, block);
    return e.splat(arith::IndexCastOp::create(e, e.getI32Type(), local), lanes);
  };
  SmallVector<int32_t> steps;
  for (int64_t i = 0; i < lanes; ++i)
    steps.push_back(int32_t(i));
  Value step = arith::ConstantOp::create(
      e, DenseElementsAttr::get(type, ArrayRef<int32_t>(steps)));
  Value own = e.add(position, rowOf(query));
  Value last = spread(e.min(own, e.add(until, -1)));
  Value oldest = spread(e.add(own, 1 - int64_t(op.getWindow())));
  e.loop(
      e.index(0), e.index(kBlock), lanes,
      [&](Value i) {
        Value local = arith::IndexCastOp::create(e, e.getI32Type(), i);
        Value places = arith::AddIOp::create(e, e.splat(local, lanes), step);
        Value isSeen =
            arith::CmpIOp::create(e, arith::CmpIPredicate::sle, places, last);
        if (op.getWindow() > 0)
          isSeen = arith::AndIOp::create(
              e, isSeen,
              arith::CmpIOp::create(e, arith::CmpIPredicate::sge, places,
                                    oldest));
        Value score = memory.load(Memory::kScores, query, i);
        memory.store(
            arith::SelectOp::create(e, isSeen, score, f32s(kMaskedScore)),
            Memory::kScores, query, i);
      },
      /*keepRolled=*/true);
}

/// Most blocks are seen as a whole by every row.
void AttentionTask::maskBlock(Value block) {
  Value seen = e.min(e.add(position, 1), until);
  Value isPartial = arith::CmpIOp::create(e, arith::CmpIPredicate::sgt,
                                          e.add(block, kBlock), seen);
  if (int64_t window = op.getWindow(); window > 0) {
    Value oldest = e.add(e.add(position, rows), -window);
    isPartial = arith::OrIOp::create(
        e, isPartial,
        arith::CmpIOp::create(e, arith::CmpIPredicate::slt, block, oldest));
  }
  e.ifThen(isPartial,
           [&] { forQueries([&](Value query) { maskQuery(query, block); }); });
}

/// Turns the `count` scores of `query` into weights below the largest so far,
/// and scales what was summed up under the one before.
void AttentionTask::weigh(Value query, Value count) {
  auto larger = [&](Value a, Value b) -> Value { return e.maxFloat(a, b); };
  Value before = memory.loadNumber(Memory::kLargest, query);
  Value most = e.reduceLoop(
      e.index(0), count, lanes, f32s(kNoScore),
      [&](Value i, ValueRange so) -> SmallVector<Value> {
        return {larger(memory.load(Memory::kScores, query, i), so[0])};
      })[0];
  Value largest = larger(combineLanes(e, most, larger), before);
  Value all = e.splat(largest, lanes);
  Value sum = e.reduceLoop(
      e.index(0), count, lanes, f32s(0),
      [&](Value i, ValueRange so) -> SmallVector<Value> {
        Value weight =
            emitPower(e, arith::SubFOp::create(
                             e, memory.load(Memory::kScores, query, i), all));
        memory.store(weight, Memory::kScores, query, i);
        return {arith::AddFOp::create(e, so[0], weight)};
      })[0];
  Value factors =
      emitPower(e, arith::SubFOp::create(e, e.splat(before, lanes), all));
  Value weights = math::FmaOp::create(
      e, memory.load(Memory::kWeights, query, e.index(0)), factors, sum);
  memory.store(weights, Memory::kWeights, query, e.index(0));
  memory.storeNumber(largest, Memory::kLargest, query);
  for (int64_t k = 0; k < size; k += lanes) {
    Value sums = memory.load(Memory::kSums, query, e.index(k));
    memory.store(arith::MulFOp::create(e, sums, factors), Memory::kSums, query,
                 e.index(k));
  }
}

/// Adds the head's slope times how far each place is from the row's own.
void AttentionTask::slopeScores(Value query, Value block, Value count) {
  size_t number = 4 + !!op.getSinks() + 2 * !!op.getParts();
  const TensorArgument &slopes = context.operands[number];
  Value slope = e.load(slopes.buffer, e.add(headOf(query), slopes.base));
  slope = arith::MulFOp::create(e, e.splat(slope, lanes), f32s(kLog2E));
  SmallVector<float> steps;
  for (int64_t i = 0; i < lanes; ++i)
    steps.push_back(float(i));
  Value step = arith::ConstantOp::create(
      e, DenseElementsAttr::get(vectorType(), ArrayRef<float>(steps)));
  Value own = e.add(position, rowOf(query));
  e.loop(
      e.index(0), count, lanes,
      [&](Value i) {
        Value far = arith::SubIOp::create(e, e.add(block, i), own);
        far = arith::IndexCastOp::create(e, e.getI64Type(), far);
        far = arith::SIToFPOp::create(e, e.getF32Type(), far);
        Value all = arith::AddFOp::create(e, e.splat(far, lanes), step);
        Value score = memory.load(Memory::kScores, query, i);
        memory.store(math::FmaOp::create(e, slope, all, score), Memory::kScores,
                     query, i);
      },
      /*keepRolled=*/true);
}

void AttentionTask::addBlock(Value block) {
  // Places beyond the last row's own are masked; those of whole registers are
  // computed, which the cache has room for.
  Value end = e.min(e.add(block, kBlock), until);
  forTiles([&](Value first) { tile.emitScores(first, block, end); });
  Value count = arith::SubIOp::create(e, end, block);
  if (op.getSlopes())
    forQueries([&](Value query) { slopeScores(query, block, count); });
  maskBlock(block);
  forQueries([&](Value query) { weigh(query, count); });
  forTiles([&](Value first) { tile.addValues(first, block, end); });
}

Value AttentionTask::sumWeights(Value query) {
  return combineLanes(e, memory.load(Memory::kWeights, query, e.index(0)),
                      [&](Value a, Value b) -> Value {
                        return arith::AddFOp::create(e, a, b);
                      });
}

/// One more score of each head, which has a weight and no value.
Value AttentionTask::addSink(Value query, Value weights) {
  const TensorArgument &sinks = context.operands[4];
  Value sink = e.load(sinks.buffer, e.add(headOf(query), sinks.base));
  Value score = arith::MulFOp::create(e, e.splat(sink, lanes), f32s(kLog2E));
  score = arith::SubFOp::create(
      e, score, memory.spread(Memory::kLargest, query, e.index(0)));
  Value weight = emitPower(e, e.minFloat(score, f32s(126)));
  return arith::AddFOp::create(e, weights, weight);
}

void AttentionTask::store() {
  const TensorArgument &result = context.result;
  forQueries([&](Value q) {
    Value row = e.add(firstRow, rowOf(q)), column = e.mul(headOf(q), size);
    Value weights = e.splat(sumWeights(q), lanes);
    if (op.getSinks())
      weights = addSink(q, weights);
    for (int64_t k = 0; k < size; k += lanes) {
      Value sum = memory.load(Memory::kSums, q, e.index(k));
      e.storePart(arith::DivFOp::create(e, sum, weights), result.buffer,
                  result.at(e, {row, e.add(column, k)}),
                  e.index(std::min(lanes, size - k)));
    }
  });
}

/// A row of parts: sums of all heads, then their largest scores, then their
/// weights.
void AttentionTask::storeParts() {
  const TensorArgument &parts = context.operands[op.getSinks() ? 5 : 4];
  int64_t heads = context.result.shape[1] / size;
  Value slot = spanNumber(kSlot);
  forQueries([&](Value q) {
    Value row = e.add(slot, rowOf(q)), number = headOf(q);
    for (int64_t k = 0; k < size; k += lanes)
      e.storePart(memory.load(Memory::kSums, q, e.index(k)), parts.buffer,
                  parts.at(e, {row, e.add(e.mul(number, size), k)}),
                  e.index(std::min(lanes, size - k)));
    e.store(memory.loadNumber(Memory::kLargest, q), parts.buffer,
            parts.at(e, {row, e.add(number, heads * size)}));
    e.store(sumWeights(q), parts.buffer,
            parts.at(e, {row, e.add(number, heads * (size + 1))}));
  });
}

void AttentionTask::emit() {
  loadQueries();
  Value first = op.getParts() ? spanNumber(kFrom) : e.index(0);
  if (op.getWindow() > 0) {
    // Of the first row, to whole tiles.
    Value oldest = e.add(position, 1 - int64_t(op.getWindow()));
    oldest = arith::MaxSIOp::create(e, oldest, e.index(0));
    first = arith::MaxSIOp::create(e, first, e.mul(e.div(oldest, 16), 16));
  }
  e.loop(
      first, until, kBlock, [&](Value block) { addBlock(block); },
      /*keepRolled=*/true);
  if (!op.getParts())
    return store();
  Value isAll = arith::CmpIOp::create(e, arith::CmpIPredicate::slt,
                                      spanNumber(kSlot), e.index(0));
  e.ifThenElse(isAll, [&] { store(); }, [&] { storeParts(); });
}

int64_t emitAttend(KernelContext &context, AttendOp op) {
  KernelEmitter &e = context.e;
  int64_t kvHeads = op.getKvHeads(), most = op.getSpanRows();
  Value span = e.div(context.task, kvHeads),
        head = e.rem(context.task, kvHeads);
  Value count = e.load(context.operands[2].buffer,
                       context.operands[2].at(e, {span, e.index(kCount)}));
  Value rows = arith::IndexCastOp::create(e, e.getIndexType(), count);
  context.extent = {3, kSpans, 1};
  if (most == 1) {
    AttentionTask(context, op, span, head, e.index(1), 1).emit();
    return kvHeads;
  }
  Value isOne =
      arith::CmpIOp::create(e, arith::CmpIPredicate::ule, rows, e.index(1));
  e.ifThenElse(
      isOne,
      [&] { AttentionTask(context, op, span, head, e.index(1), 1).emit(); },
      [&] { AttentionTask(context, op, span, head, rows, most).emit(); });
  return kvHeads;
}

} // namespace qcc
