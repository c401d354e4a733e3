// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses the grids of weights before anything is rounded, so that the bias
// correction and the quantizer round the same weights to the same integers.

#include "passes/Prepare/Passes.h"

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/Quantize.h"

#include <cmath>

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_CHOOSEWEIGHTSCALES
#include "passes/Prepare/Passes.h.inc"
} // namespace qcc

namespace {

/// Sum over the weights of (rounded - weight)^2, in units of the scale. In f32
/// and in lanes, since 31 scales are tried for each weight of the model: the
/// choice may differ by a hair from that of exact sums, the integers are
/// rounded by quantizeWeight in any case.
double squaredError(ArrayRef<float> weights, float scale) {
  constexpr size_t laneCount = 16;
  constexpr float rounder = 12582912.0f; // 1.5 * 2^23: adding it rounds
  float reciprocal = 1 / scale;
  float sums[laneCount] = {};
  auto add = [&](float &sum, float weight) {
    float steps = weight * reciprocal;
    float limited = steps < -127.0f ? -127.0f : steps;
    limited = limited > 127.0f ? 127.0f : limited;
    float error = (limited + rounder) - rounder - steps;
    sum += error * error;
  };
  size_t whole = weights.size() - weights.size() % laneCount;
  for (size_t i = 0; i < whole; i += laneCount)
    for (size_t lane = 0; lane < laneCount; ++lane)
      add(sums[lane], weights[i + lane]);
  for (size_t i = whole; i < weights.size(); ++i)
    add(sums[i - whole], weights[i]);
  double sum = 0;
  for (float lane : sums)
    sum += lane;
  return sum * scale * scale;
}

/// The best of `largest / 127` times 1, 0.99, ... 0.7. Less than that clips
/// more than it gains for every distribution seen.
float searchScale(ArrayRef<float> weights, float largest) {
  float best = qcc::numerics::getWeightScale(largest);
  double bestError = squaredError(weights, best);
  for (int percent = 99; percent >= 70; --percent) {
    float scale =
        qcc::numerics::getWeightScale(float(largest * (percent / 100.0)));
    double error = squaredError(weights, scale);
    if (error < bestError) {
      best = scale;
      bestError = error;
    }
  }
  return best;
}

/// The smallest weight scale whose products with the input's grid hold `bias`
/// in 30 bits; a channel without weights gets one with 24 bits for it.
float scaleForBias(float bias, float inputScale, bool hasWeights) {
  double steps = hasWeights ? 1 << 30 : 1 << 24;
  return float(std::abs(double(bias)) / (inputScale * steps));
}

struct ChooseWeightScales
    : qcc::impl::ChooseWeightScalesBase<ChooseWeightScales> {
  using ChooseWeightScalesBase::ChooseWeightScalesBase;

  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) {
      auto conv = dyn_cast<qcc::ConvOp>(op);
      // It will stay in f32, with the weights it has (qcc-assign-precision).
      if (conv && conv.isDepthwise() && qcc::hasPoorChannels(conv.getInput()))
        return;
      if (conv)
        choose(conv);
      else if (auto linear = dyn_cast<qcc::LinearOp>(op))
        choose(linear);
    });
  }

  template <typename OpType> void choose(OpType op) {
    auto weight = qcc::getConstantBytes(op.getWeight());
    if (op.isQuantized() || !weight || !weight->type.getElementType().isF32())
      return; // The op stays float, or has its scales.
    auto bias = qcc::getConstantBytes(op.getBias());
    std::optional<qcc::Interval> range = qcc::getRange(op.getInput());
    ArrayRef<float> elements = weight->template as<float>();
    int64_t channels = weight->type.getDimSize(0);
    size_t perChannel = elements.size() / std::max<int64_t>(channels, 1);
    SmallVector<float> scales;
    for (int64_t c = 0; c < channels; ++c) {
      ArrayRef<float> row = elements.slice(c * perChannel, perChannel);
      float largest = 0;
      for (float element : row)
        largest = std::max(largest, std::abs(element));
      float scale = search ? searchScale(row, largest)
                           : qcc::numerics::getWeightScale(largest);
      if (bias && range && range->getExtent() > 0) {
        float smallest = scaleForBias(bias->template as<float>()[c],
                                      range->getExtent() / 255, largest > 0);
        if (smallest > scale || (largest == 0 && smallest > 0))
          scale = smallest;
      }
      scales.push_back(scale);
    }
    op->setDiscardableAttr("qcc.weight_scales",
                           DenseF32ArrayAttr::get(op.getContext(), scales));
  }
};

} // namespace
