// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes: softmax(cap(scale * q . k)) v for the queries of one span of rows
// that share a key head, over the cache, in one pass (Dao et al., 2022,
// "FlashAttention"; Milakov and Gimelshein, 2018, for the running softmax).
//
// Queries of a key head are a tile: each register of keys (16 places) or of
// values meets all of them. Scratch memory, in f32:
//
//   queries [query][element]   scores [query][place of the block]
//   sums    [query][element]   largest [query]   weights [query]

#include "passes/LowerCpu/DecoderKernels.h"

#include "passes/LowerCpu/CacheLayout.h"
#include "passes/LowerCpu/RowLoop.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace qcc {

namespace {

// Scores of a block stay in the first cache.
constexpr int64_t kBlockPlaces = 128;
// Accumulators of a register tile.
constexpr int64_t kTileQueries = 8;
// Below every score, and far enough from the end of f32 to be subtracted.
constexpr double kNothing = -1e30, kMasked = -3e38;

class AttentionTask {
public:
  AttentionTask(KernelContext &context, AttendOp op, Value span, Value head,
                Value rows, int64_t mostRows);

  void emit();

private:
  void loadQueries();
  void addBlock(Value block);
  void emitScores(Value block, Value end, int64_t first, int64_t count);
  Value finishScores(Value score, Value place, int64_t query);
  void weigh(int64_t query, Value count);
  void addValues(Value block, Value end, int64_t first, int64_t count);
  void store();
  void addSinks();

  Value f32s(double value) { return e.constant(vectorType(), value); }
  VectorType vectorType() { return e.vectorOf(e.getF32Type(), lanes); }
  Value at(int64_t part, int64_t query, Value k) {
    return e.add(e.mul(k, 4), part + query * rowBytes(part));
  }
  int64_t rowBytes(int64_t part) const {
    return part == scoresAt                         ? kBlockPlaces * 4
           : part == largestAt || part == weightsAt ? 4
                                                    : paddedSize * 4;
  }
  Value spanNumber(int64_t i) {
    Value number = e.load(context.operands[2].buffer,
                          context.operands[2].at(e, {span, e.index(i)}));
    return arith::IndexCastOp::create(e, e.getIndexType(), number);
  }

  KernelContext &context;
  KernelEmitter &e;
  AttendOp op;
  Value span, head, rows;
  int64_t lanes, size, paddedSize, shared, queries;
  ByteBuffer scratch;
  CacheLayout cache;
  Value firstRow, base, position; // of the span
  int64_t queriesAt = 0, scoresAt, sumsAt, largestAt, weightsAt;
};

} // namespace

AttentionTask::AttentionTask(KernelContext &context, AttendOp op, Value span,
                             Value head, Value rows, int64_t mostRows)
    : context(context), e(context.e), op(op), span(span), head(head),
      rows(rows), lanes(e.target.lanes), size(op.getHeadSize()),
      paddedSize(llvm::alignTo(size, 16)),
      shared(context.result.shape[1] / size / op.getKvHeads()),
      queries(mostRows * shared), scratch(e, context.scratch),
      cache(context, 1, op.getKvHeads(), size,
            loadExtent(context, 3, kCapacity)),
      firstRow(spanNumber(0)), base(spanNumber(2)), position(spanNumber(3)) {
  scoresAt = queries * paddedSize * 4;
  sumsAt = scoresAt + queries * kBlockPlaces * 4;
  largestAt = sumsAt + queries * paddedSize * 4;
  weightsAt = largestAt + queries * 4;
  context.scratchBytes =
      std::max(context.scratchBytes, weightsAt + queries * 4);
}

/// The row of query `query`, the last one again beyond the end.
static Value rowOf(KernelEmitter &e, Value firstRow, Value rows, int64_t row) {
  return e.add(firstRow, e.min(e.index(row), e.add(rows, -1)));
}

void AttentionTask::loadQueries() {
  const TensorArgument &input = context.operands[0];
  Value scale = f32s(op.getScale().convertToDouble());
  for (int64_t q = 0; q < queries; ++q) {
    Value row = rowOf(e, firstRow, rows, q / shared);
    Value column = e.mul(e.add(e.mul(head, shared), q % shared), size);
    for (int64_t k = 0; k < size; k += lanes) {
      Value x = e.loadPart(input.buffer, input.at(e, {row, e.add(column, k)}),
                           lanes, e.index(std::min(lanes, size - k)));
      scratch.store(arith::MulFOp::create(e, x, scale),
                    at(queriesAt, q, e.index(k)));
      scratch.store(f32s(0), at(sumsAt, q, e.index(k)));
    }
    scratch.storeScalar(e.constant(e.getF32Type(), kNothing),
                        at(largestAt, q, e.index(0)));
    scratch.storeScalar(e.constant(e.getF32Type(), 0),
                        at(weightsAt, q, e.index(0)));
  }
}

