// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Positions of tokens: the table of rotations, and the kernel that rotates
// queries and puts keys and values in the cache. A task is a row.
//
// The cache of a layer, for `capacity` places (a multiple of 16):
//
//   keys    [kv head][place / 16][element][16]
//   values  [kv head][place][element]
//
// so that scores of 16 places and values of neighbouring elements are
// registers, and nothing is summed across lanes. Of i8, each tile of 16 places
// has its scales behind it, [group][16]: keys and values lie alike in tiles.

#include "passes/LowerCpu/DecoderKernels.h"

#include "dialects/Qcc/Numerics/CacheFormat.h"
#include "passes/LowerCpu/CacheLayout.h"
#include "passes/LowerCpu/RowLoop.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <cmath>

using namespace mlir;

namespace qcc {

/// `angle` (f32) less whole turns, in f64: far positions keep their digits.
static Value reduceAngle(KernelEmitter &e, Value angle) {
  auto type = cast<VectorType>(angle.getType());
  Type f64 = e.vectorOf(e.getF64Type(), type.getNumElements());
  Value wide = arith::ExtFOp::create(e, f64, angle);
  Value turns = math::RoundEvenOp::create(
      e, arith::MulFOp::create(e, wide, e.constant(f64, 0.5 / M_PI)));
  Value rest = math::FmaOp::create(e, turns, e.constant(f64, -2 * M_PI), wide);
  return arith::TruncFOp::create(e, type, rest);
}

int64_t emitRotations(KernelContext &context, RotationsOp op) {
  KernelEmitter &e = context.e;
  int64_t lanes = e.target.lanes;
  const TensorArgument &positions = context.operands[0];
  const TensorArgument &frequencies = context.operands[1];
  const TensorArgument &result = context.result;
  Type f32 = e.vectorOf(e.getF32Type(), lanes);
  Value position = arith::SIToFPOp::create(
      e, e.getF32Type(),
      e.load(positions.buffer, e.add(context.task, positions.base)));
  Value magnitude = e.constant(f32, op.getMagnitude().convertToDouble());
  emitRowLoop(e, frequencies.shape[0], lanes, [&](Value i, int64_t valid) {
    Value frequency = e.loadPart(frequencies.buffer, e.add(i, frequencies.base),
                                 lanes, e.index(valid));
    Value angle = reduceAngle(
        e, arith::MulFOp::create(e, e.splat(position, lanes), frequency));
    Value cosine = math::CosOp::create(e, angle);
    Value sine = math::SinOp::create(e, angle);
    Value parts[] = {cosine, sine};
    for (int64_t part = 0; part < 2; ++part) {
      Value at[] = {context.task, e.index(part), i};
      e.storePart(arith::MulFOp::create(e, parts[part], magnitude),
                  result.buffer, result.at(e, at), e.index(valid));
    }
  });
  return useTaskForEach(context, 2, kRows);
}

namespace {

/// One head of one row: normalized and rotated, a register at a time.
class HeadRow {
public:
  HeadRow(KernelContext &context, CacheKeysOp op, const TensorArgument &tensor,
          Value head, const TensorArgument *norm,
          const TensorArgument *rotations)
      : e(context.e), op(op), tensor(tensor), row(context.task), norm(norm),
        rotations(rotations), lanes(context.e.target.lanes),
        size(op.getHeadSize()), first(e.mul(head, size)) {
    if (norm)
      emitStatistics();
  }

  int64_t getSize() const { return size; }

  /// Calls `put(value, k, valid)` for all elements.
  void emit(function_ref<void(Value, Value, int64_t)> put) {
    auto store = [&](Value x, Value k, int64_t valid) {
      put(op.getRotatesFirst() ? normalize(x, k, valid) : x, k, valid);
    };
    int64_t half = rotations ? rotations->shape[2] : 0;
    if (half && op.getInterleaved())
      emitPairs(2 * half, store);
    else if (half)
      emitHalves(half, store);
    for (int64_t k = 2 * half; k < size; k += lanes) {
      int64_t valid = std::min(lanes, size - k);
      store(load(e.index(k), valid), e.index(k), valid);
    }
  }

private:
  Value f32s(double value) {
    return e.constant(e.vectorOf(e.getF32Type(), lanes), value);
  }

