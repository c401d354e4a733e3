// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// QuantizeLinear and DequantizeLinear with exactly the scales of the model.
// Activations of 8 bits with one scale become tensors on a grid, weights keep
// their integers in qcc.dequantize_channels; every other form is computed as
// ONNX spells it, in f32.

#include "compiler/Import/Onnx/ElementTypes.h"
#include "compiler/Import/Onnx/Nodes.h"
#include "dialects/Qcc/Numerics/Quantize.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;

namespace qcc::onnx_import {

namespace {

/// Scale and zero point of a node, one of each or one for each channel of
/// `axis`.
struct Parameters {
  std::vector<float> scales;
  std::vector<int64_t> zeroPoints;
  IntegerType element;
  int64_t axis = 0;

  bool isUniform() const { return scales.size() == 1; }
  /// True if activations with these parameters are on a grid of 8 bits.
  bool isGrid() const {
    return isUniform() && element.getWidth() == 8;
  }
  QuantType getGrid() const {
    return QuantType::get(element.getContext(), 8, !element.isUnsigned(),
                          scales[0], zeroPoints[0]);
  }
};

} // namespace

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

/// The integer type that a QuantizeLinear without zero point gives.
static IntegerType getOutputType(Node &node) {
  int32_t number = node.getInteger("output_dtype", 0);
  const ElementType *type = findElementType(number == 0 ? 2 : number);
  auto integer = type ? dyn_cast<IntegerType>(getInterfaceType(
                            node.build.getContext(), *type))
                      : IntegerType();
  if (!integer)
    node.fail("expected output_dtype to be an integer type, but got " +
              describeElementType(number));
  return integer;
}

static std::optional<Parameters> readParameters(Node &node,
                                                IntegerType element) {
  Parameters result;
  auto scales = node.constantFloats(1, "scale");
  if (!scales || !element)
    return std::nullopt;
  result.scales = std::move(*scales);
  result.zeroPoints.assign(result.scales.size(), 0);
  result.element = element;
  if (node.getInteger("block_size", 0) != 0 || rankOf(node.input(1)) > 1)
    return node.fail("expected one scale for the tensor or for each channel, "
                     "but got scales for blocks"),
           std::nullopt;
  if (node.hasInput(2)) {
    auto zeroPoints = readConstant(node.input(2));
    if (!zeroPoints || zeroPoints->size() != result.scales.size())
      return node.fail("expected a constant integer zero point for each "
                       "scale, but got " +
                       describe(node.input(2).getType())),
             std::nullopt;
    result.zeroPoints = std::move(*zeroPoints);
  }
  for (float scale : result.scales)
    if (!(scale > 0) || !std::isfinite(scale))
      return node.fail("expected scales above zero, but got " +
                       llvm::formatv("{0}", scale).str()),
             std::nullopt;
  if (result.isUniform())
    return result;
  auto axis =
      node.normalizeAxis(node.getInteger("axis", 1), rankOf(node.input(0)));
  if (!axis)
    return std::nullopt;
  result.axis = *axis;
  int64_t size = shapeOf(node.input(0))[*axis];
  if (size == int64_t(result.scales.size()))
    return result;
  return node.fail("expected " + Twine(size) + " scales, but got " +
                   Twine(result.scales.size())),
         std::nullopt;
}

/// Numbers of the channels as a tensor that broadcasts to `like`.
template <typename Range>
static Value makeRow(Node &node, const Parameters &parameters, Value like,
                     const Range &numbers) {
  std::vector<float> row(numbers.begin(), numbers.end());
  if (parameters.isUniform())
    return node.build.floats(row, {});
  SmallVector<int64_t> shape(rankOf(like), 1);
  shape[parameters.axis] = row.size();
  return node.build.floats(row, shape);
}

/// The channel of element number `i`.
static size_t getChannel(const Parameters &parameters, Value tensor,
                         size_t i) {
  if (parameters.isUniform())
    return 0;
  size_t inner = 1;
  for (int64_t size : shapeOf(tensor).drop_front(parameters.axis + 1))
    inner *= size;
  return i / inner % parameters.scales.size();
}

//===-- QuantizeLinear ----------------------------------------------------===//

static numerics::Grid getGrid(const Parameters &parameters, size_t channel) {
  unsigned width = parameters.element.getWidth();
  bool isUnsigned = parameters.element.isUnsigned();
  numerics::Grid grid;
  grid.scale = parameters.scales[channel];
  grid.zeroPoint = parameters.zeroPoints[channel];
  grid.lowest = isUnsigned ? 0 : -(int64_t(1) << (width - 1));
  grid.highest = grid.lowest + (int64_t(1) << width) - 1;
  return grid;
}

/// Weights that the file holds as floats become the integers it asks for.
static Value quantizeConstant(Node &node, const Parameters &parameters) {
  Value x = node.input(0);
  auto floats = node.constantFloats(0, "input");
  if (!floats)
    return {};
  int64_t bytes = getElementBytes(parameters.element);
  std::vector<char> stored;
  for (auto [i, number] : llvm::enumerate(*floats)) {
    int64_t q = numerics::quantize(
        number, getGrid(parameters, getChannel(parameters, x, i)));
    for (int64_t byte = 0; byte < bytes; ++byte)
      stored.push_back(char(q >> (8 * byte)));
  }
  return node.build.constant(
      makeConstantAttr(typeOf(x).clone(parameters.element), stored));
}

// QuantizeLinear(x) -> cast(clamp(round(x / scale) + zero_point))
static Value quantizePlainly(Node &node, const Parameters &parameters) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  Value steps = build.binary(BinaryKind::Div, x,
                             makeRow(node, parameters, x, parameters.scales));
  Value moved =
      build.binary(BinaryKind::Add, build.unary(UnaryKind::Round, steps),
                   makeRow(node, parameters, x, parameters.zeroPoints));
  numerics::Grid grid = getGrid(parameters, 0);
  return build.convert(
      build.clamp(moved, float(grid.lowest), float(grid.highest)),
      parameters.element);
}

