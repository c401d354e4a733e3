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
    number =
        type.isUnsigned() ? int64_t(bits >> unused) : int64_t(bits) >> unused;
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

/// Scales and zero points that the file holds; false and a problem if they are
/// none.
static bool readConstants(Node &node, Quantization &result,
                          QuantizationInputs from) {
  if (from.scale != kNoInput) {
    auto scales = node.constantFloats(from.scale, "scale");
    if (!scales)
      return false;
    result.scales = std::move(*scales);
  }
  if (node.hasInput(from.zeroPoint)) {
    auto zeroPoints = readConstant(node.input(from.zeroPoint));
    if (zeroPoints && result.scales.empty())
      result.scales.assign(zeroPoints->size(), 1);
    if (!zeroPoints || zeroPoints->size() != result.scales.size())
      return node.fail("expected a constant integer zero point for each "
                       "scale, but got " +
                       describe(node.input(from.zeroPoint).getType())),
             false;
    result.zeroPoints = std::move(*zeroPoints);
  }
  if (result.scales.empty())
    result.scales = {1};
  result.zeroPoints.resize(result.scales.size());
  for (size_t channel = 0; channel < result.scales.size(); ++channel) {
    numerics::Grid grid = getGrid(result, channel);
    if (grid.zeroPoint < grid.lowest || grid.zeroPoint > grid.highest)
      return node.fail("expected zero points from " + Twine(grid.lowest) +
                       " to " + Twine(grid.highest) + ", but got " +
                       Twine(grid.zeroPoint)),
             false;
  }
  for (float scale : result.scales)
    if (!(scale > 0) || !std::isfinite(scale))
      return node.fail("expected scales above zero, but got " +
                       llvm::formatv("{0}", scale).str()),
             false;
  return true;
}

/// True if there are as many scales as `tensor` has channels or blocks.
static bool fits(Node &node, Quantization &form, Value tensor, Value scale) {
  SmallVector<int64_t> shape(shapeOf(tensor));
  int64_t block = node.getInteger("block_size", 0);
  int64_t &size = shape[form.axis];
  if (block == 0 && rankOf(scale) <= 1) {
    if (size == int64_t(form.scales.size()))
      return true;
    return node.fail("expected " + Twine(size) + " scales, but got " +
                     Twine(form.scales.size())),
           false;
  }
  form.blockSize = block;
  if (block > 0)
    size = llvm::divideCeilSigned(size, block);
  if (block > 0 && shapeOf(scale) == Shape(shape))
    return true;
  return node.fail("expected scales for blocks of shape " + describe(shape) +
                   ", but got " + describe(shapeOf(scale))),
         false;
}

/// `x` as floats that broadcast to `tensor`: a number, or one for each channel.
static Value spread(Node &node, Value x, Value tensor, int64_t axis) {
  if (!x)
    return {};
  if (rankOf(x) > 1 || node.getInteger("block_size", 0) != 0)
    return node.fail("expected constant scales for blocks, but got computed "
                     "ones");
  SmallVector<int64_t> shape;
  if (typeOf(x).getNumElements() != 1) {
    shape.assign(rankOf(tensor), 1);
    shape[axis] = shapeOf(x)[0];
  }
  return node.build.convert(node.build.reshape(x, shape),
                            node.build.getFloat());
}

