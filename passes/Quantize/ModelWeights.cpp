// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads qcc.dequantize_channels, and what the importer moved after it.

#include "passes/Quantize/ModelWeights.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/ImportedProducts.h"
#include "dialects/Qcc/Numerics/Quantize.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;

namespace qcc {

// The verifier of qcc.conv (C9): more products could overflow an i32 sum.
static constexpr int64_t kLongestIntegerSum = 65536;

namespace {

/// Constant integers and the scale of each index along `axis`.
struct Weights {
  RankedTensorType type;
  std::vector<int64_t> integers;
  std::vector<float> scales;
  int64_t axis = 0;

  bool isUniform() const { return llvm::all_equal(scales) && !scales.empty(); }
};

} // namespace

static std::optional<Weights> readSource(DequantizeChannelsOp op) {
  Attribute constant;
  if (!matchPattern(op.getInput(), m_Constant(&constant)))
    return std::nullopt;
  auto integers = getConstantIntegers(constant);
  auto scales = getConstantBytes(op.getScales());
  if (!integers || !scales)
    return std::nullopt;
  return Weights{cast<RankedTensorType>(op.getInput().getType()),
                 std::move(*integers), scales->as<float>().vec(),
                 int64_t(op.getAxis())};
}

static void transpose(Weights &weights, ArrayRef<int64_t> permutation) {
  ArrayRef<int64_t> from = weights.type.getShape();
  SmallVector<int64_t> strides(from.size(), 1), shape, steps;
  for (int64_t i = int64_t(from.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * from[i + 1];
  for (int64_t dimension : permutation) {
    shape.push_back(from[dimension]);
    steps.push_back(strides[dimension]);
  }
  std::vector<int64_t> moved;
  moved.reserve(weights.integers.size());
  SmallVector<int64_t> index(shape.size(), 0);
  for (size_t i = 0; i < weights.integers.size(); ++i) {
    int64_t source = 0;
    for (size_t d = 0; d < shape.size(); ++d)
      source += index[d] * steps[d];
    moved.push_back(weights.integers[source]);
    for (int64_t d = int64_t(shape.size()) - 1; d >= 0; --d) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
  weights.axis = llvm::find(permutation, weights.axis) - permutation.begin();
  weights.integers = std::move(moved);
  weights.type = weights.type.clone(shape);
}

/// False if the scales belong to no dimension of `shape`.
static bool reshape(Weights &weights, ArrayRef<int64_t> shape) {
  bool keepsFirst = weights.axis == 0 && !shape.empty() &&
                    shape[0] == weights.type.getDimSize(0);
  if (!keepsFirst) {
    if (!weights.isUniform() || shape.empty())
      return false;
    weights.axis = 0;
    weights.scales.assign(shape[0], weights.scales[0]);
  }
  weights.type = weights.type.clone(shape);
  return true;
}

static std::optional<Weights> readWeights(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto source = dyn_cast_or_null<DequantizeChannelsOp>(op))
    return readSource(source);
  if (!isa_and_nonnull<TransposeOp, ReshapeOp>(op))
    return std::nullopt;
  auto weights = readWeights(op->getOperand(0));
  if (!weights)
    return std::nullopt;
  if (auto transposed = dyn_cast<TransposeOp>(op))
    transpose(*weights, transposed.getPermutation());
  else if (!reshape(*weights, cast<ReshapeOp>(op).getType().getShape()))
    return std::nullopt;
  return weights;
}

/// False if the kernels cannot multiply by `weights`.
static bool areBytesPerOutput(Weights &weights) {
  int64_t outputs = weights.type.getDimSize(0);
  if (outputs == 0 ||
      weights.type.getNumElements() / outputs > kLongestIntegerSum)
    return false;
  if (weights.axis != 0) {
    if (!weights.isUniform())
      return false;
    weights.axis = 0;
    weights.scales.assign(outputs, weights.scales[0]);
  }
  return llvm::all_of(weights.integers,
                      [](int64_t q) { return llvm::isInt<8>(q); }) &&
         llvm::all_of(weights.scales, [](float scale) {
           return scale > 0 && std::isfinite(scale);
         });
}

/// Largest magnitude of a sum over the `weights` of one channel that starts at
/// `bias`, whatever bytes come in; activations are counted as unsigned, which
/// they become.
static int64_t getReach(ArrayRef<int64_t> weights, int64_t bias,
                        QuantType input) {
  int64_t zeroPoint = input.getZeroPoint() + (input.getIsSigned() ? 128 : 0);
  int64_t sum = 0, magnitude = 0;
  for (int64_t weight : weights) {
    sum += weight;
    magnitude += std::abs(weight);
  }
  return std::abs(bias - zeroPoint * sum) + 255 * magnitude;
}

/// The integer biases. A channel whose bias drowns its weights may carry a
/// scale so small that the sum would overflow; its weights get fewer bits, of
/// which the result has room for none.
static std::vector<int32_t> fitBiases(Weights &weights, ArrayRef<float> biases,
                                      QuantType input) {
  std::vector<int32_t> sums;
  size_t length = weights.integers.size() / weights.scales.size();
  for (auto [c, scale] : llvm::enumerate(weights.scales)) {
    MutableArrayRef<int64_t> channel =
        MutableArrayRef<int64_t>(weights.integers).slice(c * length, length);
    auto round = [&, c = c] {
      return biases.empty()
                 ? 0
                 : numerics::quantizeBias(biases[c], input.getScaleValue(),
                                          weights.scales[c]);
    };
    sums.push_back(round());
    while (getReach(channel, sums.back(), input) > INT32_MAX &&
           std::isfinite(scale * 2)) {
      scale *= 2;
      for (int64_t &weight : channel)
        weight = numerics::roundHalfEven(double(weight) / 2);
      sums.back() = round();
    }
  }
  return sums;
}

namespace {

/// The constants of a quantized contraction.
struct Operands {
  Value weight, bias, scales;
};

} // namespace

static std::optional<Operands> makeOperands(OpBuilder &builder, Location loc,
                                            Value weight, Value bias,
                                            QuantType input) {
  auto weights = readWeights(weight);
  auto biases = getConstantBytes(bias);
  if (!weights || !areBytesPerOutput(*weights) || (bias && !biases))
    return std::nullopt;
  auto makeRow = [&](Type element, const auto &numbers) {
    return makeConstant(builder, loc,
                        RankedTensorType::get(weights->scales.size(), element),
                        numbers);
  };
  std::vector<int32_t> sums = fitBiases(
      *weights, biases ? biases->as<float>() : ArrayRef<float>(), input);
  Operands result;
  result.weight = makeConstant(
      builder, loc, weights->type.clone(builder.getI8Type()),
      std::vector<int8_t>(weights->integers.begin(), weights->integers.end()));
  result.scales = makeRow(builder.getF32Type(), weights->scales);
  if (bias)
    result.bias = makeRow(builder.getI32Type(), sums);
  return result;
}

template <typename OpType>
static std::optional<Operands> makeOperandsOf(OpBuilder &builder, OpType op,
                                              Value input) {
  if (op.getResidual() || op.isQuantized())
    return std::nullopt;
  return makeOperands(builder, op.getLoc(), op.getWeight(), op.getBias(),
                      getQuantType(input.getType()));
}

static Value buildContractionOf(OpBuilder &builder, Operation *op, Value input,
                                RankedTensorType type) {
  if (auto conv = dyn_cast<ConvOp>(op)) {
    auto operands = makeOperandsOf(builder, conv, input);
    if (!operands)
      return {};
    return ConvOp::create(builder, op->getLoc(), type, input, operands->weight,
                          operands->bias, operands->scales, Value(),
                          conv.getStridesAttr(), conv.getPadsAttr(),
                          conv.getDilationsAttr(), conv.getGroupAttr(),
                          conv.getLowerAttr(), conv.getUpperAttr());
  }
  auto linear = cast<LinearOp>(op);
  auto operands = makeOperandsOf(builder, linear, input);
  if (!operands)
    return {};
  return LinearOp::create(builder, op->getLoc(), type, input, operands->weight,
                          operands->bias, operands->scales, Value(),
                          linear.getLowerAttr(), linear.getUpperAttr());
}

Value buildModelContraction(OpBuilder &builder, Operation *op, Value input,
                            RankedTensorType type) {
  Value result = buildContractionOf(builder, op, input, type);
  if (result && isImportedProduct(op))
    markImportedProduct(result.getDefiningOp());
  return result;
}

Value getIntegers(Value value) {
  auto op = value.getDefiningOp<DequantizeOp>();
  if (!op || getQuantType(op.getInput().getType()).getBits() != 8)
    return {};
  return op.getInput();
}

bool hasModelWeights(Operation *op) {
  return readWeights(op->getOperand(1)).has_value();
}

Value scaleModelWeights(OpBuilder &builder, Operation *op,
                        ArrayRef<double> scales) {
  auto weights = readWeights(op->getOperand(1));
  if (!weights || !areBytesPerOutput(*weights))
    return {};
  for (auto [scale, factor] : llvm::zip_equal(weights->scales, scales)) {
    scale = float(scale * factor);
    if (!(scale > 0) || !std::isfinite(scale))
      return {};
  }
  Location loc = op->getLoc();
  auto row = RankedTensorType::get(scales.size(), builder.getF32Type());
  Value integers = makeConstant(
      builder, loc, weights->type.clone(builder.getI8Type()),
      std::vector<int8_t>(weights->integers.begin(), weights->integers.end()));
  return DequantizeChannelsOp::create(
      builder, loc, weights->type.clone(builder.getF32Type()), integers,
      makeConstant(builder, loc, row, weights->scales),
      builder.getI64IntegerAttr(0));
}

/// `op` with other weights and another bias, and nothing after its sum.
template <typename OpType>
static Value scaleContraction(OpBuilder &builder, OpType op,
                              ArrayRef<double> scales,
                              ArrayRef<double> shifts) {
  auto bias = getConstantBytes(op.getBias());
  if ((op.getBias() && !bias) || op.isQuantized() || op.getResidual() ||
      op.getLower() || op.getUpper())
    return {};
  Value weight = scaleModelWeights(builder, op, scales);
  if (!weight)
    return {};
  std::vector<float> biases(scales.size());
  for (size_t c = 0; c < scales.size(); ++c) {
    double before = bias ? bias->template as<float>()[c] : 0;
    biases[c] = float(before * scales[c] + shifts[c]);
  }
  auto row = RankedTensorType::get(scales.size(), builder.getF32Type());
  auto copy = cast<OpType>(builder.clone(*op));
  copy.getWeightMutable().assign(weight);
  copy.getBiasMutable().assign(makeConstant(builder, op.getLoc(), row, biases));
  return copy.getResult();
}

Value scaleModelContraction(OpBuilder &builder, Operation *op,
                            ArrayRef<double> scales, ArrayRef<double> shifts) {
  if (auto conv = dyn_cast<ConvOp>(op))
    return scaleContraction(builder, conv, scales, shifts);
  return scaleContraction(builder, cast<LinearOp>(op), scales, shifts);
}

static std::vector<float> getFloats(const Weights &weights) {
  int64_t inner = 1;
  for (int64_t size : weights.type.getShape().drop_front(weights.axis + 1))
    inner *= size;
  std::vector<float> floats;
  floats.reserve(weights.integers.size());
  for (auto [i, q] : llvm::enumerate(weights.integers))
    floats.push_back(float(q) *
                     weights.scales[i / inner % weights.scales.size()]);
  return floats;
}

/// One number is a step of a grid of its size, exactly.
static Value quantizeNumber(OpBuilder &builder, Value value, float number) {
  float scale = number == 0 ? 1.0f : std::abs(number);
  if (!std::isnormal(scale))
    return {};
  auto grid = QuantType::get(builder.getContext(), 8, /*isSigned=*/false, scale,
                             number < 0 ? 1 : 0);
  auto type = cast<RankedTensorType>(value.getType()).clone(grid);
  return QuantizeOp::create(builder, value.getLoc(), type, value);
}

Value quantizeModelConstant(OpBuilder &builder, Value value) {
  auto constant = getConstantBytes(value);
  if (constant && constant->type.getElementType().isF32() &&
      constant->type.getNumElements() == 1)
    return quantizeNumber(builder, value, constant->as<float>()[0]);
  auto weights = readWeights(value);
  if (!weights || !weights->isUniform() || weights->integers.empty() ||
      !(weights->scales[0] > 0) || !std::isfinite(weights->scales[0]))
    return {};
  auto [low, high] =
      std::minmax_element(weights->integers.begin(), weights->integers.end());
  int64_t zeroPoint = std::clamp<int64_t>(-*low, 0, 255);
  if (*high + zeroPoint > 255 || *low + zeroPoint < 0)
    return {};
  auto grid = QuantType::get(builder.getContext(), 8, /*isSigned=*/false,
                             weights->scales[0], zeroPoint);
  auto type = weights->type.clone(builder.getF32Type());
  Value floats =
      makeConstant(builder, value.getLoc(), type, getFloats(*weights));
  return QuantizeOp::create(builder, value.getLoc(), type.clone(grid), floats);
}

Value dequantizeModelWeights(OpBuilder &builder, DequantizeChannelsOp op) {
  auto weights = readSource(op);
  if (!weights)
    return {};
  return makeConstant(builder, op.getLoc(), op.getType(), getFloats(*weights));
}

} // namespace qcc