void importQuantizeLinear(Node &node) {
  IntegerType element =
      node.hasInput(2) ? dyn_cast<IntegerType>(elementOf(node.input(2)))
                       : getOutputType(node);
  auto parameters = readParameters(node, element);
  if (!parameters)
    return;
  Value x = node.input(0);
  if (!elementOf(x).isF32())
    return void(node.fail("expected floats to quantize, but got " +
                          describe(elementOf(x))));
  if (constantOf(x))
    node.setOutput(0, quantizeConstant(node, *parameters));
  else if (parameters->isGrid())
    node.setOutput(0, node.build.quantize(x, parameters->getGrid()));
  else
    node.setOutput(0, quantizePlainly(node, *parameters));
}

//===-- DequantizeLinear --------------------------------------------------===//

/// Weights of up to 8 bits keep their integers, biases need no more than f32.
static Value dequantizeConstant(Node &node, const Parameters &parameters) {
  Value x = node.input(0);
  auto integers = readConstant(x);
  if (!integers)
    return node.fail("expected constant integers, but got " +
                     describe(x.getType()));
  for (auto [i, number] : llvm::enumerate(*integers))
    number -= parameters.zeroPoints[getChannel(parameters, x, i)];
  if (parameters.element.getWidth() > 8 || rankOf(x) == 0) {
    std::vector<float> floats;
    for (auto [i, number] : llvm::enumerate(*integers))
      floats.push_back(float(number) *
                       parameters.scales[getChannel(parameters, x, i)]);
    return node.build.floats(floats, shapeOf(x));
  }
  std::vector<float> scales = parameters.scales;
  scales.resize(shapeOf(x)[parameters.axis], scales[0]);
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
      parameters.axis);
}

/// The integers of `x` minus their zero points, as floats.
static Value getSteps(Node &node, const Parameters &parameters) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  if (QuantType grid = getQuantType(x.getType())) {
    // Divided by its scale, a dequantized integer is that integer again.
    Value steps = build.binary(BinaryKind::Div, build.dequantize(x),
                               grid.getScaleValue());
    x = build.binary(BinaryKind::Add, steps, grid.getZeroPoint());
  } else {
    x = build.convert(x, build.getFloat());
  }
  return build.binary(BinaryKind::Sub, x,
                      makeRow(node, parameters, x, parameters.zeroPoints));
}

void importDequantizeLinear(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  QuantType grid = getQuantType(x.getType());
  auto element = grid ? IntegerType::get(build.getContext(), 8,
                                         grid.getIsSigned()
                                             ? IntegerType::Signless
                                             : IntegerType::Unsigned)
                      : dyn_cast<IntegerType>(elementOf(x));
  if (!element)
    return void(node.fail("expected integers to dequantize, but got " +
                          describe(elementOf(x))));
  auto parameters = readParameters(node, element);
  if (!parameters)
    return;
  if (constantOf(x))
    return node.setOutput(0, dequantizeConstant(node, *parameters));
  if (grid && parameters->isGrid() && parameters->getGrid() == grid)
    return node.setOutput(0, build.dequantize(x));
  Value steps = getSteps(node, *parameters);
  Value result =
      build.binary(BinaryKind::Mul, steps,
                   makeRow(node, *parameters, x, parameters->scales));
  // Changes nothing, but tells later passes that these are integers.
  if (result && parameters->isGrid())
    result = build.dequantize(build.quantize(result, parameters->getGrid()));
  node.setOutput(0, result);
}

} // namespace qcc::onnx_import