std::optional<Quantization> readQuantization(Node &node, Value tensor,
                                             IntegerType element,
                                             QuantizationInputs from) {
  if (!element)
    return std::nullopt;
  if (element.getWidth() < 2 || element.getWidth() > 32)
    return node.fail("expected integers of 2 to 32 bits, but got " +
                     describe(element)),
           std::nullopt;
  bool hasScale = from.scale != kNoInput;
  if (hasScale && !node.hasInput(from.scale))
    return node.fail("expected a scale, but got none"), std::nullopt;
  Quantization result;
  result.element = element;
  Value scale = hasScale ? node.input(from.scale) : Value();
  Value zeroPoint = node.input(from.zeroPoint);
  bool isComputed =
      (scale && !constantOf(scale)) || (zeroPoint && !constantOf(zeroPoint));
  if (!isComputed && !readConstants(node, result, from))
    return std::nullopt;
  Value known = scale ? scale : zeroPoint;
  bool hasMany = llvm::any_of(ArrayRef<Value>{scale, zeroPoint}, [](Value v) {
    return v && typeOf(v).getNumElements() != 1;
  });
  if (hasMany) {
    auto axis = node.normalizeAxis(from.axis, rankOf(tensor));
    if (!axis)
      return std::nullopt;
    result.axis = *axis;
  }
  if (isComputed) {
    result.scale = spread(node, scale, tensor, result.axis);
    result.zeroPoint = spread(node, zeroPoint, tensor, result.axis);
    return result;
  }
  if (hasMany && !fits(node, result, tensor, known))
    return std::nullopt;
  return result;
}

/// Which scale is that of element number `i`.
static size_t getChannel(const Quantization &form, Value tensor, size_t i) {
  if (form.isUniform())
    return 0;
  size_t inner = 1, size = shapeOf(tensor)[form.axis];
  for (int64_t other : shapeOf(tensor).drop_front(form.axis + 1))
    inner *= other;
  size_t place = i / inner % size;
  if (form.blockSize == 0)
    return place;
  size_t blocks = llvm::divideCeil(size, form.blockSize);
  size_t block = i / inner / size * blocks + place / form.blockSize;
  return block * inner + i % inner;
}

/// Numbers of the channels as a tensor that broadcasts to `like`.
template <typename Range>
static Value makeRow(Node &node, const Quantization &form, Value like,
                     const Range &numbers) {
  std::vector<float> row(numbers.begin(), numbers.end());
  if (form.isUniform())
    return node.build.floats(row, {});
  if (form.blockSize != 0) {
    std::vector<float> all(typeOf(like).getNumElements());
    for (auto [i, number] : llvm::enumerate(all))
      number = row[getChannel(form, like, i)];
    return node.build.floats(all, shapeOf(like));
  }
  SmallVector<int64_t> shape(rankOf(like), 1);
  shape[form.axis] = row.size();
  return node.build.floats(row, shape);
}

/// `x` times or divided by the scales.
static Value scaleBy(Node &node, BinaryKind kind, Value x,
                     const Quantization &form) {
  if (form.isComputed())
    return form.scale ? node.build.binary(kind, x, form.scale) : x;
  if (llvm::all_of(form.scales, [](float scale) { return scale == 1; }))
    return x;
  return node.build.binary(kind, x, makeRow(node, form, x, form.scales));
}

/// `x` plus or minus the zero points.
static Value moveBy(Node &node, BinaryKind kind, Value x,
                    const Quantization &form) {
  if (form.isComputed())
    return form.zeroPoint ? node.build.binary(kind, x, form.zeroPoint) : x;
  if (llvm::all_of(form.zeroPoints, [](int64_t zero) { return zero == 0; }))
    return x;
  return node.build.binary(kind, x, makeRow(node, form, x, form.zeroPoints));
}

//===-- To integers -------------------------------------------------------===//

/// Weights that the file holds as floats become the integers it asks for.
static Value quantizeConstant(Node &node, Value x, const Quantization &form) {
  ConstantBytes floats = *getConstantBytes(x);
  int64_t bytes = getElementBytes(form.element);
  std::vector<char> stored;
  for (auto [i, number] : llvm::enumerate(floats.as<float>())) {
    int64_t q =
        numerics::quantize(number, getGrid(form, getChannel(form, x, i)));
    for (int64_t byte = 0; byte < bytes; ++byte)
      stored.push_back(char(q >> (8 * byte)));
  }
  return node.build.constant(
      makeConstantAttr(typeOf(x).clone(form.element), stored));
}

/// The grid of scale 1 for `form`, whose zero points are equal: steps are
/// stored, and the scales are apart.
static QuantType getStepGrid(const Quantization &form) {
  return QuantType::get(form.element.getContext(), form.element.getWidth(),
                        !form.element.isUnsigned(), 1.0f,
                        form.zeroPoints.empty() ? 0 : form.zeroPoints[0]);
}

