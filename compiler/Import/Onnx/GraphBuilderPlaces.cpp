// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops about the places of elements.

#include "compiler/Import/Onnx/GraphBuilder.h"

using namespace mlir;

namespace qcc::onnx_import {

Value GraphBuilder::topK(Value input, int64_t axis, int64_t count,
                         bool isLargest) {
  if (!input)
    return {};
  SmallVector<int64_t> shape(shapeOf(input));
  if (count < 1 || count > shape[axis])
    return fail("expected k from 1 to " + Twine(shape[axis]) + ", but got " +
                Twine(count));
  if (elementOf(input).isInteger(1))
    return fail("expected numbers, but got i1");
  shape[axis] = count;
  return create<TopKOp>(makeType(shape, builder.getIntegerType(64)), input,
                        builder.getI64IntegerAttr(axis),
                        builder.getBoolAttr(isLargest));
}

Value GraphBuilder::scatter(ScatterKind kind, Value input, Value indices,
                            Value updates) {
  if (!input || !indices || !updates)
    return {};
  SmallVector<int64_t> expected(shapeOf(input));
  expected[0] = shapeOf(indices)[0];
  if (shapeOf(updates) != Shape(expected) ||
      elementOf(updates) != elementOf(input))
    return fail("expected updates of shape " + describe(expected) + " of " +
                describe(elementOf(input)) + ", but got " +
                describe(updates.getType()));
  if (elementOf(input).isInteger(1) && kind != ScatterKind::Set)
    return fail("expected numbers, but got i1");
  return create<ScatterOp>(typeOf(input), kind, input, indices, updates);
}

Value GraphBuilder::suppressBoxes(Value boxes, Value scores,
                                  const BoxOptions &options) {
  if (!boxes || !scores || !requireFloat(boxes) || !requireFloat(scores))
    return {};
  Shape places = shapeOf(boxes), values = shapeOf(scores);
  if (places.size() != 3 || values.size() != 3 || places[2] != 4 ||
      places[0] != values[0] || places[1] != values[2])
    return fail("expected boxes [images, boxes, 4] and scores [images, "
                "classes, boxes], but got " +
                describe(places) + " and " + describe(values));
  int64_t most = std::clamp<int64_t>(options.boxesPerClass, 0, places[1]);
  auto type =
      makeType({values[0] * values[1] * most, 3}, builder.getIntegerType(64));
  if (type && type.getNumElements() == 0)
    return constant(DenseElementsAttr::getFromRawBuffer(type, {}));
  return create<NonMaxSuppressionOp>(
      type, boxes, scores, builder.getI64IntegerAttr(most),
      builder.getF32FloatAttr(options.overlap),
      options.score ? builder.getF32FloatAttr(*options.score) : FloatAttr(),
      builder.getBoolAttr(options.isCentered));
}

} // namespace qcc::onnx_import
