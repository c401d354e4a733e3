// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that compute each element from the elements at its place.

#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/ElementTypes.h"
#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace mlir;

namespace qcc::onnx_import {

void importUnary(Node &node) {
  auto kind = llvm::StringSwitch<std::optional<UnaryKind>>(node.getType())
                  .Case("Abs", UnaryKind::Abs)
                  .Case("Ceil", UnaryKind::Ceil)
                  .Case("Cos", UnaryKind::Cos)
                  .Case("Erf", UnaryKind::Erf)
                  .Case("Exp", UnaryKind::Exp)
                  .Case("Floor", UnaryKind::Floor)
                  .Case("Log", UnaryKind::Log)
                  .Case("Neg", UnaryKind::Neg)
                  .Case("Not", UnaryKind::Not)
                  .Case("Reciprocal", UnaryKind::Reciprocal)
                  .Case("Relu", UnaryKind::Relu)
                  .Case("Round", UnaryKind::Round)
                  .Case("Sigmoid", UnaryKind::Sigmoid)
                  .Case("Sign", UnaryKind::Sign)
                  .Case("Sin", UnaryKind::Sin)
                  .Case("Softplus", UnaryKind::Softplus)
                  .Case("Softsign", UnaryKind::Softsign)
                  .Case("Sqrt", UnaryKind::Sqrt)
                  .Case("Tanh", UnaryKind::Tanh)
                  .Default(std::nullopt);
  assert(kind && "the op table names a function that is not above");
  node.setOutput(0, node.build.unary(*kind, node.input(0)));
}

void importBinary(Node &node) {
  auto kind = llvm::StringSwitch<std::optional<BinaryKind>>(node.getType())
                  .Case("Add", BinaryKind::Add)
                  .Case("And", BinaryKind::And)
                  .Case("Div", BinaryKind::Div)
                  .Case("Equal", BinaryKind::Equal)
                  .Case("Greater", BinaryKind::Greater)
                  .Case("GreaterOrEqual", BinaryKind::GreaterOrEqual)
                  .Case("Less", BinaryKind::Less)
                  .Case("LessOrEqual", BinaryKind::LessOrEqual)
                  .Case("Mul", BinaryKind::Mul)
                  .Case("Or", BinaryKind::Or)
                  .Case("Sub", BinaryKind::Sub)
                  .Case("Xor", BinaryKind::Xor)
                  .Default(std::nullopt);
  assert(kind && "the op table names a function that is not above");
  node.setOutput(0,
                 node.build.binary(*kind, node.input(0), node.input(1)));
}

void importMod(Node &node) {
  Value x = node.input(0);
  bool isCStyle = node.getInteger("fmod", 0);
  if (elementOf(x).isF32() && !isCStyle) {
    node.fail("expected fmod 1 for float elements, but got 0");
    return;
  }
  node.setOutput(
      0, node.build.binary(BinaryKind::Mod, x, node.input(1), isCStyle));
}

// The exponent may be of another type; the result has the base's. An integer
// power of integers is computed in f32 and truncated.
void importPow(Node &node) {
  Type element = elementOf(node.input(0)), f32 = node.build.getFloat();
  Value power = node.build.binary(BinaryKind::Pow,
                                  node.build.convert(node.input(0), f32),
                                  node.build.convert(node.input(1), f32));
  node.setOutput(0, node.build.convert(power, element));
}

// Max, Min, Sum and Mean of any number of tensors, from left to right.
void importVariadic(Node &node) {
  BinaryKind kind = node.getType() == "Max"   ? BinaryKind::Max
                    : node.getType() == "Min" ? BinaryKind::Min
                                              : BinaryKind::Add;
  for (size_t i = 0; i < node.getNumInputs(); ++i)
    if (!node.hasInput(i)) {
      node.fail("expected an input " + Twine(i) + ", but got none");
      return;
    }
  Value result = node.input(0);
  for (Value other : node.getInputs().drop_front())
    result = node.build.binary(kind, result, other);
  if (node.getType() == "Mean")
    result = node.build.binary(BinaryKind::Div, result,
                               double(node.getNumInputs()));
  node.setOutput(0, result);
}

void importWhere(Node &node) {
  node.setOutput(0, node.build.select(node.input(0), node.input(1),
                                      node.input(2)));
}

/// Converts to the type with ONNX's number `number`. The graph computes in f32,
/// so a narrower float only rounds.
static Value castTo(Node &node, int64_t number) {
  const ElementType *element = findElementType(number);
  if (!element)
    return node.fail("expected a type of numbers or booleans, but got " +
                     describeElementType(number));
  Type type = getInterfaceType(node.build.getContext(), *element);
  Value x = node.input(0);
  if (type.isF64())
    type = node.build.getFloat();
  return node.build.convert(node.build.convert(x, type), getGraphType(type));
}

void importCast(Node &node) {
  if (!node.hasAttribute("to"))
    node.fail("expected an attribute 'to', but got none");
  else
    node.setOutput(0, castTo(node, node.getInteger("to", 0)));
}

void importCastLike(Node &node) {
  node.setOutput(
      0, node.build.convert(node.input(0), elementOf(node.input(1))));
}

// IsNaN -> not (x == x)
void importIsNan(Node &node) {
  Value x = node.input(0);
  node.setOutput(0, node.build.unary(
                        UnaryKind::Not,
                        node.build.binary(BinaryKind::Equal, x, x)));
}

// IsInf -> x == inf or x == -inf, as far as the node asks for them
void importIsInf(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  bool isPositive = node.getInteger("detect_positive", 1);
  bool isNegative = node.getInteger("detect_negative", 1);
  if (isPositive && isNegative)
    x = build.unary(UnaryKind::Abs, x);
  // No number is greater than infinity.
  Value hit = build.binary(
      isPositive || isNegative ? BinaryKind::Equal : BinaryKind::Greater, x,
      isPositive || !isNegative ? INFINITY : -INFINITY);
  node.setOutput(0, hit);
}

// Shrink -> x < -lambd ? x + bias : x > lambd ? x - bias : 0
void importShrink(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  Type element = elementOf(x);
  double limit = node.getFloat("lambd", 0.5f), bias = node.getFloat("bias", 0);
  Value wide = build.convert(x, build.getFloat());
  Value high = build.select(build.binary(BinaryKind::Greater, wide, limit),
                            build.binary(BinaryKind::Sub, wide, bias),
                            build.scalar(0, build.getFloat()));
  Value result = build.select(build.binary(BinaryKind::Less, wide, -limit),
                              build.binary(BinaryKind::Add, wide, bias), high);
  node.setOutput(0, build.convert(result, element));
}

} // namespace qcc::onnx_import
