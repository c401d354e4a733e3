// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Computes: q . k of a tile of queries with a block of keys, and the weighted
// sum of a block of values. avx512, 8 queries, for each element of 32 places:
//
//   2 loads of keys, widened        8 broadcasts of a query's element
//   16 vfmadd231ps
//
// and the same for each place of 32 elements: as many multiply-adds as the
// machine can do.

#include "passes/LowerCpu/AttentionTile.h"

#include "dialects/Qcc/Numerics/CacheFormat.h"
#include "passes/LowerCpu/DecoderKernels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace qcc {

// A block: 16 KiB of a head of 64 in f16, longer than memory takes.
static constexpr int64_t kPrefetchPlaces = 128;

/// 2^n 2^f with n a whole number and |f| up to 1/2, where a polynomial is
/// within 1e-7. n comes of the rounding of a sum that has no bits for f.
Value emitPower(KernelEmitter &e, Value x) {
  static constexpr double kTerms[] = {
      0.001326472731307149, 0.009671512991189957, 0.05550733581185341,
      0.24022242426872253,  0.6931470036506653,   1.0};
  constexpr double kRounder = 12582912; // 1.5 * 2^23
  Type type = x.getType();
  Type bits =
      e.vectorOf(e.getI32Type(), cast<VectorType>(type).getNumElements());
  x = e.maxFloat(e.constant(type, -127), x);
  Value rounder = e.constant(type, kRounder);
  Value shifted = arith::AddFOp::create(e, x, rounder);
  Value whole = arith::SubFOp::create(e, shifted, rounder);
  Value rest = arith::SubFOp::create(e, x, whole);
  Value power = e.constant(type, kTerms[0]);
  for (double term : ArrayRef(kTerms).drop_front())
    power = math::FmaOp::create(e, power, rest, e.constant(type, term));
  Value exponent = arith::ShLIOp::create(e, e.bitcast(shifted, e.getI32Type()),
                                         e.constantInt(bits, 23));
  Value result =
      arith::AddIOp::create(e, e.bitcast(power, e.getI32Type()), exponent);
  return e.bitcast(result, e.getF32Type());
}

AttentionMemory::AttentionMemory(KernelContext &context, int64_t size,
                                 int64_t queries, int64_t tile)
    : tile(tile), e(context.e), scratch(context.e, context.scratch) {
  int64_t row = llvm::alignTo(size, 16) * 4;
  const int64_t bytes[] = {row,        kBlock * 4, row,
                           kBlock * 4, 4,          e.target.lanes * 4};
  int64_t at = 0;
  for (int part = 0; part < kParts; ++part) {
    starts[part] = at;
    rowBytes[part] = bytes[part];
    at += llvm::alignTo((part == kScaled ? tile : queries) * bytes[part], 64);
  }
  context.scratchBytes = std::max(context.scratchBytes, at);
}

AttentionTile::AttentionTile(KernelContext &context, AttendOp op,
                             const AttentionMemory &memory, Value head,
                             Value base, bool isAlone)
    : e(context.e), memory(memory),
      cache(context, 1, op.getKvHeads(), op.getHeadSize(),
            loadExtent(context, 3, kCapacity)),
      head(head), base(base), count(memory.tile), lanes(e.target.lanes),
      size(op.getHeadSize()), isAlone(isAlone) {
  if (auto cap = op.getSoftCap())
    bound = cap->convertToDouble();
}

/// Adds the products of elements `from` to `to` to `sums`: of each query with
/// each register of keys.
SmallVector<Value> AttentionTile::addElements(Value first, ValueRange places,
                                              int64_t registers, Value from,
                                              Value to, ValueRange sums) const {
  return e.reduceLoop(from, to, 1, sums, [&](Value k, ValueRange before) {
    SmallVector<Value> next(before), keys;
    if (isAlone) {
      // As much as is read here: values of these places, and keys to come.
      int64_t here = registers * lanes;
      cache.prefetch(CacheLayout::Part::Values, head, places[0], e.mul(k, here),
                     here);
      cache.prefetch(CacheLayout::Part::Keys, head,
                     e.add(places[0], kPrefetchPlaces), e.mul(k, here), here);
    }
    for (int64_t r = 0; r < registers; ++r)
      keys.push_back(cache.loadKeys(head, places[r], k));
    for (int64_t q = 0; q < count; ++q) {
      Value query =
          memory.spread(AttentionMemory::kQueries, e.add(first, q), k);
      for (int64_t r = 0; r < registers; ++r) {
        Value &sum = next[q * registers + r];
        sum = math::FmaOp::create(e, query, keys[r], sum);
      }
    }
    return next;
  });
}