  /// Elements of the row from `at` on.
  Value loadRaw(Value at, int64_t valid) {
    Value x = e.loadPart(tensor.buffer, tensor.at(e, {row, at}), lanes,
                         e.index(valid));
    if (auto clip = op.getClip()) {
      double bound = clip->convertToDouble();
      x = e.maxFloat(f32s(-bound), e.minFloat(f32s(bound), x)); // NaN stays
    }
    return x;
  }

  Value load(Value k, int64_t valid) {
    Value x = loadRaw(e.add(first, k), valid);
    return op.getRotatesFirst() ? x : normalize(x, k, valid);
  }

  Value normalize(Value x, Value k, int64_t valid) {
    if (!norm)
      return x;
    // Weights of any head, or of this one.
    Value at = hasAllWeights() ? e.add(first, k) : k;
    Value weight =
        e.loadPart(norm->buffer, e.add(at, norm->base), lanes, e.index(valid));
    if (mean)
      x = arith::SubFOp::create(e, x, mean);
    return arith::MulFOp::create(e, arith::MulFOp::create(e, x, factor),
                                 weight);
  }

  bool hasAllWeights() const { return norm->shape[0] != size; }

  /// The mean of what `add(x, valid, sum)` sums up over all that is normalized
  /// at once: this head, or all of them.
  Value emitMean(function_ref<Value(Value, int64_t, Value)> add) {
    bool isOfAllHeads = hasAllWeights() && !op.getByHead();
    int64_t count = isOfAllHeads ? norm->shape[0] : size;
    Value from = isOfAllHeads ? e.index(0) : first;
    Value sums =
        emitRowLoop(e, count, lanes, f32s(0),
                    [&](Value k, int64_t valid, Value so) -> Value {
                      return add(loadRaw(e.add(from, k), valid), valid, so);
                    });
    Value sum = combineLanes(e, sums, [&](Value a, Value b) -> Value {
      return arith::AddFOp::create(e, a, b);
    });
    return arith::DivFOp::create(e, sum, e.constant(e.getF32Type(), count));
  }

  void emitStatistics() {
    if (op.getCentered())
      mean = e.splat(emitMean([&](Value x, int64_t, Value so) -> Value {
                       return arith::AddFOp::create(e, so, x);
                     }),
                     lanes);
    Value squares = emitMean([&](Value x, int64_t valid, Value so) -> Value {
      if (mean)
        x = selectLanes(e, arith::SubFOp::create(e, x, mean), f32s(0), valid);
      return math::FmaOp::create(e, x, x, so);
    });
    Type f32 = e.getF32Type();
    squares = arith::AddFOp::create(
        e, squares, e.constant(f32, op.getEpsilon().convertToDouble()));
    factor = e.splat(arith::DivFOp::create(e, e.constant(f32, 1.0),
                                           math::SqrtOp::create(e, squares)),
                     lanes);
  }

  Value loadRotation(int64_t part, int64_t i, int64_t count, int64_t valid) {
    return e.loadPart(rotations->buffer,
                      rotations->at(e, {row, e.index(part), e.index(i)}), count,
                      e.index(valid));
  }

  void emitHalves(int64_t half,
                  function_ref<void(Value, Value, int64_t)> store) {
    for (int64_t i = 0; i < half; i += lanes) {
      int64_t valid = std::min(lanes, half - i);
      Value a = load(e.index(i), valid), b = load(e.index(half + i), valid);
      Value c = loadRotation(0, i, lanes, valid);
      Value s = loadRotation(1, i, lanes, valid);
      auto product = [&](Value x, Value y) -> Value {
        return arith::MulFOp::create(e, x, y);
      };
      store(arith::SubFOp::create(e, product(a, c), product(b, s)), e.index(i),
            valid);
      store(arith::AddFOp::create(e, product(b, c), product(a, s)),
            e.index(half + i), valid);
    }
  }

