// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that multiply activations by weights. Those of the dialect want constant
// weights; with computed ones a convolution is a matrix product of its windows.

#include "compiler/Import/Onnx/GraphBuilder.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;

namespace qcc::onnx_import {

// Each place of a window becomes a slice of the image.
static constexpr int64_t kMaxPlaces = 4096;

Value GraphBuilder::linear(Value input, Value weight, Value bias) {
  if (!input || !weight || !requireFloat(input) || !requireFloat(weight) ||
      (bias && !requireFloat(bias)))
    return {};
  Shape rows = shapeOf(input), columns = shapeOf(weight);
  if (rows.size() != 2 || columns.size() != 2 || rows[1] != columns[1])
    return fail("expected matrices with one inner size, but got " +
                describe(rows) + " and " + describe(columns) + " (transposed)");
  if (bias && shapeOf(bias) != Shape(columns[0]))
    return fail("expected a bias of shape " + describe(columns[0]) +
                ", but got " + describe(shapeOf(bias)));
  return create<LinearOp>(makeType({rows[0], columns[0]}, getFloat()), input,
                          weight, bias, Value(), Value(), FloatAttr(),
                          FloatAttr());
}

Value GraphBuilder::matmul(Value lhs, Value rhs) {
  if (!lhs || !rhs || !requireFloat(lhs) || !requireFloat(rhs))
    return {};
  Shape a = shapeOf(lhs), b = shapeOf(rhs);
  if (a.size() < 2 || b.size() < 2 || a.back() != b[b.size() - 2])
    return fail("expected matrices with one inner size, but got " +
                describe(a) + " and " + describe(b));
  auto shape = broadcast(a.drop_back(2), b.drop_back(2));
  if (!shape)
    return {};
  shape->append({a[a.size() - 2], b.back()});
  return create<MatmulOp>(makeType(*shape, getFloat()), lhs, rhs);
}

void GraphBuilder::remark(const Twine &message) {
  emitRemark(location) << message;
}

Value GraphBuilder::windows(Value input, const WindowGeometry &geometry,
                            int64_t group, double outside) {
  if (!input)
    return {};
  int64_t count = geometry.kernel[0] * geometry.kernel[1];
  if (count > kMaxPlaces)
    return fail("expected windows of at most " + Twine(kMaxPlaces) +
                " places, but got " + describe(geometry.kernel));
  Shape image = shapeOf(input);
  int64_t images = image[0], channels = image[1];
  int64_t height = geometry.output[0], width = geometry.output[1];
  ArrayRef<int64_t> pads = geometry.pads;
  Value padded = pad(input, {0, 0, pads[0], pads[1]}, {0, 0, pads[2], pads[3]},
                     PadMode::Constant, outside);
  SmallVector<Value> places;
  for (int64_t y = 0; y < geometry.kernel[0]; ++y)
    for (int64_t x = 0; x < geometry.kernel[1]; ++x) {
      Value place = slice(
          padded, {0, 0, y * geometry.dilations[0], x * geometry.dilations[1]},
          {images, channels, height, width},
          {1, 1, geometry.strides[0], geometry.strides[1]});
      places.push_back(
          reshape(place, {images, group, channels / group, 1, height * width}));
    }
  return reshape(concat(places, 3),
                 {images, group, channels / group * count, height * width});
}

/// conv(x, computed weights) -> matmul(weights, windows of x)
static Value multiplyWindows(GraphBuilder &build, Value input, Value weight,
                             const WindowGeometry &geometry, int64_t group) {
  Shape filters = shapeOf(weight);
  int64_t outputs = filters[0], places = filters[2] * filters[3];
  build.remark("its weights are computed at run time: it becomes a matrix "
               "product, which is slow");
  Value rows =
      build.reshape(weight, {group, outputs / group, filters[1] * places});
  Value product = build.matmul(rows, build.windows(input, geometry, group, 0));
  return build.reshape(product, {shapeOf(input)[0], outputs, geometry.output[0],
                                 geometry.output[1]});
}

Value GraphBuilder::createConv(Value input, Value weight, Value bias,
                               const WindowGeometry &geometry, int64_t group) {
  auto type = makeType({shapeOf(input)[0], shapeOf(weight)[0],
                        geometry.output[0], geometry.output[1]},
                       getFloat());
  return create<ConvOp>(type, input, weight, bias, Value(), Value(),
                        builder.getDenseI64ArrayAttr(geometry.strides),
                        builder.getDenseI64ArrayAttr(geometry.pads),
                        builder.getDenseI64ArrayAttr(geometry.dilations),
                        builder.getI64IntegerAttr(group), FloatAttr(),
                        FloatAttr());
}

Value GraphBuilder::convolution(Value input, Value weight, Value bias,
                                const WindowGeometry &geometry, int64_t group) {
  if (!input || !weight || !requireFloat(input) || !requireFloat(weight) ||
      (bias && !requireFloat(bias)))
    return {};
  Shape image = shapeOf(input), filters = shapeOf(weight);
  if (group < 1 || image[1] % group || filters[0] % group ||
      filters[1] != image[1] / group || filters[0] < 1)
    return fail("expected filters [O, C / group, ...] for the input " +
                describe(image) + " and group " + Twine(group) + ", but got " +
                describe(filters));
  if (bias && shapeOf(bias) != filters.take_front())
    return fail("expected a bias of shape " + describe(filters[0]) +
                ", but got " + describe(shapeOf(bias)));
  Value offset;
  if (bias && (!isWeight(weight) || !isWeight(bias)))
    offset = reshape(std::exchange(bias, Value()), {filters[0], 1, 1});
  Value result = isWeight(weight)
                     ? createConv(input, weight, bias, geometry, group)
                     : multiplyWindows(*this, input, weight, geometry, group);
  return result && offset ? binary(BinaryKind::Add, result, offset) : result;
}

} // namespace qcc::onnx_import