SmallVector<Value> AttentionTile::dotKeys(Value first, Value place,
                                          int64_t registers) const {
  SmallVector<Value> places, none(count * registers, zeros());
  for (int64_t r = 0; r < registers; ++r)
    places.push_back(e.add(e.add(base, place), r * lanes));
  if (!cache.isQuantized())
    return addElements(first, places, registers, e.index(0), e.index(size),
                       none);
  // Sums of codes, and of groups times their scales.
  return e.reduceLoop(
      e.index(0), e.index(size), CacheFormat::kGroup, none,
      [&](Value k, ValueRange before) {
        Value end = e.min(e.add(k, CacheFormat::kGroup), e.index(size));
        SmallVector<Value> next(before);
        SmallVector<Value> codes =
            addElements(first, places, registers, k, end, none);
        for (int64_t r = 0; r < registers; ++r) {
          Value scales =
              cache.loadScales(CacheLayout::Part::Keys, head, places[r],
                               e.div(k, CacheFormat::kGroup));
          for (int64_t i = r; i < count * registers; i += registers)
            next[i] = math::FmaOp::create(e, codes[i], scales, next[i]);
        }
        return next;
      },
      /*keepRolled=*/true);
}

void AttentionTile::emitScores(Value first, Value block, Value end) const {
  // Blocks are whole tiles of 32 places, and so is what is read at their end.
  int64_t registers = std::clamp<int64_t>(mostSums() / count, 1, 32 / lanes);
  registers = llvm::bit_floor(uint64_t(registers));
  e.loop(
      block, end, registers * lanes,
      [&](Value place) {
        SmallVector<Value> scores = dotKeys(first, place, registers);
        Value local = arith::SubIOp::create(e, place, block);
        for (auto [i, score] : llvm::enumerate(scores)) {
          // The queries were divided by the bound.
          if (bound)
            score = arith::MulFOp::create(
                e, math::TanhOp::create(e, score),
                e.constant(score.getType(), *bound * kLog2E));
          memory.store(score, AttentionMemory::kScores,
                       e.add(first, int64_t(i) / registers),
                       e.add(local, int64_t(i) % registers * lanes));
        }
      },
      /*keepRolled=*/true);
}

/// Weights times the scales that one group of the values has at each place.
void AttentionTile::scaleWeights(Value first, Value block, Value end,
                                 int64_t group) const {
  e.loop(
      block, end, lanes,
      [&](Value place) {
        Value scales = cache.loadScales(CacheLayout::Part::Values, head,
                                        e.add(base, place), e.index(group));
        Value local = arith::SubIOp::create(e, place, block);
        for (int64_t q = 0; q < count; ++q) {
          Value weights =
              memory.load(AttentionMemory::kScores, e.add(first, q), local);
          memory.store(arith::MulFOp::create(e, weights, scales),
                       AttentionMemory::kScaled, e.index(q), local);
        }
      },
      /*keepRolled=*/true);
}

void AttentionTile::addValues(Value first, Value block, Value end) const {
  bool isScaled = cache.isQuantized();
  int64_t all = llvm::divideCeil(size, lanes);
  int64_t most = isScaled ? CacheFormat::kGroup / lanes : all;
  int64_t registers = std::clamp<int64_t>(mostSums() / count, 1, most);
  if (isScaled)
    registers = llvm::bit_floor(uint64_t(registers));
  for (int64_t from = 0; from < size; from += registers * lanes) {
    if (isScaled && from % CacheFormat::kGroup == 0)
      scaleWeights(first, block, end, from / CacheFormat::kGroup);
    int64_t here = std::min(registers, all - from / lanes);
    SmallVector<Value> sums;
    auto number = [&](int64_t i) { return e.add(first, i / here); };
    auto element = [&](int64_t i) { return e.index(from + i % here * lanes); };
    for (int64_t i = 0; i < count * here; ++i)
      sums.push_back(
          memory.load(AttentionMemory::kSums, number(i), element(i)));
    sums =
        e.reduceLoop(block, end, 1, sums, [&](Value place, ValueRange before) {
          SmallVector<Value> next(before), values;
          for (int64_t r = 0; r < here; ++r)
            values.push_back(
                cache.loadValue(head, e.add(base, place), element(r),
                                std::min(lanes, size - from - r * lanes)));
          Value local = arith::SubIOp::create(e, place, block);
          for (int64_t q = 0; q < count; ++q) {
            Value weight = isScaled ? memory.spread(AttentionMemory::kScaled,
                                                    e.index(q), local)
                                    : memory.spread(AttentionMemory::kScores,
                                                    e.add(first, q), local);
            for (int64_t r = 0; r < here; ++r)
              next[q * here + r] =
                  math::FmaOp::create(e, weight, values[r], next[q * here + r]);
          }
          return next;
        });
    for (int64_t i = 0; i < count * here; ++i)
      memory.store(sums[i], AttentionMemory::kSums, number(i), element(i));
  }
}

} // namespace qcc