/// Cap and mask of the scores of `query` with the places from `place` on.
Value AttentionTask::finishScores(Value score, Value place, int64_t query) {
  if (auto cap = op.getSoftCap()) {
    double bound = cap->convertToDouble();
    score = arith::DivFOp::create(e, score, f32s(bound));
    score =
        arith::MulFOp::create(e, math::TanhOp::create(e, score), f32s(bound));
  }
  Type i64 = e.getI64Type();
  auto spread = [&](Value index) {
    return e.splat(arith::IndexCastOp::create(e, i64, index), lanes);
  };
  SmallVector<int64_t> steps;
  for (int64_t i = 0; i < lanes; ++i)
    steps.push_back(i);
  Value places = arith::AddIOp::create(
      e, spread(place),
      arith::ConstantOp::create(
          e, DenseElementsAttr::get(e.vectorOf(i64, lanes),
                                    ArrayRef<int64_t>(steps))));
  Value row = e.min(e.index(query / shared), e.add(rows, -1));
  Value own = spread(e.add(position, row));
  Value isSeen =
      arith::CmpIOp::create(e, arith::CmpIPredicate::sle, places, own);
  if (op.getWindow() > 0) {
    Value oldest = arith::SubIOp::create(
        e, own, e.constantInt(own.getType(), op.getWindow()));
    isSeen = arith::AndIOp::create(
        e, isSeen,
        arith::CmpIOp::create(e, arith::CmpIPredicate::sgt, places, oldest));
  }
  return arith::SelectOp::create(e, isSeen, score, f32s(kMasked));
}

void AttentionTask::emitScores(Value block, Value end, int64_t first,
                               int64_t count) {
  e.loop(
      block, end, lanes,
      [&](Value place) {
        SmallVector<Value> zeros(count, f32s(0));
        SmallVector<Value> scores = e.reduceLoop(
            e.index(0), e.index(size), 1, zeros,
            [&](Value k, ValueRange before) {
              SmallVector<Value> sums(before);
              Value keys = cache.loadKeys(head, e.add(base, place), k);
              for (int64_t q = 0; q < count; ++q)
                sums[q] = math::FmaOp::create(
                    e, scratch.splatFloat(at(queriesAt, first + q, k)), keys,
                    sums[q]);
              return sums;
            });
        Value local = arith::SubIOp::create(e, place, block);
        for (int64_t q = 0; q < count; ++q)
          scratch.store(finishScores(scores[q], place, first + q),
                        at(scoresAt, first + q, local));
      },
      /*keepRolled=*/true);
}

/// Turns the `count` scores of `query` into weights below the largest so far,
/// and scales what was summed up under the one before.
void AttentionTask::weigh(int64_t query, Value count) {
  Type f32 = e.getF32Type();
  auto larger = [&](Value a, Value b) -> Value {
    return arith::MaximumFOp::create(e, a, b);
  };
  auto add = [&](Value a, Value b) -> Value {
    return arith::AddFOp::create(e, a, b);
  };
  auto load = [&](Value i) {
    return scratch.loadFloats(at(scoresAt, query, i), lanes);
  };
  Value before = scratch.loadScalar(at(largestAt, query, e.index(0)), f32);
  Value block = e.reduceLoop(e.index(0), count, lanes, f32s(kNothing),
                             [&](Value i, ValueRange so) -> SmallVector<Value> {
                               return {larger(so[0], load(i))};
                             })[0];
  Value largest = larger(before, combineLanes(e, block, larger));
  Value all = e.splat(largest, lanes);
  Value sum = e.reduceLoop(e.index(0), count, lanes, f32s(0),
                           [&](Value i, ValueRange so) -> SmallVector<Value> {
                             Value weight = math::ExpOp::create(
                                 e, arith::SubFOp::create(e, load(i), all));
                             scratch.store(weight, at(scoresAt, query, i));
                             return {add(so[0], weight)};
                           })[0];
  Value factor =
      math::ExpOp::create(e, arith::SubFOp::create(e, before, largest));
  Value weights = scratch.loadScalar(at(weightsAt, query, e.index(0)), f32);
  weights = math::FmaOp::create(e, weights, factor, combineLanes(e, sum, add));
  scratch.storeScalar(weights, at(weightsAt, query, e.index(0)));
  scratch.storeScalar(largest, at(largestAt, query, e.index(0)));
  Value factors = e.splat(factor, lanes);
  for (int64_t k = 0; k < size; k += lanes) {
    Value place = at(sumsAt, query, e.index(k));
    scratch.store(
        arith::MulFOp::create(e, scratch.loadFloats(place, lanes), factors),
        place);
  }
}

