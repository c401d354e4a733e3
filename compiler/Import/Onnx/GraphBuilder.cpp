// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants, elementwise ops, pools and reductions.

#include "compiler/Import/Onnx/GraphBuilder.h"

#include "compiler/Import/Onnx/TensorReader.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc::onnx_import {

RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}
Shape shapeOf(Value value) { return typeOf(value).getShape(); }
int64_t rankOf(Value value) { return typeOf(value).getRank(); }
Type elementOf(Value value) { return typeOf(value).getElementType(); }

Attribute constantOf(Value value) {
  Attribute attribute;
  matchPattern(value, m_Constant(&attribute));
  return attribute;
}

std::string describe(Shape shape) {
  std::string text = "[";
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(shape, stream);
  stream << "]";
  return text;
}

std::string describe(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

std::nullptr_t GraphBuilder::fail(const Twine &message) {
  if (problem.empty())
    problem = message.str();
  return nullptr;
}

RankedTensorType GraphBuilder::makeType(Shape shape, Type element) {
  if (!countElements(shape)) {
    fail("expected a result of at most 16 dimensions and 2^36 elements, but "
         "got " +
         describe(shape));
    return {};
  }
  return RankedTensorType::get(shape, element);
}

bool GraphBuilder::requireFloat(Value value) {
  if (elementOf(value).isF32())
    return true;
  fail("expected float elements, but got " + describe(elementOf(value)));
  return false;
}

std::optional<SmallVector<int64_t>> GraphBuilder::broadcast(Shape a, Shape b) {
  SmallVector<int64_t> result(std::max(a.size(), b.size()));
  for (size_t i = 1; i <= result.size(); ++i) {
    int64_t left = i <= a.size() ? a[a.size() - i] : 1;
    int64_t right = i <= b.size() ? b[b.size() - i] : 1;
    if (left != right && left != 1 && right != 1) {
      fail("expected shapes that broadcast, but got " + describe(a) + " and " +
           describe(b));
      return std::nullopt;
    }
    result[result.size() - i] = left == 1 ? right : left;
  }
  return result;
}

//===-- Constants ---------------------------------------------------------===//

Value GraphBuilder::constant(ElementsAttr value) {
  return arith::ConstantOp::create(builder, location, cast<TypedAttr>(value));
}

Value GraphBuilder::floats(ArrayRef<float> elements, Shape shape) {
  return makeConstant(
      builder, location, RankedTensorType::get(shape, getFloat()),
      ArrayRef<char>(reinterpret_cast<const char *>(elements.data()),
                     elements.size() * sizeof(float)));
}

Value GraphBuilder::integers(ArrayRef<int64_t> elements) {
  auto type =
      RankedTensorType::get(elements.size(), builder.getIntegerType(64));
  return constant(DenseElementsAttr::get(type, elements));
}

/// The nearest i64; 0 for NaN.
static int64_t toInteger(double value) {
  constexpr double limit = 9223372036854775808.0;
  if (!(std::fabs(value) < limit))
    return std::isnan(value) ? 0 : value < 0 ? INT64_MIN : INT64_MAX;
  return int64_t(value);
}

Value GraphBuilder::scalar(double value, Type element) {
  Attribute attribute;
  if (auto integer = dyn_cast<IntegerType>(element))
    attribute = IntegerAttr::get(
        element, APInt(integer.getWidth(), toInteger(value), /*isSigned=*/true,
                       /*implicitTrunc=*/true));
  else
    attribute = FloatAttr::get(element, value);
  return constant(
      DenseElementsAttr::get(RankedTensorType::get({}, element), attribute));
}

//===-- Elementwise ops ---------------------------------------------------===//

Value GraphBuilder::unary(UnaryKind kind, Value input, float alpha,
                          float beta) {
  if (!input)
    return {};
  bool isLogical = kind == UnaryKind::Not;
  if (isLogical != elementOf(input).isInteger(1))
    return fail("expected " + Twine(isLogical ? "booleans" : "numbers") +
                ", but got " + describe(elementOf(input)));
  bool worksOnIntegers = isLogical || kind == UnaryKind::Neg ||
                         kind == UnaryKind::Abs || kind == UnaryKind::Sign ||
                         kind == UnaryKind::Relu;
  if (!worksOnIntegers && !requireFloat(input))
    return {};
  return create<UnaryOp>(typeOf(input), kind, input, APFloat(alpha),
                         APFloat(beta));
}

static bool isComparison(BinaryKind kind) {
  return kind >= BinaryKind::Equal && kind <= BinaryKind::GreaterOrEqual;
}

Value GraphBuilder::binary(BinaryKind kind, Value lhs, Value rhs,
                           bool isCStyle) {
  if (!lhs || !rhs)
    return {};
  Type element = elementOf(lhs);
  if (element != elementOf(rhs))
    return fail("expected operands of one element type, but got " +
                describe(element) + " and " + describe(elementOf(rhs)));
  bool isLogical = kind >= BinaryKind::And;
  bool isFit = isLogical ? isa<IntegerType>(element)
                         : !element.isInteger(1) || kind == BinaryKind::Equal;
  if (!isFit)
    return fail("expected " + Twine(isLogical ? "booleans" : "numbers") +
                ", but got " + describe(element));
  auto shape = broadcast(shapeOf(lhs), shapeOf(rhs));
  if (!shape)
    return {};
  if (isComparison(kind))
    element = builder.getI1Type();
  return create<BinaryOp>(makeType(*shape, element), kind, lhs, rhs, isCStyle,
                          FloatAttr(), FloatAttr());
}

Value GraphBuilder::binary(BinaryKind kind, Value lhs, double rhs) {
  return lhs ? binary(kind, lhs, scalar(rhs, elementOf(lhs))) : Value();
}

Value GraphBuilder::select(Value condition, Value lhs, Value rhs) {
  if (!condition || !lhs || !rhs)
    return {};
  if (!elementOf(condition).isInteger(1))
    return fail("expected a condition of booleans, but got " +
                describe(elementOf(condition)));
  if (elementOf(lhs) != elementOf(rhs))
    return fail("expected operands of one element type, but got " +
                describe(elementOf(lhs)) + " and " + describe(elementOf(rhs)));
  auto shape = broadcast(shapeOf(lhs), shapeOf(rhs));
  if (shape)
    shape = broadcast(*shape, shapeOf(condition));
  if (!shape)
    return {};
  return create<SelectOp>(makeType(*shape, elementOf(lhs)), condition, lhs,
                          rhs);
}

Value GraphBuilder::clamp(Value input, std::optional<float> lower,
                          std::optional<float> upper) {
  if (!input || (!lower && !upper))
    return input;
  if ((lower && std::isnan(*lower)) || (upper && std::isnan(*upper)))
    return fail("expected bounds that are numbers, but got NaN");
  // ONNX: the upper bound wins where they cross.
  if (lower && upper && *lower > *upper)
    lower = upper;
  auto attribute = [&](std::optional<float> bound) {
    return bound ? builder.getF32FloatAttr(*bound) : FloatAttr();
  };
  return create<ClampOp>(typeOf(input), input, attribute(lower),
                         attribute(upper));
}

Value GraphBuilder::convert(Value input, Type element) {
  if (!input || elementOf(input) == element)
    return input;
  if (getQuantType(input.getType()))
    return convert(getNumbers(input), element);
  if (auto grid = dyn_cast<QuantType>(element))
    return putNumbers(input, grid);
  return create<CastOp>(typeOf(input).clone(element), input);
}

//===-- Ops that combine elements -----------------------------------------===//

/// What a reduction of no elements gives.
static std::optional<double> identityOf(ReduceKind kind) {
  switch (kind) {
  case ReduceKind::Sum:
  case ReduceKind::SumSquare:
    return 0;
  case ReduceKind::Prod:
    return 1;
  case ReduceKind::Max:
    return -INFINITY;
  case ReduceKind::Min:
    return INFINITY;
  default:
    return std::nullopt;
  }
}

Value GraphBuilder::reduce(ReduceKind kind, Value input, Shape axes,
                           bool keepsDimensions) {
  if (!input)
    return {};
  SmallVector<int64_t> kept(shapeOf(input));
  bool isEmpty = false;
  for (int64_t axis : axes)
    isEmpty |= std::exchange(kept[axis], 1) == 0;
  if (elementOf(input).isInteger(1))
    return fail("expected numbers, but got i1");
  auto identity = isEmpty ? identityOf(kind) : std::nullopt;
  if (isEmpty && (!identity || !requireFloat(input)))
    return fail("expected elements to reduce, but got " +
                describe(shapeOf(input)));
  if (isEmpty) {
    Value filled = expand(scalar(*identity, getFloat()), kept);
    return keepsDimensions ? filled : dropDimensions(filled, axes);
  }
  Value result = axes.empty() && kind != ReduceKind::SumSquare
                     ? input
                     : create<ReduceOp>(makeType(kept, elementOf(input)), kind,
                                        input, axes);
  return keepsDimensions ? result : dropDimensions(result, axes);
}

Value GraphBuilder::softmax(Value input, int64_t axis, bool isLog) {
  if (!input || !requireFloat(input))
    return {};
  return create<SoftmaxOp>(typeOf(input), input,
                           builder.getI64IntegerAttr(axis),
                           builder.getBoolAttr(isLog));
}

Value GraphBuilder::maxPool(Value input, const WindowGeometry &geometry) {
  bool isGrid = input && getQuantType(input.getType());
  if (!input || (!isGrid && !requireFloat(input)))
    return {};
  Shape image = shapeOf(input);
  return create<MaxPoolOp>(
      makeType({image[0], image[1], geometry.output[0], geometry.output[1]},
               elementOf(input)),
      input, builder.getDenseI64ArrayAttr(geometry.kernel),
      builder.getDenseI64ArrayAttr(geometry.strides),
      builder.getDenseI64ArrayAttr(geometry.pads),
      builder.getDenseI64ArrayAttr(geometry.dilations));
}

Value GraphBuilder::averagePool(Value input, const WindowGeometry &geometry,
                                bool countsPadding) {
  if (!input || !requireFloat(input))
    return {};
  Shape image = shapeOf(input);
  return create<AveragePoolOp>(
      makeType({image[0], image[1], geometry.output[0], geometry.output[1]},
               elementOf(input)),
      input, builder.getDenseI64ArrayAttr(geometry.kernel),
      builder.getDenseI64ArrayAttr(geometry.strides),
      builder.getDenseI64ArrayAttr(geometry.pads),
      builder.getDenseI64ArrayAttr(geometry.dilations),
      builder.getBoolAttr(countsPadding));
}

} // namespace qcc::onnx_import