  void emitPairs(int64_t count,
                 function_ref<void(Value, Value, int64_t)> store) {
    SmallVector<int64_t> swap, twice;
    for (int64_t i = 0; i < lanes; ++i) {
      swap.push_back(i ^ 1);
      twice.push_back(i / 2);
    }
    SmallVector<float> signs;
    for (int64_t i = 0; i < lanes; ++i)
      signs.push_back(i % 2 ? 1.0f : -1.0f);
    Value sign = arith::ConstantOp::create(
        e, DenseElementsAttr::get(e.vectorOf(e.getF32Type(), lanes),
                                  ArrayRef<float>(signs)));
    for (int64_t k = 0; k < count; k += lanes) {
      int64_t valid = std::min(lanes, count - k);
      Value x = load(e.index(k), valid);
      auto spread = [&](int64_t part) {
        Value values = loadRotation(part, k / 2, lanes / 2, valid / 2);
        return e.shuffle(values, values, twice);
      };
      Value s = arith::MulFOp::create(e, spread(1), sign);
      Value kept = arith::MulFOp::create(e, x, spread(0));
      Value turned = arith::MulFOp::create(e, e.shuffle(x, x, swap), s);
      store(arith::AddFOp::create(e, kept, turned), e.index(k), valid);
    }
  }

  KernelEmitter &e;
  CacheKeysOp op;
  const TensorArgument &tensor;
  Value row;
  const TensorArgument *norm, *rotations;
  int64_t lanes, size;
  Value first, factor, mean;
};

} // namespace

/// Stores a head of `row` in the cache; what is quantized by way of scratch
/// memory, since a scale is known when all of its group are.
static void cacheHead(KernelContext &context, const CacheLayout &cache,
                      CacheLayout::Part part, HeadRow row, Value head,
                      Value place) {
  KernelEmitter &e = context.e;
  if (!cache.isQuantized())
    return row.emit([&](Value x, Value k, int64_t valid) {
      cache.store(part, x, head, place, k, valid);
    });
  int64_t size = row.getSize();
  int64_t padded = CacheFormat::countGroups(size) * CacheFormat::kGroup;
  context.scratchBytes = std::max(context.scratchBytes, 4 * padded);
  ByteBuffer scratch(e, context.scratch);
  Value zero = e.constant(e.vectorOf(e.getF32Type(), e.target.lanes), 0.0);
  for (int64_t k = size / e.target.lanes * e.target.lanes; k < padded;
       k += e.target.lanes)
    scratch.store(zero, e.index(4 * k));
  row.emit([&](Value x, Value k, int64_t valid) {
    e.storePart(e.bitcast(x, e.getI8Type()), context.scratch, e.mul(k, 4),
                e.index(4 * valid));
  });
  cache.storeHead(part, scratch, head, place);
}

int64_t emitCacheKeys(KernelContext &context, CacheKeysOp op) {
  KernelEmitter &e = context.e;
  const TensorArgument &places = context.operands[3];
  const TensorArgument &result = context.result;
  size_t next = 6;
  auto take = [&](Value operand) {
    return operand ? &context.operands[next++] : nullptr;
  };
  const TensorArgument *rotations = take(op.getRotations());
  const TensorArgument *queryNorm = take(op.getQueryNorm());
  const TensorArgument *keyNorm = take(op.getKeyNorm());
  Value place = arith::IndexCastOp::create(
      e, e.getIndexType(),
      e.load(places.buffer, e.add(context.task, places.base)));
  CacheLayout cache(context, 4, op.getKvHeads(), op.getHeadSize(),
                    loadExtent(context, 5, kCapacity));

  int64_t heads = result.shape[1] / op.getHeadSize();
  e.loop(
      e.index(0), e.index(heads), 1,
      [&](Value head) {
        HeadRow query(context, op, context.operands[0], head, queryNorm,
                      rotations);
        query.emit([&](Value x, Value k, int64_t valid) {
          Value at = result.at(
              e, {context.task, e.add(e.mul(head, op.getHeadSize()), k)});
          e.storePart(x, result.buffer, at, e.index(valid));
        });
      },
      /*keepRolled=*/true);
  e.loop(
      e.index(0), e.index(op.getKvHeads()), 1,
      [&](Value head) {
        auto put = [&](CacheLayout::Part part, const HeadRow &row) {
          cacheHead(context, cache, part, row, head, place);
        };
        put(CacheLayout::Part::Keys, HeadRow(context, op, context.operands[1],
                                             head, keyNorm, rotations));
        put(CacheLayout::Part::Values,
            HeadRow(context, op, context.operands[2], head, nullptr, nullptr));
      },
      /*keepRolled=*/true);
  return useTaskForEach(context, 5, kRows);
}

} // namespace qcc
