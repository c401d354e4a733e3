// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels of layers with experts but for the products: which experts a row has,
// which rows an expert has, and what they make of a row together.

#include "passes/LowerCpu/DecoderKernels.h"

#include "passes/LowerCpu/RowLoop.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <limits>
#include <numeric>

using namespace mlir;

namespace qcc {

namespace {

constexpr int64_t kLowest = std::numeric_limits<int32_t>::min();

/// One row of qcc.choose_experts.
class ExpertChoice {
public:
  ExpertChoice(KernelContext &context, ChooseExpertsOp op)
      : e(context.e), op(op), row(context.task), scores(context.operands[0]),
        result(context.result), scratch(context.e, context.scratch),
        lanes(context.e.target.lanes), experts(scores.shape[1]),
        used(op.getUsed()), function(op.getFunction()),
        f32(e.vectorOf(e.getF32Type(), lanes)),
        i32(e.vectorOf(e.getI32Type(), lanes)) {
    if (op.getBias())
      bias = context.operands[2];
    context.scratchBytes = llvm::alignTo(experts, lanes) * 4;
  }

  void emit() {
    storeKeys();
    e.loop(
        e.index(0), e.index(used), 1, [&](Value slot) { pickOne(slot); },
        /*keepRolled=*/true);
    storeWeights();
  }

private:
  void storeKeys();
  void pickOne(Value slot);
  void storeWeights();
  Value makeKeys(Value x);

  Value loadScores(Value k, int64_t valid) {
    return e.loadPart(scores.buffer, scores.at(e, {row, k}), lanes,
                      e.index(valid));
  }
  /// The scores of those that were picked, by slot.
  Value loadPicked(Value k, int64_t valid) {
    return e.loadPart(result.buffer, result.at(e, {row, e.index(1), k}), lanes,
                      e.index(valid));
  }
  Value sigmoid(Value x) {
    Value one = e.constant(f32, 1.0);
    Value power = math::ExpOp::create(e, arith::NegFOp::create(e, x));
    return arith::DivFOp::create(e, one, arith::AddFOp::create(e, one, power));
  }
  using Combine = function_ref<Value(Value, Value)>;
  /// All of `values`, which has `count`, combined and in all lanes.
  Value reduce(int64_t count, double start, RowValues values, Combine combine) {
    Value first = e.constant(f32, start);
    Value all = emitRowLoop(
        e, count, lanes, first, [&](Value k, int64_t valid, Value so) -> Value {
          return combine(so, selectLanes(e, values(k, valid), first, valid));
        });
    return e.splat(combineLanes(e, all, combine), lanes);
  }
  Value sum(int64_t count, RowValues values) {
    return reduce(count, 0, values, [&](Value a, Value b) -> Value {
      return arith::AddFOp::create(e, a, b);
    });
  }

