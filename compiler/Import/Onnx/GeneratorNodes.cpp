// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops whose result is known when the model is imported, and those that pass
// their input through.

#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/TensorReader.h"

using namespace mlir;

namespace qcc::onnx_import {

// A list that a short file can ask for is not made longer than this.
static constexpr int64_t kMaxRange = 1 << 24;

void importConstant(Node &node) {
  if (node.hasAttribute("value")) {
    if (ElementsAttr value = node.getTensor("value"))
      node.setOutput(0, node.build.constant(value));
  } else if (node.hasAttribute("value_float")) {
    node.setOutput(0, node.build.floats(node.getFloat("value_float", 0), {}));
  } else if (node.hasAttribute("value_floats")) {
    SmallVector<float> values = node.getFloats("value_floats");
    node.setOutput(0, node.build.floats(values, int64_t(values.size())));
  } else if (node.hasAttribute("value_int")) {
    Value value = node.build.integers(node.getInteger("value_int", 0));
    node.setOutput(0, node.build.reshape(value, {}));
  } else if (node.hasAttribute("value_ints")) {
    node.setOutput(0, node.build.integers(node.getIntegers("value_ints", {})));
  } else {
    node.fail("expected an attribute value of numbers, but got none");
  }
}

void importConstantOfShape(Node &node) {
  auto shape = node.constantIntegers(0, "sizes");
  if (!shape)
    return;
  Value value = node.build.floats(0.0f, {});
  if (node.hasAttribute("value")) {
    ElementsAttr attribute = node.getTensor("value");
    if (!attribute)
      return;
    value = node.build.reshape(node.build.constant(attribute), {});
  }
  std::optional<int64_t> count = countElements(*shape);
  Attribute constant = value ? constantOf(value) : Attribute();
  if (!count || !constant) {
    node.fail("expected sizes from 0 on and one value, but got " +
              describe(*shape));
    return;
  }
  auto type = RankedTensorType::get(*shape, elementOf(value));
  auto element = *cast<ElementsAttr>(constant).value_begin<Attribute>();
  node.setOutput(0, node.build.constant(DenseElementsAttr::get(type, element)));
}

void importRange(Node &node) {
  auto start = node.constantScalar(0, "start");
  auto limit = node.constantScalar(1, "limit");
  auto delta = node.constantScalar(2, "delta");
  if (!start || !limit || !delta)
    return;
  double count = std::ceil((*limit - *start) / *delta);
  if (*delta == 0 || !(count <= kMaxRange)) {
    node.fail("expected a range of at most " + Twine(kMaxRange) +
              " numbers, but got one from " + Twine(int64_t(*start)) +
              " in steps of " + Twine(int64_t(*delta)));
    return;
  }
  int64_t size = std::max(count, 0.0);
  Value result;
  if (elementOf(node.input(0)).isF32()) {
    SmallVector<float> values;
    for (int64_t i = 0; i < size; ++i)
      values.push_back(float(*start) + float(i) * float(*delta));
    result = node.build.floats(values, size);
  } else {
    SmallVector<int64_t> values;
    for (int64_t i = 0; i < size; ++i)
      values.push_back(int64_t(*start) + i * int64_t(*delta));
    result = node.build.integers(values);
  }
  node.setOutput(0, node.build.convert(result, elementOf(node.input(0))));
}

void importShape(Node &node) {
  Shape shape = shapeOf(node.input(0));
  int64_t rank = shape.size();
  auto bound = [&](StringRef name, int64_t absent) {
    int64_t value = node.getInteger(name, absent);
    return std::clamp(value < 0 ? value + rank : value, int64_t(0), rank);
  };
  int64_t start = bound("start", 0), end = bound("end", rank);
  node.setOutput(
      0, node.build.integers(shape.slice(
             start, std::max(end - start, int64_t(0)))));
}

void importSize(Node &node) {
  Value count = node.build.integers(typeOf(node.input(0)).getNumElements());
  node.setOutput(0, node.build.reshape(count, {}));
}

void importIdentity(Node &node) { node.setOutput(0, node.input(0)); }

// In inference nothing is dropped, and the mask is all true.
void importDropout(Node &node) {
  if (node.hasInput(2)) {
    auto isTraining = node.constantScalar(2, "training_mode");
    if (!isTraining)
      return;
    if (*isTraining != 0) {
      node.fail("expected training_mode false, but got true");
      return;
    }
  }
  node.setOutput(0, node.input(0));
  if (!node.isOutputUsed(1))
    return;
  auto type = RankedTensorType::get(
      shapeOf(node.input(0)), IntegerType::get(node.build.getContext(), 1));
  node.setOutput(1, node.build.constant(DenseElementsAttr::get(type, true)));
}

} // namespace qcc::onnx_import