void AttentionTask::addValues(Value block, Value end, int64_t first,
                              int64_t count) {
  for (int64_t k = 0; k < size; k += lanes) {
    int64_t valid = std::min(lanes, size - k);
    SmallVector<Value> sums;
    for (int64_t q = 0; q < count; ++q)
      sums.push_back(
          scratch.loadFloats(at(sumsAt, first + q, e.index(k)), lanes));
    sums =
        e.reduceLoop(block, end, 1, sums, [&](Value place, ValueRange before) {
          SmallVector<Value> next(before);
          Value value =
              cache.loadValue(head, e.add(base, place), e.index(k), valid);
          Value local = arith::SubIOp::create(e, place, block);
          for (int64_t q = 0; q < count; ++q)
            next[q] = math::FmaOp::create(
                e, scratch.splatFloat(at(scoresAt, first + q, local)), value,
                next[q]);
          return next;
        });
    for (int64_t q = 0; q < count; ++q)
      scratch.store(sums[q], at(sumsAt, first + q, e.index(k)));
  }
}

void AttentionTask::addBlock(Value block) {
  // Places beyond the last row's own are masked; those of whole registers are
  // computed, which the cache has room for.
  Value last = e.add(position, rows);
  Value end = e.min(e.add(block, kBlockPlaces), last);
  for (int64_t q = 0; q < queries; q += kTileQueries)
    emitScores(block, end, q, std::min(kTileQueries, queries - q));
  Value count = arith::SubIOp::create(e, end, block);
  for (int64_t q = 0; q < queries; ++q)
    weigh(q, count);
  for (int64_t q = 0; q < queries; q += kTileQueries)
    addValues(block, end, q, std::min(kTileQueries, queries - q));
}

/// One more score of each head, which has a weight and no value.
void AttentionTask::addSinks() {
  const TensorArgument &sinks = context.operands[4];
  Type f32 = e.getF32Type();
  for (int64_t q = 0; q < queries; ++q) {
    Value number = e.add(e.mul(head, shared), q % shared);
    Value sink = e.load(sinks.buffer, e.add(number, sinks.base));
    Value largest = scratch.loadScalar(at(largestAt, q, e.index(0)), f32);
    Value weight =
        math::ExpOp::create(e, arith::SubFOp::create(e, sink, largest));
    Value place = at(weightsAt, q, e.index(0));
    scratch.storeScalar(
        arith::AddFOp::create(e, scratch.loadScalar(place, f32), weight),
        place);
  }
}

void AttentionTask::store() {
  const TensorArgument &result = context.result;
  for (int64_t q = 0; q < queries; ++q) {
    Value row = rowOf(e, firstRow, rows, q / shared);
    Value column = e.mul(e.add(e.mul(head, shared), q % shared), size);
    Value weights = scratch.splatFloat(at(weightsAt, q, e.index(0)));
    for (int64_t k = 0; k < size; k += lanes) {
      Value sum = scratch.loadFloats(at(sumsAt, q, e.index(k)), lanes);
      e.storePart(arith::DivFOp::create(e, sum, weights), result.buffer,
                  result.at(e, {row, e.add(column, k)}),
                  e.index(std::min(lanes, size - k)));
    }
  }
}

void AttentionTask::emit() {
  loadQueries();
  Value last = e.add(position, rows);
  Value first = e.index(0);
  if (op.getWindow() > 0) {
    // Of the first row, to whole registers.
    Value oldest = e.add(position, 1 - int64_t(op.getWindow()));
    oldest = arith::MaxSIOp::create(e, oldest, e.index(0));
    first = e.mul(e.div(oldest, CacheLayout::kPlaces), CacheLayout::kPlaces);
  }
  e.loop(
      first, last, kBlockPlaces, [&](Value block) { addBlock(block); },
      /*keepRolled=*/true);
  if (op.getSinks())
    addSinks();
  store();
}

int64_t emitAttend(KernelContext &context, AttendOp op) {
  KernelEmitter &e = context.e;
  int64_t kvHeads = op.getKvHeads(), most = op.getSpanRows();
  Value span = e.div(context.task, kvHeads),
        head = e.rem(context.task, kvHeads);
  Value count = e.load(context.operands[2].buffer,
                       context.operands[2].at(e, {span, e.index(1)}));
  Value rows = arith::IndexCastOp::create(e, e.getIndexType(), count);
  auto emit = [&](int64_t mostRows) {
    AttentionTask(context, op, span, head, rows, mostRows).emit();
  };
  context.extent = {3, kSpans, 1};
  if (most == 1) {
    emit(1);
    return kvHeads;
  }
  Value isOne =
      arith::CmpIOp::create(e, arith::CmpIPredicate::ule, rows, e.index(1));
  e.ifThenElse(isOne, [&] { emit(1); }, [&] { emit(most); });
  return kvHeads;
}

} // namespace qcc