  KernelEmitter &e;
  ChooseExpertsOp op;
  Value row;
  const TensorArgument &scores;
  const TensorArgument &result;
  std::optional<TensorArgument> bias;
  ByteBuffer scratch; // a key for each expert
  int64_t lanes, experts, used;
  StringRef function;
  Type f32, i32;
};

} // namespace

/// Integers in the order of the floats `x`; both zeros are one, and NaN is
/// below all numbers.
Value ExpertChoice::makeKeys(Value x) {
  x = arith::AddFOp::create(e, x, e.constant(f32, 0.0));
  Value bits = e.bitcast(x, e.getI32Type());
  Value sign =
      arith::ShRSIOp::create(e, bits, e.constantInt(i32, 31)); // 0 or all ones
  Value flip = arith::AndIOp::create(e, sign, e.constantInt(i32, 0x7fffffff));
  Value key = arith::XOrIOp::create(e, bits, flip);
  Value isNumber = arith::CmpFOp::create(e, arith::CmpFPredicate::ORD, x, x);
  return arith::SelectOp::create(e, isNumber, key,
                                 e.constantInt(i32, kLowest + 1));
}

void ExpertChoice::storeKeys() {
  Value none = e.constantInt(i32, kLowest);
  emitRowLoop(e, experts, lanes, [&](Value k, int64_t valid) {
    Value x = loadScores(k, valid);
    if (function == "sigmoid")
      x = sigmoid(x);
    if (bias)
      x = arith::AddFOp::create(e, x,
                                e.loadPart(bias->buffer, e.add(k, bias->base),
                                           lanes, e.index(valid)));
    scratch.store(selectLanes(e, makeKeys(x), none, valid), e.mul(k, 4));
  });
}

/// The largest key's expert goes to `slot`; of equal ones the first. Its key
/// becomes the smallest, so that it is not picked again.
void ExpertChoice::pickOne(Value slot) {
  SmallVector<int32_t> steps(lanes);
  std::iota(steps.begin(), steps.end(), 0);
  Value numbers = arith::ConstantOp::create(
      e, DenseElementsAttr::get(cast<VectorType>(i32), ArrayRef(steps)));
  SmallVector<Value> start = {e.constantInt(i32, kLowest),
                              e.constantInt(i32, 0)};
  SmallVector<Value> best = e.reduceLoop(
      e.index(0), e.index(experts), lanes, start,
      [&](Value k, ValueRange before) -> SmallVector<Value> {
        Value keys = scratch.load(e.mul(k, 4), e.getI32Type(), lanes);
        Value isMore = arith::CmpIOp::create(e, arith::CmpIPredicate::sgt, keys,
                                             before[0]);
        Value first = arith::IndexCastOp::create(e, e.getI32Type(), k);
        Value own = arith::AddIOp::create(e, numbers, e.splat(first, lanes));
        return {arith::SelectOp::create(e, isMore, keys, before[0]),
                arith::SelectOp::create(e, isMore, own, before[1])};
      });
  Value largest = combineLanes(e, best[0], [&](Value a, Value b) -> Value {
    return arith::MaxSIOp::create(e, a, b);
  });
  Value isLargest = arith::CmpIOp::create(e, arith::CmpIPredicate::eq, best[0],
                                          e.splat(largest, lanes));
  Value chosen =
      combineLanes(e,
                   arith::SelectOp::create(
                       e, isLargest, best[1],
                       e.constantInt(i32, std::numeric_limits<int32_t>::max())),
                   [&](Value a, Value b) -> Value {
                     return arith::MinSIOp::create(e, a, b);
                   });
  Value place = arith::IndexCastOp::create(e, e.getIndexType(), chosen);
  scratch.storeScalar(e.constantInt(e.getI32Type(), kLowest), e.mul(place, 4));
  e.store(arith::SIToFPOp::create(e, e.getF32Type(), chosen), result.buffer,
          result.at(e, {row, e.index(0), slot}));
  e.store(e.load(scores.buffer, scores.at(e, {row, place})), result.buffer,
          result.at(e, {row, e.index(1), slot}));
}

void ExpertChoice::storeWeights() {
  auto all = [&](Value k, int64_t valid) { return loadScores(k, valid); };
  auto picked = [&](Value k, int64_t valid) { return loadPicked(k, valid); };
  bool isOverAll = function == "softmax";
  int64_t count = isOverAll ? experts : used;
  RowValues values = isOverAll ? RowValues(all) : RowValues(picked);
  Value largest, total;
  auto power = [&](Value x) -> Value {
    return math::ExpOp::create(e, arith::SubFOp::create(e, x, largest));
  };
  if (function != "sigmoid") {
    largest = reduce(count, -std::numeric_limits<double>::infinity(), values,
                     [&](Value a, Value b) -> Value {
                       return arith::MaximumFOp::create(e, a, b);
                     });
    total = sum(
        count, [&](Value k, int64_t valid) { return power(values(k, valid)); });
  }
  auto weigh = [&](Value k, int64_t valid) -> Value {
    Value x = loadPicked(k, valid);
    return total ? Value(arith::DivFOp::create(e, power(x), total))
                 : sigmoid(x);
  };
  Value divisor;
  if (op.getNormalized()) {
    divisor = sum(used, weigh);
    if (!total) // sigmoids may all be zero
      divisor = arith::AddFOp::create(e, divisor, e.constant(f32, 1e-20));
  }
  emitRowLoop(e, used, lanes, [&](Value k, int64_t valid) {
    Value weight = weigh(k, valid);
    if (divisor)
      weight = arith::DivFOp::create(e, weight, divisor);
    if (!op.getScale().isExactlyValue(1.0))
      weight = arith::MulFOp::create(
          e, weight, e.constant(f32, op.getScale().convertToFloat()));
    e.storePart(weight, result.buffer, result.at(e, {row, e.index(1), k}),
                e.index(valid));
  });
}

int64_t emitChooseExperts(KernelContext &context, ChooseExpertsOp op) {
  ExpertChoice(context, op).emit();
  return useTaskForEach(context, 1, kRows);
}

namespace {

/// qcc.group_rows: one task counts, then sorts, with a pass over the places
/// each. Scratch memory has a number for each expert: how many places, then the
/// index of its next one.
class RowGroups {
public:
  RowGroups(KernelContext &context, GroupRowsOp op)
      : e(context.e), choices(context.operands[0]), result(context.result),
        scratch(context.e, context.scratch), experts(op.getExperts()),
        used(choices.shape[2]),
        places(e.mul(loadExtent(context, 1, kRows), used)) {
    context.scratchBytes = experts * 8;
  }

  void emit();

private:
  void forEachPlace(function_ref<void(Value place, Value expert)> body);
  /// Writes the table of experts that have places.
  void emitTable();

  Value load(Value expert) {
    return toIndex(scratch.loadScalar(e.mul(expert, 8), e.getI64Type()));
  }
  void save(Value i, Value expert) {
    scratch.storeScalar(toNumber(i), e.mul(expert, 8));
  }
  void store(Value i, Value at) {
    e.store(toNumber(i), result.buffer, e.add(at, result.base));
  }
  Value toNumber(Value i) {
    return arith::IndexCastOp::create(e, e.getI64Type(), i);
  }
  Value toIndex(Value number) {
    return arith::IndexCastOp::create(e, e.getIndexType(), number);
  }

