// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Activations of 8 bits with one scale become tensors on a grid, weights keep
// their integers in qcc.dequantize_channels; every other form is computed as
// ONNX spells it, in f32.

#include "compiler/Import/Onnx/QuantizedTensors.h"

#include "dialects/Qcc/Numerics/Quantize.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;

namespace qcc::onnx_import {

/// Constant integers as the numbers they mean.
static std::optional<std::vector<int64_t>> readConstant(Value value) {
  auto stored = getConstantIntegers(constantOf(value));
  if (!stored)
    return std::nullopt;
  auto type = cast<IntegerType>(elementOf(value));
  unsigned unused = 64 - type.getWidth();
  for (int64_t &number : *stored) {
    uint64_t bits = uint64_t(number) << unused;
    number = type.isUnsigned() ? int64_t(bits >> unused)
                               : int64_t(bits) >> unused;
  }
  return stored;
}

/// The integers of one channel.
static numerics::Grid getGrid(const Quantization &form, size_t channel) {
  unsigned width = form.element.getWidth();
  bool isUnsigned = form.element.isUnsigned();
  numerics::Grid grid;
  grid.scale = form.scales[channel];
  grid.zeroPoint = form.zeroPoints[channel];
  grid.lowest = isUnsigned ? 0 : -(int64_t(1) << (width - 1));
  grid.highest = grid.lowest + (int64_t(1) << width) - 1;
  return grid;
}

std::optional<Quantization> readQuantization(Node &node, Value tensor,
                                             IntegerType element,
                                             QuantizationInputs from) {
  if (element && (element.getWidth() < 2 || element.getWidth() > 32))
    return node.fail("expected integers of 2 to 32 bits, but got " +
                     describe(element)),
           std::nullopt;
  Quantization result;
  if (!node.hasInput(from.scale))
    return node.fail("expected a scale, but got none"), std::nullopt;
  auto scales = node.constantFloats(from.scale, "scale");
  if (!scales || !element)
    return std::nullopt;
  result.scales = std::move(*scales);
  result.zeroPoints.assign(result.scales.size(), 0);
  result.element = element;
  if (node.getInteger("block_size", 0) != 0 ||
      rankOf(node.input(from.scale)) > 1)
    return node.fail("expected one scale for the tensor or for each channel, "
                     "but got scales for blocks"),
           std::nullopt;
  if (node.hasInput(from.zeroPoint)) {
    auto zeroPoints = readConstant(node.input(from.zeroPoint));
    if (!zeroPoints || zeroPoints->size() != result.scales.size())
      return node.fail("expected a constant integer zero point for each "
                       "scale, but got " +
                       describe(node.input(from.zeroPoint).getType())),
             std::nullopt;
    result.zeroPoints = std::move(*zeroPoints);
  }
  for (size_t channel = 0; channel < result.scales.size(); ++channel) {
    numerics::Grid grid = getGrid(result, channel);
    if (grid.zeroPoint < grid.lowest || grid.zeroPoint > grid.highest)
      return node.fail("expected zero points from " + Twine(grid.lowest) +
                       " to " + Twine(grid.highest) + ", but got " +
                       Twine(grid.zeroPoint)),
             std::nullopt;
  }
  for (float scale : result.scales)
    if (!(scale > 0) || !std::isfinite(scale))
      return node.fail("expected scales above zero, but got " +
                       llvm::formatv("{0}", scale).str()),
             std::nullopt;
  if (result.isUniform())
    return result;
  auto axis = node.normalizeAxis(from.axis, rankOf(tensor));
  if (!axis)
    return std::nullopt;
  result.axis = *axis;
  int64_t size = shapeOf(tensor)[*axis];
  if (size == int64_t(result.scales.size()))
    return result;
  return node.fail("expected " + Twine(size) + " scales, but got " +
                   Twine(result.scales.size())),
         std::nullopt;
}

/// Numbers of the channels as a tensor that broadcasts to `like`.
template <typename Range>
static Value makeRow(Node &node, const Quantization &form, Value like,
                     const Range &numbers) {
  std::vector<float> row(numbers.begin(), numbers.end());
  if (form.isUniform())
    return node.build.floats(row, {});
  SmallVector<int64_t> shape(rankOf(like), 1);
  shape[form.axis] = row.size();
  return node.build.floats(row, shape);
}

/// The channel of element number `i`.
static size_t getChannel(const Quantization &form, Value tensor,
                         size_t i) {
  if (form.isUniform())
    return 0;
  size_t inner = 1;
  for (int64_t size : shapeOf(tensor).drop_front(form.axis + 1))
    inner *= size;
  return i / inner % form.scales.size();
}

//===-- To integers -------------------------------------------------------===//

/// Weights that the file holds as floats become the integers it asks for.
static Value quantizeConstant(Node &node, Value x,
                              const Quantization &form) {
  ConstantBytes floats = *getConstantBytes(x);
  int64_t bytes = getElementBytes(form.element);
  std::vector<char> stored;
  for (auto [i, number] : llvm::enumerate(floats.as<float>())) {
    int64_t q = numerics::quantize(
        number, getGrid(form, getChannel(form, x, i)));
    for (int64_t byte = 0; byte < bytes; ++byte)
      stored.push_back(char(q >> (8 * byte)));
  }
  return node.build.constant(
      makeConstantAttr(typeOf(x).clone(form.element), stored));
}

// QuantizeLinear(x) -> cast(clamp(round(x / scale) + zero_point))
static Value quantizePlainly(Node &node, Value x,
                              const Quantization &form) {
  GraphBuilder &build = node.build;
  Value steps = build.binary(BinaryKind::Div, x,
                             makeRow(node, form, x, form.scales));
  Value moved =
      build.binary(BinaryKind::Add, build.unary(UnaryKind::Round, steps),
                   makeRow(node, form, x, form.zeroPoints));
  numerics::Grid grid = getGrid(form, 0);
  return build.convert(
      build.clamp(moved, float(grid.lowest), float(grid.highest)),
      form.element);
}

Value quantize(Node &node, Value x, const Quantization &form) {
  if (!x)
    return {};
  if (!elementOf(x).isF32())
    return node.fail("expected floats to quantize, but got " +
                     describe(elementOf(x)));
  if (getConstantBytes(x))
    return quantizeConstant(node, x, form);
  if (form.isGrid())
    return node.build.quantize(x, form.getGrid());
  return quantizePlainly(node, x, form);
}

//===-- To floats ---------------------------------------------------------===//

/// Weights of up to 8 bits keep their integers, biases need no more than f32.
static Value dequantizeConstant(Node &node, Value x,
                                const Quantization &form) {
  auto integers = readConstant(x);
  if (!integers)
    return node.fail("expected constant integers, but got " +
                     describe(x.getType()));
  for (auto [i, number] : llvm::enumerate(*integers))
    number -= form.zeroPoints[getChannel(form, x, i)];
  if (form.element.getWidth() > 8 || rankOf(x) == 0) {
    std::vector<float> floats;
    for (auto [i, number] : llvm::enumerate(*integers))
      floats.push_back(float(number) *
                       form.scales[getChannel(form, x, i)]);
    return node.build.floats(floats, shapeOf(x));
  }
  std::vector<float> scales = form.scales;
  scales.resize(shapeOf(x)[form.axis], scales[0]);
  bool isByte = llvm::all_of(
      *integers, [](int64_t q) { return llvm::isInt<8>(q); });
  unsigned width = isByte ? 8 : 16;
  std::vector<char> stored;
  for (int64_t q : *integers)
    for (unsigned bit = 0; bit < width; bit += 8)
      stored.push_back(char(q >> bit));
  auto type = typeOf(x).clone(
      IntegerType::get(node.build.getContext(), width));
  return node.build.dequantizeChannels(
      node.build.constant(makeConstantAttr(type, stored)), scales,
      form.axis);
}

/// The integers of `x` minus their zero points, as floats.
static Value getSteps(Node &node, Value x,
                                const Quantization &form) {
  GraphBuilder &build = node.build;
  if (QuantType grid = getQuantType(x.getType())) {
    // Divided by its scale, a dequantized integer is that integer again.
    Value steps = build.binary(BinaryKind::Div, build.dequantize(x),
                               grid.getScaleValue());
    x = build.binary(BinaryKind::Add, steps, grid.getZeroPoint());
  } else {
    x = build.convert(x, build.getFloat());
  }
  return build.binary(BinaryKind::Sub, x,
                      makeRow(node, form, x, form.zeroPoints));
}

Value dequantize(Node &node, Value x, const Quantization &form) {
  GraphBuilder &build = node.build;
  if (constantOf(x))
    return dequantizeConstant(node, x, form);
  QuantType grid = getQuantType(x.getType());
  if (grid && form.isGrid() && form.getGrid() == grid)
    return build.dequantize(x);
  Value steps = getSteps(node, x, form);
  Value result = build.binary(BinaryKind::Mul, steps,
                              makeRow(node, form, x, form.scales));
  // Changes nothing, but tells later passes that these are integers.
  if (result && form.isGrid())
    result = build.dequantize(build.quantize(result, form.getGrid()));
  return result;
}

IntegerType getStoredType(Node &node, Value x) {
  if (QuantType grid = getQuantType(x.getType()))
    return IntegerType::get(grid.getContext(), grid.getBits(),
                            grid.getIsSigned() ? IntegerType::Signless
                                               : IntegerType::Unsigned);
  auto element = dyn_cast<IntegerType>(elementOf(x));
  if (!element)
    node.fail("expected integers, but got " + describe(elementOf(x)));
  return element;
}

} // namespace qcc::onnx_import
