// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions and matrix products, and their epilogue of bias, residual,
// activation and rounding.

#include "compiler/Reference/Families.h"
#include "dialects/Qcc/IR/ImportedProducts.h"
#include "dialects/Qcc/Numerics/ConvReference.h"
#include "dialects/Qcc/Numerics/LinearReference.h"
#include "dialects/Qcc/Numerics/MatmulReference.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace qcc {
namespace {

using Bytes = std::vector<char>;

/// Which output channel element `i` of a result belongs to.
struct ChannelRule {
  int64_t inner;
  int64_t channels;
  int64_t operator()(int64_t i) const { return i / inner % channels; }
};

/// The operand of `op` that is `value`, or nothing for one that is left out.
const TensorView *find(Operation *op, ArrayRef<TensorView> operands,
                       Value value) {
  for (auto [i, operand] : llvm::enumerate(op->getOperands()))
    if (operand == value)
      return &operands[i];
  return nullptr;
}

std::vector<float> readFloats(const TensorView *view) {
  if (!view)
    return {};
  std::vector<double> values = view->readReals();
  return std::vector<float>(values.begin(), values.end());
}

std::vector<int8_t> readWeights(const TensorView &view) {
  return std::vector<int8_t>(view.bytes.begin(), view.bytes.end());
}

/// `q - z`, which 8-bit grids leave within nine bits and a sign.
std::vector<int16_t> readSteps(const TensorView &view) {
  std::vector<int16_t> steps;
  int64_t zeroPoint = view.getGrid().zeroPoint;
  for (int64_t q : view.readIntegers())
    steps.push_back(static_cast<int16_t>(q - zeroPoint));
  return steps;
}

std::optional<float> toFloat(std::optional<APFloat> value) {
  if (!value)
    return std::nullopt;
  return value->convertToFloat();
}

/// The epilogue of a conv or linear op whose operands are `operands`.
template <typename OpType> class Epilogue {
public:
  Epilogue(OpType op, ArrayRef<TensorView> operands, ChannelRule channelOf)
      : op(op), channelOf(channelOf), input(operands.front()),
        residual(find(op, operands, op.getResidual())),
        bias(find(op, operands, op.getBias())),
        weightScales(
            readFloats(find(op, operands, op.getWeightScales()))),
        activation{toFloat(op.getLower()), toFloat(op.getUpper())} {}

  Bytes finish(const std::vector<double> &sums) const;
  Bytes finish(const std::vector<int32_t> &sums) const;

private:
  Bytes requantize(const std::vector<int32_t> &accumulators) const;
  Bytes unrounded(const std::vector<int32_t> &accumulators) const;
  numerics::ElementKind getKind() const {
    return getElementKind(op.getType().getElementType());
  }

  mutable OpType op;
  ChannelRule channelOf;
  const TensorView &input;
  const TensorView *residual;
  const TensorView *bias;
  std::vector<float> weightScales;
  numerics::Activation activation;
};

template <typename OpType>
Bytes Epilogue<OpType>::finish(const std::vector<double> &sums) const {
  std::vector<float> biases = readFloats(bias), added = readFloats(residual);
  std::vector<double> values(sums.size());
  for (size_t i = 0; i < sums.size(); ++i) {
    double sum = sums[i];
    if (bias)
      sum += biases[channelOf(i)];
    if (residual)
      sum += added[i];
    values[i] = activation.apply(static_cast<float>(sum));
  }
  return numerics::writeReals(values, getKind());
}

template <typename OpType>
Bytes Epilogue<OpType>::finish(const std::vector<int32_t> &sums) const {
  std::vector<int32_t> accumulators = sums;
  if (bias) {
    std::vector<int64_t> biases = bias->readIntegers();
    for (size_t i = 0; i < sums.size(); ++i)
      accumulators[i] = numerics::addBias(
          sums[i], static_cast<int32_t>(biases[channelOf(i)]));
  }
  return getQuantType(op.getType()) ? requantize(accumulators)
                                    : unrounded(accumulators);
}

template <typename OpType>
Bytes Epilogue<OpType>::requantize(
    const std::vector<int32_t> &accumulators) const {
  numerics::Grid result = getGrid(getQuantType(op.getType()));
  numerics::Bounds bounds =
      numerics::getBounds(result, activation.lower, activation.upper);
  float scale = input.getGrid().scale;
  std::vector<float> multipliers;
  for (float weightScale : weightScales)
    multipliers.push_back(
        isImportedProduct(op)
            ? numerics::getImportedMultiplier(scale, weightScale, result.scale)
            : numerics::getMultiplier(scale, weightScale, result.scale));
  std::vector<int64_t> added;
  numerics::Grid other;
  if (residual) {
    added = residual->readIntegers();
    other = residual->getGrid();
  }
  float step = numerics::getMultiplier(other.scale, result.scale);
  std::vector<int64_t> values(accumulators.size());
  for (size_t i = 0; i < values.size(); ++i) {
    float m = multipliers[channelOf(i)];
    values[i] =
        residual ? numerics::requantize(accumulators[i], m,
                                        added[i] - other.zeroPoint, step,
                                        bounds, result)
                 : numerics::requantize(accumulators[i], m, bounds, result);
  }
  return numerics::writeIntegers(values, getKind());
}

/// `f32(acc) * f32(s_x * s_w)`, then residual and activation in f32.
template <typename OpType>
Bytes Epilogue<OpType>::unrounded(
    const std::vector<int32_t> &accumulators) const {
  float scale = input.getGrid().scale;
  std::vector<float> added = readFloats(residual);
  std::vector<double> values(accumulators.size());
  for (size_t i = 0; i < values.size(); ++i) {
    float m = numerics::getMultiplier(scale, weightScales[channelOf(i)], 1.0f);
    float value = static_cast<float>(accumulators[i]) * m;
    if (residual)
      value = value + added[i];
    values[i] = activation.apply(value);
  }
  return numerics::writeReals(values, getKind());
}

template <size_t size>
std::array<int64_t, size> toArray(ArrayRef<int64_t> values) {
  std::array<int64_t, size> result{};
  std::copy_n(values.begin(), size, result.begin());
  return result;
}

Bytes executeConv(ConvOp op, ArrayRef<TensorView> operands) {
  const TensorView &input = operands[0], &weight = operands[1];
  numerics::ConvShape shape;
  shape.input = toArray<4>(input.getShape());
  shape.weight = toArray<4>(weight.getShape());
  shape.result = toArray<4>(op.getType().getShape());
  shape.strides = toArray<2>(op.getStrides());
  shape.pads = toArray<2>(op.getPads());
  shape.dilations = toArray<2>(op.getDilations());
  shape.group = op.getGroup();
  Epilogue<ConvOp> epilogue(
      op, operands, {shape.result[2] * shape.result[3], shape.result[1]});
  if (op.isQuantized())
    return epilogue.finish(
        numerics::convolve(shape, readSteps(input), readWeights(weight)));
  return epilogue.finish(
      numerics::convolve(shape, readFloats(&input), readFloats(&weight)));
}

Bytes executeLinear(LinearOp op, ArrayRef<TensorView> operands) {
  const TensorView &input = operands[0], &weight = operands[1];
  int64_t depth = input.getShape()[1];
  Epilogue<LinearOp> epilogue(op, operands, {1, weight.getShape()[0]});
  if (op.isQuantized())
    return epilogue.finish(numerics::multiplyRows(
        readSteps(input), readWeights(weight), depth));
  return epilogue.finish(numerics::multiplyRows(readFloats(&input),
                                                readFloats(&weight), depth));
}

Bytes executeMatmul(MatmulOp op, ArrayRef<TensorView> operands) {
  return numerics::writeReals(
      numerics::multiplyMatrices(
          readFloats(&operands[0]), operands[0].getShape(),
          readFloats(&operands[1]), operands[1].getShape(),
          op.getType().getShape()),
      numerics::ElementKind::F32);
}

} // namespace

std::optional<Bytes> executeContraction(Operation *op,
                                        ArrayRef<TensorView> operands) {
  using Result = std::optional<Bytes>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](ConvOp o) -> Result { return executeConv(o, operands); })
      .Case([&](LinearOp o) -> Result { return executeLinear(o, operands); })
      .Case([&](MatmulOp o) -> Result { return executeMatmul(o, operands); })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace qcc
