// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads layers for packing. See the header.

#include "passes/Pack/Layer.h"

#include "dialects/Qcc/IR/ImportedProducts.h"
#include "dialects/Qcc/Numerics/Quantize.h"

#include <cmath>
#include <cstdint>

using namespace mlir;

namespace qcc {

FailureOr<Layer> describeLayer(Operation *op) {
  Layer layer;
  layer.op = op;
  Value weight, bias, scales;
  auto read = [&](auto typed) {
    layer.input = typed.getInput();
    layer.residual = typed.getResidual();
    weight = typed.getWeight();
    bias = typed.getBias();
    scales = typed.getWeightScales();
    layer.lower = typed.getLowerAttr();
    layer.upper = typed.getUpperAttr();
  };
  if (auto conv = dyn_cast<ConvOp>(op)) {
    read(conv);
    layer.strides.assign(conv.getStrides().begin(), conv.getStrides().end());
    layer.pads.assign(conv.getPads().begin(), conv.getPads().end());
    layer.dilations.assign(conv.getDilations().begin(),
                           conv.getDilations().end());
    layer.group = conv.getGroup();
  } else {
    read(cast<LinearOp>(op));
    layer.group = 1;
  }
  auto shape = cast<RankedTensorType>(weight.getType()).getShape();
  layer.outputs = shape[0];
  layer.channels = shape[1];
  layer.height = shape.size() == 4 ? shape[2] : 1;
  layer.width = shape.size() == 4 ? shape[3] : 1;
  layer.inputGrid = getQuantType(layer.input.getType());
  layer.resultGrid = getQuantType(op->getResult(0).getType());

  std::optional<ConstantBytes> bytes = getConstantBytes(weight);
  if (!bytes)
    return op->emitOpError("expected constant weights, but got a value that is "
                           "computed at run time");
  layer.weight = std::move(*bytes);
  layer.bias = getConstantBytes(bias);
  layer.scales = getConstantBytes(scales);
  if (bool(bias) != bool(layer.bias) || bool(scales) != bool(layer.scales))
    return op->emitOpError("expected a constant bias and constant scales, but "
                           "got a value that is computed at run time");
  return layer;
}

FailureOr<Scaling> foldScales(const Layer &layer) {
  Scaling scaling;
  if (!layer.isInteger()) {
    scaling.floatStart.assign(layer.outputs, 0.0f);
    if (layer.bias)
      llvm::copy(layer.bias->as<float>(), scaling.floatStart.begin());
    return scaling;
  }
  int64_t perOutput = layer.channels * layer.taps();
  ArrayRef<int8_t> weights = layer.weight.as<int8_t>();
  int64_t zeroPoint = layer.inputGrid.getZeroPoint();
  int64_t largest = std::max(std::abs(layer.inputGrid.getLowest()),
                             layer.inputGrid.getHighest());
  for (int64_t o = 0; o < layer.outputs; ++o) {
    int64_t sum = 0, magnitude = 0;
    for (int8_t w : weights.slice(o * perOutput, perOutput)) {
      sum += w;
      magnitude += std::abs(int64_t(w));
    }
    int64_t bias = layer.bias ? layer.bias->as<int32_t>()[o] : 0;
    int64_t start = bias - zeroPoint * sum;
    if (std::abs(start) + magnitude * largest > INT32_MAX)
      return layer.op->emitOpError("expected sums that fit 32 bits, but output "
                                   "channel ")
             << o << " can reach " << std::abs(start) + magnitude * largest;
    float input = layer.inputGrid.getScaleValue();
    float weight = layer.scales->as<float>()[o];
    float result = layer.resultGrid ? layer.resultGrid.getScaleValue() : 1.0f;
    float scale = isImportedProduct(layer.op)
                      ? numerics::getImportedMultiplier(input, weight, result)
                      : numerics::getMultiplier(input, weight, result);
    scaling.start.push_back(int32_t(start));
    scaling.multiplier.push_back(scale);
    // Below 2^30 the conversion to i32 cannot overflow, so integer saturation
    // after it equals the clamp before it.
    if ((std::abs(start) + magnitude * largest) * std::abs(double(scale)) >
        0x1p30)
      scaling.bounded = false;
  }
  return scaling;
}

} // namespace qcc
