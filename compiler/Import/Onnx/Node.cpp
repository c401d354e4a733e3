// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads attributes and constant inputs of a node.

#include "compiler/Import/Onnx/Node.h"

#include "compiler/Import/Onnx/OnnxReader.h"

#include <cstring>

using namespace mlir;

namespace qcc::onnx_import {

//===-- Attributes --------------------------------------------------------===//

static bool holds(const onnx::AttributeProto &attribute,
                  onnx::AttributeProto::AttributeType type) {
  if (attribute.has_type())
    return attribute.type() == type;
  // The oldest files leave the type out.
  switch (type) {
  case onnx::AttributeProto::FLOAT:
    return attribute.has_f();
  case onnx::AttributeProto::INT:
    return attribute.has_i();
  case onnx::AttributeProto::STRING:
    return attribute.has_s();
  case onnx::AttributeProto::TENSOR:
    return attribute.has_t();
  default:
    return true;
  }
}

bool Node::hasAttribute(StringRef name) const {
  return llvm::any_of(proto.attribute(), [&](const auto &attribute) {
    return attribute.name() == name;
  });
}

onnx::AttributeProto *Node::find(StringRef name,
                                 onnx::AttributeProto::AttributeType type) {
  for (onnx::AttributeProto &attribute : *proto.mutable_attribute()) {
    if (attribute.name() != name)
      continue;
    if (holds(attribute, type))
      return &attribute;
    return fail("expected attribute " + quote(name) + " of kind " +
                onnx::AttributeProto::AttributeType_Name(type) + ", but got " +
                onnx::AttributeProto::AttributeType_Name(attribute.type()));
  }
  return nullptr;
}

int64_t Node::getInteger(StringRef name, int64_t absent) {
  auto *attribute = find(name, onnx::AttributeProto::INT);
  return attribute ? attribute->i() : absent;
}

float Node::getFloat(StringRef name, float absent) {
  auto *attribute = find(name, onnx::AttributeProto::FLOAT);
  return attribute ? attribute->f() : absent;
}

StringRef Node::getString(StringRef name, StringRef absent) {
  auto *attribute = find(name, onnx::AttributeProto::STRING);
  return attribute ? StringRef(attribute->s()) : absent;
}

SmallVector<int64_t> Node::getIntegers(StringRef name, Shape absent) {
  auto *attribute = find(name, onnx::AttributeProto::INTS);
  if (!attribute)
    return SmallVector<int64_t>(absent);
  return SmallVector<int64_t>(attribute->ints().begin(),
                              attribute->ints().end());
}

SmallVector<float> Node::getFloats(StringRef name) {
  auto *attribute = find(name, onnx::AttributeProto::FLOATS);
  if (!attribute)
    return {};
  return SmallVector<float>(attribute->floats().begin(),
                            attribute->floats().end());
}

std::vector<std::string> Node::getStrings(StringRef name) {
  auto *attribute = find(name, onnx::AttributeProto::STRINGS);
  if (!attribute)
    return {};
  return {attribute->strings().begin(), attribute->strings().end()};
}

onnx::GraphProto *Node::getBody(StringRef name) {
  auto *attribute = find(name, onnx::AttributeProto::GRAPH);
  if (attribute)
    return attribute->mutable_g();
  return fail("expected an attribute " + quote(name) + ", but got none");
}

ElementsAttr Node::getTensor(StringRef name) {
  auto *attribute = find(name, onnx::AttributeProto::TENSOR);
  if (!attribute)
    return {};
  auto value = tensors.read(*attribute->mutable_t());
  if (value)
    return *value;
  fail("attribute " + quote(name) + ": " + llvm::toString(value.takeError()));
  return {};
}

//===-- Axes --------------------------------------------------------------===//

std::optional<int64_t> Node::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis >= -rank && axis < rank)
    return axis < 0 ? axis + rank : axis;
  fail("expected an axis from " + Twine(-rank) + " to " + Twine(rank - 1) +
       ", but got " + Twine(axis));
  return std::nullopt;
}

std::optional<SmallVector<int64_t>> Node::normalizeAxes(Shape axes,
                                                        int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    auto normal = normalizeAxis(axis, rank);
    if (!normal)
      return std::nullopt;
    if (llvm::is_contained(result, *normal)) {
      fail("expected each axis once, but got " + describe(axes));
      return std::nullopt;
    }
    result.push_back(*normal);
  }
  llvm::sort(result);
  return result;
}

std::optional<SmallVector<int64_t>> Node::getAxes(size_t i,
                                                  int64_t firstOpset) {
  if (opset < firstOpset) {
    if (!hasAttribute("axes"))
      return std::nullopt;
    return getIntegers("axes", {});
  }
  if (!hasInput(i))
    return std::nullopt;
  auto axes = constantIntegers(i, "axes");
  if (!axes)
    return std::nullopt;
  return SmallVector<int64_t>(axes->begin(), axes->end());
}

//===-- Constant inputs ---------------------------------------------------===//

std::optional<std::vector<int64_t>> Node::constantIntegers(size_t i,
                                                           StringRef what) {
  if (!input(i)) {
    fail("expected " + what + ", but got none");
    return std::nullopt;
  }
  Attribute constant = constantOf(input(i));
  if (!constant) {
    fail("expected constant " + what + ", but got a computed value");
    return std::nullopt;
  }
  if (rankOf(input(i)) > 1) {
    fail("expected a list of " + what + ", but got shape " +
         describe(shapeOf(input(i))));
    return std::nullopt;
  }
  auto values = getConstantIntegers(constant);
  if (!values)
    fail("expected integer " + what + ", but got " +
         describe(elementOf(input(i))));
  return values;
}

std::optional<int64_t> Node::constantInteger(size_t i, StringRef what) {
  auto values = constantIntegers(i, what);
  if (!values)
    return std::nullopt;
  if (values->size() == 1)
    return values->front();
  fail("expected one number as " + what + ", but got " +
       describe(shapeOf(input(i))));
  return std::nullopt;
}

std::optional<std::vector<float>> Node::constantFloats(size_t i,
                                                       StringRef what) {
  auto constant = getConstantBytes(input(i));
  if (constant && constant->type.getElementType().isF32())
    return constant->as<float>().vec();
  fail("expected constant float " + what + ", but got " +
       (constant ? describe(constant->type.getElementType())
                 : "a computed value"));
  return std::nullopt;
}

std::optional<double> Node::constantScalar(size_t i, StringRef what) {
  if (!input(i) || typeOf(input(i)).getNumElements() != 1) {
    fail("expected one number as " + what + ", but got " +
         (input(i) ? describe(shapeOf(input(i))) : "none"));
    return std::nullopt;
  }
  if (isa<IntegerType>(elementOf(input(i))))
    if (auto values = getConstantIntegers(constantOf(input(i))))
      return values->front();
  auto values = constantFloats(i, what);
  if (!values)
    return std::nullopt;
  return values->front();
}

} // namespace qcc::onnx_import
