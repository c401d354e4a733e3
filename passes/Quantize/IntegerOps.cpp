// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds the quantized form of single ops.

#include "passes/Quantize/IntegerOps.h"

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/Numerics/Quantize.h"

#include <cmath>

using namespace mlir;

namespace qcc {

/// The scales that Prepare chose, or those that reach the largest weights.
static std::vector<float>
getWeightScales(Operation *op, ArrayRef<float> weights, int64_t channels) {
  auto chosen = op->getAttrOfType<DenseF32ArrayAttr>("qcc.weight_scales");
  if (chosen && chosen.size() == channels)
    return {chosen.asArrayRef().begin(), chosen.asArrayRef().end()};
  std::vector<float> scales;
  size_t perChannel = weights.size() / channels;
  for (int64_t c = 0; c < channels; ++c) {
    float largest = 0;
    for (float weight : weights.slice(c * perChannel, perChannel))
      largest = std::max(largest, std::abs(weight));
    scales.push_back(numerics::getWeightScale(largest));
  }
  return scales;
}

template <typename OpType>
static IntegerWeights makeWeights(OpBuilder &builder, OpType op,
                                  QuantType input) {
  Location loc = op.getLoc();
  ConstantBytes constant = *getConstantBytes(op.getWeight());
  ArrayRef<float> weights = constant.as<float>();
  int64_t channels = constant.type.getDimSize(0);
  size_t perChannel = weights.size() / channels;
  std::vector<float> scales = getWeightScales(op, weights, channels);
  std::vector<int8_t> rounded(weights.size());
  for (size_t i = 0; i < weights.size(); ++i)
    rounded[i] = numerics::quantizeWeight(weights[i], scales[i / perChannel]);
  IntegerWeights result;
  auto vectorOf = [&](Type element) {
    return RankedTensorType::get({channels}, element);
  };
  result.weight = makeConstant(
      builder, loc, constant.type.clone(builder.getI8Type()), rounded);
  result.scales =
      makeConstant(builder, loc, vectorOf(builder.getF32Type()), scales);
  if (!op.getBias())
    return result;
  ConstantBytes bias = *getConstantBytes(op.getBias());
  std::vector<int32_t> sums(channels);
  for (int64_t c = 0; c < channels; ++c)
    sums[c] = numerics::quantizeBias(bias.as<float>()[c], input.getScaleValue(),
                                     scales[c]);
  result.bias =
      makeConstant(builder, loc, vectorOf(builder.getI32Type()), sums);
  return result;
}

IntegerWeights makeIntegerWeights(OpBuilder &builder, Operation *op,
                                  QuantType input) {
  if (auto conv = dyn_cast<ConvOp>(op))
    return makeWeights(builder, conv, input);
  return makeWeights(builder, cast<LinearOp>(op), input);
}

Value buildContraction(OpBuilder &builder, Operation *op, Value input,
                       Value residual, RankedTensorType type) {
  IntegerWeights weights =
      makeIntegerWeights(builder, op, getQuantType(input.getType()));
  if (auto conv = dyn_cast<ConvOp>(op))
    return ConvOp::create(builder, op->getLoc(), type, input, weights.weight,
                          weights.bias, weights.scales, residual,
                          conv.getStridesAttr(), conv.getPadsAttr(),
                          conv.getDilationsAttr(), conv.getGroupAttr(),
                          conv.getLowerAttr(), conv.getUpperAttr());
  auto linear = cast<LinearOp>(op);
  return LinearOp::create(builder, op->getLoc(), type, input, weights.weight,
                          weights.bias, weights.scales, residual,
                          linear.getLowerAttr(), linear.getUpperAttr());
}

Value buildOther(OpBuilder &builder, Operation *op, ValueRange operands,
                 RankedTensorType type) {
  Operation *copy = builder.clone(*op);
  copy->setOperands(operands);
  copy->getResult(0).setType(type);
  return copy->getResult(0);
}

} // namespace qcc
