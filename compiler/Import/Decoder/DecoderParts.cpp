// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function for each part of a layer.

#include "compiler/Import/Decoder/DecoderParts.h"

#include "dialects/Qcc/IR/Constants.h"

using namespace mlir;

namespace qcc {

Value DecoderParts::makeVector(ArrayRef<float> values) {
  if (values.empty())
    return {};
  return makeConstant(b, b.getLoc(), floats({int64_t(values.size())}),
                      std::vector<float>(values.begin(), values.end()));
}

Value DecoderParts::normalize(Value x, const Norm &norm, Value residual,
                              Value select) {
  if (!norm.exists() && !select)
    return x;
  int64_t rows = select ? sizes.outputs : rowsOf(x);
  auto type = floats({rows, decoder.width});
  return NormRowsOp::create(b, type, x, argument(kExtents),
                            makeVector(norm.weight), makeVector(norm.bias),
                            residual, select, /*order=*/Value(),
                            b.getF32FloatAttr(norm.epsilon), floatRows(),
                            norm.isLayerNorm ? b.getUnitAttr() : UnitAttr());
}

Value DecoderParts::multiply(Value x, const Linear &linear, Value residual,
                             float scale) {
  auto type = floats({rowsOf(x), linear.weight.rows});
  return BlockLinearOp::create(
      b, type, orderFor(linear.weight, x), makeWeight(linear.weight),
      argument(kExtents), makeVector(linear.bias), residual, Value(),
      floatRows(), b.getI64IntegerAttr(1), b.getI64IntegerAttr(0),
      b.getF32FloatAttr(scale), FloatAttr());
}

Value DecoderParts::rotationsOf(int64_t rotary) {
  return rotary < 0 ? Value() : rotations[rotary];
}

Value DecoderParts::attend(Value x, const Attention &attention, size_t number) {
  Value query = multiply(x, attention.query), key = multiply(x, attention.key),
        value = multiply(x, attention.value);
  Value cache = argument(kFixed + number);
  bool isInterleaved =
      attention.rotary >= 0 && decoder.rotaries[attention.rotary].isInterleaved;
  auto flag = [&](bool is) { return is ? b.getUnitAttr() : UnitAttr(); };
  Value rotated = CacheKeysOp::create(
      b, query.getType(), query, key, value, argument(kPlaces), cache,
      argument(kExtents), rotationsOf(attention.rotary),
      makeVector(attention.queryNorm.weight),
      makeVector(attention.keyNorm.weight),
      b.getI64IntegerAttr(attention.kvHeads),
      b.getI64IntegerAttr(attention.headSize),
      b.getF32FloatAttr(attention.queryNorm.epsilon), flag(isInterleaved),
      flag(attention.queryNorm.isLayerNorm), flag(attention.areNormsByHead),
      flag(attention.areNormsLast),
      attention.clip ? b.getF32FloatAttr(attention.clip) : FloatAttr());
  return AttendOp::create(
      b, query.getType(), rotated, cache, argument(kSpans), argument(kExtents),
      makeVector(attention.sinks), argument(kParts), argument(kMerges),
      makeVector(attention.slopes), b.getI64IntegerAttr(attention.kvHeads),
      b.getI64IntegerAttr(attention.headSize),
      b.getF32FloatAttr(attention.scale), b.getI64IntegerAttr(attention.window),
      attention.softCap ? b.getF32FloatAttr(attention.softCap) : FloatAttr(),
      b.getI64IntegerAttr(spanRows(attention)));
}

/// x + scale * after(linear(rows)).
Value DecoderParts::addBranch(Value x, Value rows, const Linear &linear,
                              const Norm &after, float scale) {
  if (!after.exists())
    return multiply(rows, linear, x, scale);
  return normalize(multiply(rows, linear, {}, scale), after, x);
}

static StringRef nameOf(GateFunction function) {
  static constexpr StringRef kNames[] = {
      "silu", "gelu_tanh", "gelu", "relu", "relu_squared", "clamped_swish"};
  return kNames[size_t(function)];
}

Value DecoderParts::gate(Value x, const FeedForward &layer) {
  Value up = multiply(x, layer.up);
  Value first = layer.gate.exists() ? multiply(x, layer.gate) : up;
  return GateRowsOp::create(b, up.getType(), first, argument(kExtents),
                            layer.gate.exists() ? up : Value(),
                            /*order=*/Value(),
                            b.getStringAttr(nameOf(layer.function)),
                            floatRows(), b.getI64IntegerAttr(1));
}

/// The same part of all experts, on the places that each has.
Value DecoderParts::multiplyExperts(Value x, const Experts &experts,
                                    Linear FeedForward::*part, Value groups) {
  SmallVector<const Weight *> parts;
  std::vector<float> bias;
  for (const FeedForward &expert : experts.experts) {
    const Linear &linear = expert.*part;
    parts.push_back(&linear.weight);
    bias.insert(bias.end(), linear.bias.begin(), linear.bias.end());
  }
  auto type = floats({sizes.rows * experts.used, parts.front()->rows});
  return BlockLinearOp::create(
      b, type, x, weights->getStack(parts), argument(kExtents),
      makeVector(bias), Value(), groups, floatRows(),
      b.getI64IntegerAttr(experts.used), b.getI64IntegerAttr(0),
      b.getF32FloatAttr(1), FloatAttr());
}

/// residual + scale * (experts of each row of x, and the shared one).
Value DecoderParts::mixExperts(Value x, const Experts &experts, Value residual,
                               float scale) {
  int64_t count = experts.experts.size(), used = experts.used;
  StringRef function = experts.isSigmoid        ? "sigmoid"
                       : experts.isSoftmaxFirst ? "softmax"
                                                : "softmax_chosen";
  bool isDivided = experts.isNormalized && function != "softmax_chosen";
  Value choices = ChooseExpertsOp::create(
      b, floats({sizes.rows, 2, used}), multiply(x, experts.router),
      argument(kExtents), makeVector(experts.choiceBias),
      b.getI64IntegerAttr(used), b.getStringAttr(function),
      isDivided ? b.getUnitAttr() : UnitAttr(),
      b.getF32FloatAttr(experts.scale));
  Value groups = GroupRowsOp::create(
      b, integers({1 + 3 * count + sizes.rows * used}), choices,
      argument(kExtents), b.getI64IntegerAttr(count));
  auto product = [&](Value rows, Linear FeedForward::*part) {
    return multiplyExperts(rows, experts, part, groups);
  };
  const FeedForward &first = experts.experts.front();
  Value up = product(x, &FeedForward::up), factor, input = up;
  if (first.gate.exists()) {
    factor = up;
    input = product(x, &FeedForward::gate);
  }
  Value gated = GateRowsOp::create(b, up.getType(), input, argument(kExtents),
                                   factor, /*order=*/Value(),
                                   b.getStringAttr(nameOf(first.function)),
                                   floatRows(), b.getI64IntegerAttr(used));
  Value shared, opened;
  if (experts.shared.up.exists())
    shared = runFeedForward(x, experts.shared);
  if (experts.sharedGate.exists())
    opened = multiply(x, experts.sharedGate);
  return MixRowsOp::create(b, floats({sizes.rows, decoder.width}),
                           product(gated, &FeedForward::down), choices,
                           argument(kExtents), shared, opened, residual,
                           b.getF32FloatAttr(scale));
}

} // namespace qcc