  KernelEmitter &e;
  const TensorArgument &choices;
  const TensorArgument &result;
  ByteBuffer scratch;
  int64_t experts, used;
  Value places;
};

} // namespace

void RowGroups::forEachPlace(
    function_ref<void(Value place, Value expert)> body) {
  e.loop(
      e.index(0), places, 1,
      [&](Value place) {
        Value at =
            choices.at(e, {e.div(place, used), e.index(0), e.rem(place, used)});
        Value number = e.load(choices.buffer, at);
        body(place,
             toIndex(arith::FPToSIOp::create(e, e.getI64Type(), number)));
      },
      /*keepRolled=*/true);
}

void RowGroups::emitTable() {
  Value zero = e.index(0);
  SmallVector<Value> ends = e.reduceLoop(
      zero, e.index(experts), 1, {zero, zero},
      [&](Value expert, ValueRange before) -> SmallVector<Value> {
        Value first = before[0], active = before[1], count = load(expert);
        Value hasPlaces = arith::CmpIOp::create(e, arith::CmpIPredicate::ne,
                                                count, e.index(0));
        e.ifThen(hasPlaces, [&] {
          Value at = e.mul(active, 3);
          store(expert, e.add(at, 1));
          store(first, e.add(at, 2));
          store(count, e.add(at, 3));
        });
        save(first, expert);
        Value next =
            arith::SelectOp::create(e, hasPlaces, e.add(active, 1), active);
        return {e.add(first, count), next};
      },
      /*keepRolled=*/true);
  store(ends[1], e.index(0));
}

void RowGroups::emit() {
  e.loop(
      e.index(0), e.index(experts), 1,
      [&](Value expert) { save(e.index(0), expert); }, /*keepRolled=*/true);
  forEachPlace(
      [&](Value, Value expert) { save(e.add(load(expert), 1), expert); });
  emitTable();
  forEachPlace([&](Value place, Value expert) {
    Value at = load(expert);
    store(place, e.add(at, 1 + 3 * experts));
    save(e.add(at, 1), expert);
  });
}

int64_t emitGroupRows(KernelContext &context, GroupRowsOp op) {
  RowGroups(context, op).emit();
  return 1;
}

int64_t emitMixRows(KernelContext &context, MixRowsOp op) {
  KernelEmitter &e = context.e;
  int64_t lanes = e.target.lanes;
  const TensorArgument &places = context.operands[0];
  const TensorArgument &choices = context.operands[1];
  size_t next = 3;
  auto take = [&](Value operand) {
    return operand ? &context.operands[next++] : nullptr;
  };
  const TensorArgument *shared = take(op.getShared());
  const TensorArgument *gate = take(op.getGate());
  const TensorArgument *residual = take(op.getResidual());
  int64_t used = choices.shape[2];
  Type f32 = e.vectorOf(e.getF32Type(), lanes);
  Value row = context.task, open;
  auto load = [&](const TensorArgument &tensor, Value r, Value k,
                  int64_t valid) {
    return e.loadPart(tensor.buffer, tensor.at(e, {r, k}), lanes,
                      e.index(valid));
  };
  if (gate) {
    Value x =
        e.splat(e.load(gate->buffer, gate->at(e, {row, e.index(0)})), lanes);
    Value one = e.constant(f32, 1.0);
    Value power = math::ExpOp::create(e, arith::NegFOp::create(e, x));
    open = arith::DivFOp::create(e, one, arith::AddFOp::create(e, one, power));
  }
  auto mix = [&](Value k, int64_t valid) -> Value {
    Value sum = e.reduceLoop(
        e.index(0), e.index(used), 1, e.constant(f32, 0.0),
        [&](Value slot, ValueRange so) -> SmallVector<Value> {
          Value weight = e.splat(
              e.load(choices.buffer, choices.at(e, {row, e.index(1), slot})),
              lanes);
          Value y = load(places, e.add(e.mul(row, used), slot), k, valid);
          return {math::FmaOp::create(e, weight, y, so[0])};
        })[0];
    if (shared) {
      Value y = load(*shared, row, k, valid);
      sum = open ? Value(math::FmaOp::create(e, open, y, sum))
                 : Value(arith::AddFOp::create(e, sum, y));
    }
    if (!op.getScale().isExactlyValue(1.0))
      sum = arith::MulFOp::create(
          e, sum, e.constant(f32, op.getScale().convertToFloat()));
    if (residual)
      sum = arith::AddFOp::create(e, sum, load(*residual, row, k, valid));
    return sum;
  };
  emitRow(context, {places.shape[1], nullptr, RowFormat::Float}, mix);
  return useTaskForEach(context, 2, kRows);
}

} // namespace qcc
