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

double squaredError(ArrayRef<float> weights, float scale) {
  double sum = 0;
  for (float weight : weights) {
    double error =
        double(qcc::numerics::quantizeWeight(weight, scale)) * scale - weight;
    sum += error * error;
  }
  return sum;
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
      if (auto conv = dyn_cast<qcc::ConvOp>(op))
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