/// True if steps of `form` can be stored on one grid.
static bool hasStepGrid(const Quantization &form) {
  unsigned width = form.element.getWidth();
  return (width == 8 || width == 16) && !form.isComputed() &&
         llvm::all_equal(form.zeroPoints);
}

// QuantizeLinear(x) -> integer(round(x / scale) + zero_point), where many or
// computed scales leave no common grid
static Value quantizePlainly(Node &node, Value x, const Quantization &form) {
  GraphBuilder &build = node.build;
  Value steps = scaleBy(node, BinaryKind::Div, x, form);
  if (hasStepGrid(form))
    return build.quantize(steps, getStepGrid(form));
  Value moved =
      moveBy(node, BinaryKind::Add, build.unary(UnaryKind::Round, steps), form);
  Quantization plain;
  plain.element = form.element;
  if (unsigned width = form.element.getWidth(); width == 8 || width == 16)
    return build.quantize(moved, getStepGrid(plain));
  plain.scales = {1};
  plain.zeroPoints = {0};
  numerics::Grid grid = getGrid(plain, 0);
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
  if (getConstantBytes(x) && !form.isComputed())
    return quantizeConstant(node, x, form);
  if (form.isGrid())
    return node.build.quantize(x, form.getGrid());
  return quantizePlainly(node, x, form);
}

//===-- To floats ---------------------------------------------------------===//

std::optional<std::vector<int64_t>> readSteps(Value x,
                                              const Quantization &form) {
  auto integers = readConstant(x);
  if (!integers || form.isComputed())
    return std::nullopt;
  for (auto [i, number] : llvm::enumerate(*integers))
    number -= form.zeroPoints[getChannel(form, x, i)];
  return integers;
}

/// Weights of up to 8 bits keep their integers, biases need no more than f32.
static Value dequantizeConstant(Node &node, Value x, const Quantization &form) {
  auto integers = readSteps(x, form);
  if (!integers)
    return node.fail("expected constant integers, but got " +
                     describe(x.getType()));
  if (form.element.getWidth() > 8 || rankOf(x) == 0 || form.blockSize != 0) {
    std::vector<float> floats;
    for (auto [i, number] : llvm::enumerate(*integers))
      floats.push_back(float(number) * form.scales[getChannel(form, x, i)]);
    Value result = node.build.floats(floats, shapeOf(x));
    if (form.blockSize != 0)
      result.getDefiningOp()->emitRemark(
          "stays in f32: its weights have scales for blocks");
    return result;
  }
  std::vector<float> scales = form.scales;
  scales.resize(shapeOf(x)[form.axis], scales[0]);
  bool isByte =
      llvm::all_of(*integers, [](int64_t q) { return llvm::isInt<8>(q); });
  unsigned width = isByte ? 8 : 16;
  std::vector<char> stored;
  for (int64_t q : *integers)
    for (unsigned bit = 0; bit < width; bit += 8)
      stored.push_back(char(q >> bit));
  auto type = typeOf(x).clone(IntegerType::get(node.build.getContext(), width));
  return node.build.dequantizeChannels(
      node.build.constant(makeConstantAttr(type, stored)), scales, form.axis);
}

Value dequantize(Node &node, Value x, const Quantization &form) {
  GraphBuilder &build = node.build;
  if (constantOf(x) && !form.isComputed())
    return dequantizeConstant(node, x, form);
  QuantType grid = getQuantType(x.getType());
  if (grid && form.isGrid() && form.getGrid() == grid)
    return build.dequantize(x);
  bool areSteps = grid && hasStepGrid(form) && grid == getStepGrid(form);
  Value steps = areSteps ? build.dequantize(x)
                         : moveBy(node, BinaryKind::Sub,
                                  build.convert(x, build.getFloat()), form);
  Value result = scaleBy(node, BinaryKind::Mul, steps, form);
  // Changes nothing, but tells later passes that these are integers.
  if (result && form.isGrid() && !result.getDefiningOp<DequantizeOp>())
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
