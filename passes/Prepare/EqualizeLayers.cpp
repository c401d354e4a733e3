// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scales the channels of tensors that only a depthwise convolution reads, so
// that each fills the common grid. Elsewhere scaling helps the tensor but hurts
// the weights after it, which mix channels: measured, it gained nothing there.

#include "passes/Prepare/Passes.h"

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"

#include <algorithm>

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_EQUALIZELAYERS
#include "passes/Prepare/Passes.h.inc"
} // namespace qcc

namespace {

// Room for what calibration did not see, and a limit for channels that were
// all but silent there.
constexpr float kHeadroom = 1.2f;
constexpr float kLargestFactor = 64;

bool isFloatConstant(Value value) {
  auto constant = qcc::getConstantBytes(value);
  return constant && constant->type.getElementType().isF32();
}

/// The convolution that computes the input of `depthwise` for it alone, and
/// whose channels can be scaled.
qcc::ConvOp findProducer(qcc::ConvOp depthwise) {
  auto producer = depthwise.getInput().getDefiningOp<qcc::ConvOp>();
  if (!producer || !producer->hasOneUse() || producer.getResidual() ||
      producer.isQuantized() || depthwise.isQuantized())
    return {};
  bool constant = isFloatConstant(producer.getWeight()) &&
                  isFloatConstant(depthwise.getWeight()) &&
                  (!producer.getBias() || isFloatConstant(producer.getBias()));
  return constant ? producer : qcc::ConvOp();
}

/// How far the channel's values can grow inside `range`.
float findFactor(float low, float high, qcc::Interval range) {
  float factor = kLargestFactor;
  if (high > 0)
    factor = std::min(factor, range.high / (high * kHeadroom));
  if (low < 0)
    factor = std::min(factor, range.low / (low * kHeadroom));
  bool silent = high <= 0 && low >= 0;
  return silent ? 1.0f : std::max(factor, 1.0f);
}

/// The constant `value` with each of its channels times or over its factor.
Value scaleChannels(OpBuilder &builder, Value value, ArrayRef<float> factors,
                    bool divide) {
  auto constant = qcc::getConstantBytes(value);
  ArrayRef<float> old = constant->as<float>();
  std::vector<float> scaled(old.begin(), old.end());
  size_t perChannel = scaled.size() / factors.size();
  for (size_t i = 0; i < scaled.size(); ++i) {
    double factor = factors[i / perChannel];
    scaled[i] = float(divide ? scaled[i] / factor : scaled[i] * factor);
  }
  return qcc::makeConstant(builder, value.getLoc(), constant->type, scaled);
}

void scaleMeans(Value value, ArrayRef<float> factors) {
  DenseF32ArrayAttr means = qcc::getChannels(value, qcc::kMeansAttr);
  if (!means || size_t(means.size()) != factors.size())
    return;
  SmallVector<float> scaled(means.asArrayRef());
  for (size_t c = 0; c < factors.size(); ++c)
    scaled[c] *= factors[c];
  qcc::setObservation(value, qcc::kMeansAttr,
                      DenseF32ArrayAttr::get(value.getContext(), scaled));
}

/// conv(x, w) ; depthwise(., v)  ->  conv(x, f * w) ; depthwise(., v / f)
void equalize(qcc::ConvOp depthwise) {
  qcc::ConvOp producer = findProducer(depthwise);
  if (!producer)
    return;
  Value value = producer.getResult();
  auto lows = qcc::getChannels(value, qcc::kLowsAttr);
  auto highs = qcc::getChannels(value, qcc::kHighsAttr);
  std::optional<qcc::Interval> range = qcc::getRange(value);
  int64_t channels = cast<RankedTensorType>(value.getType()).getDimSize(1);
  // Each input channel has one filter, so that it owns weights of its own.
  int64_t filters =
      cast<RankedTensorType>(depthwise.getWeight().getType()).getDimSize(0);
  if (!lows || !highs || !range || lows.size() != channels ||
      highs.size() != channels || filters != channels)
    return;
  SmallVector<float> factors;
  for (int64_t c = 0; c < channels; ++c)
    factors.push_back(findFactor(lows[c], highs[c], *range));
  OpBuilder builder(producer);
  producer.getWeightMutable().assign(
      scaleChannels(builder, producer.getWeight(), factors, false));
  if (producer.getBias())
    producer.getBiasMutable().assign(
        scaleChannels(builder, producer.getBias(), factors, false));
  builder.setInsertionPoint(depthwise);
  depthwise.getWeightMutable().assign(
      scaleChannels(builder, depthwise.getWeight(), factors, true));
  scaleMeans(value, factors);
  qcc::markRescaled(producer);
  // They are no longer those of the channels.
  qcc::setObservation(value, qcc::kLowsAttr, {});
  qcc::setObservation(value, qcc::kHighsAttr, {});
}

struct EqualizeLayers : qcc::impl::EqualizeLayersBase<EqualizeLayers> {
  void runOnOperation() override {
    getOperation()->walk([](qcc::ConvOp op) {
      if (op.isDepthwise())
        equalize(op);
    });
  }
};

} // namespace
