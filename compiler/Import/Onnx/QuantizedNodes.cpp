// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// QuantizeLinear and DequantizeLinear with exactly the scales of the model, and
// the ops of integers, which become the floats op between them.

#include "compiler/Import/Onnx/ElementTypes.h"
#include "compiler/Import/Onnx/Nodes.h"
#include "compiler/Import/Onnx/QuantizedTensors.h"
#include "dialects/Qcc/IR/ImportedProducts.h"

using namespace mlir;

namespace qcc::onnx_import {

/// The integer type that a QuantizeLinear without zero point gives.
static IntegerType getOutputType(Node &node) {
  int32_t number = node.getInteger("output_dtype", 0);
  const ElementType *type = findElementType(number == 0 ? 2 : number);
  auto integer = type ? dyn_cast<IntegerType>(
                            getInterfaceType(node.build.getContext(), *type))
                      : IntegerType();
  if (!integer)
    node.fail("expected output_dtype to be an integer type, but got " +
              describeElementType(number));
  return integer;
}

/// The type of the zero point that is input `i`.
static IntegerType getZeroPointType(Node &node, size_t i) {
  return node.hasInput(i) ? getStoredType(node, node.input(i))
                          : getOutputType(node);
}

void importQuantizeLinear(Node &node) {
  auto form = readQuantization(node, node.input(0), getZeroPointType(node, 2),
                               {1, 2, node.getInteger("axis", 1)});
  if (form)
    node.setOutput(0, quantize(node, node.input(0), *form));
}

void importDequantizeLinear(Node &node) {
  auto form =
      readQuantization(node, node.input(0), getStoredType(node, node.input(0)),
                       {1, 2, node.getInteger("axis", 1)});
  if (form)
    node.setOutput(0, dequantize(node, node.input(0), *form));
}

//===-- Parts of ops of integers ------------------------------------------===//

Value readFloats(Node &node, size_t i, int64_t axis) {
  Value x = node.input(i);
  if (!x)
    return node.fail("expected input " + Twine(i) + ", but got none");
  auto form =
      readQuantization(node, x, getStoredType(node, x), {i + 1, i + 2, axis});
  return form ? dequantize(node, x, *form) : Value();
}

void setIntegers(Node &node, Value result, size_t i) {
  if (!result)
    return;
  auto form =
      readQuantization(node, result, getZeroPointType(node, i + 1), {i, i + 1});
  if (form)
    node.setOutput(0, quantize(node, result, *form));
}

Value readBias(Node &node, size_t bias, size_t input, size_t weight,
               float factor) {
  auto integers = getConstantIntegers(constantOf(node.input(bias)));
  auto inputScale = node.constantFloats(input, "scale");
  auto scales = node.constantFloats(weight, "scale");
  if (!inputScale || !scales)
    return {};
  if (!integers || inputScale->size() != 1 ||
      (scales->size() != 1 && scales->size() != integers->size()))
    return node.fail("expected a constant bias with a scale for each channel, "
                     "but got " +
                     describe(node.input(bias).getType()));
  std::vector<float> floats;
  for (auto [i, b] : llvm::enumerate(*integers))
    floats.push_back(float(double(b) * factor * inputScale->front() *
                           (*scales)[scales->size() == 1 ? 0 : i]));
  return node.build.floats(floats, int64_t(floats.size()));
}

Value importAs(Node &node, void (*import)(Node &), SmallVector<Value> inputs) {
  if (node.build.hasProblem())
    return {};
  Node inner = node.withInputs(std::move(inputs));
  import(inner);
  return inner.output(0);
}

//===-- Ops of integers ---------------------------------------------------===//

/// Notes that the layer behind `result` rounds as an op of integers does.
static Value markLayer(Value result) {
  Operation *op = result ? result.getDefiningOp() : nullptr;
  while (isa_and_nonnull<ReshapeOp>(op))
    op = op->getOperand(0).getDefiningOp();
  if (isa_and_nonnull<ConvOp, LinearOp>(op))
    markImportedProduct(op);
  return result;
}

// x, its scale and zero point, w, w's, y's, bias
void importQLinearConv(Node &node) {
  Value x = readFloats(node, 0), w = readFloats(node, 3);
  Value bias = node.hasInput(8) ? readBias(node, 8, 1, 4) : Value();
  setIntegers(node, markLayer(importAs(node, importConv, {x, w, bias})), 6);
}

// a, its scale and zero point, b, b's, y's
void importQLinearMatMul(Node &node) {
  int64_t columns = rankOf(node.input(3)) - 1;
  Value a = readFloats(node, 0), b = readFloats(node, 3, columns);
  setIntegers(node, markLayer(importAs(node, importMatMul, {a, b})), 6);
}

// a, its scale and zero point, b, b's, y's
void importQLinearBinary(Node &node) {
  BinaryKind kind =
      node.getType() == "QLinearAdd" ? BinaryKind::Add : BinaryKind::Mul;
  Value a = readFloats(node, 0), b = readFloats(node, 3);
  setIntegers(node, node.build.binary(kind, a, b), 6);
}

// x, its scale and zero point, y's
void importQLinearUnary(Node &node) {
  Value x = readFloats(node, 0);
  Value result = node.getType() == "QLinearSigmoid"
                     ? node.build.unary(UnaryKind::Sigmoid, x)
                     : node.build.unary(UnaryKind::LeakyRelu, x,
                                        node.getFloat("alpha", 0.01f));
  setIntegers(node, result, 3);
}

// x, its scale and zero point, y's
void importQLinearPool(Node &node) {
  if (node.getInteger("channels_last", 0))
    return void(node.fail("expected channels_last 0, but got 1"));
  bool isGlobal = node.getType() == "QLinearGlobalAveragePool";
  Value x = readFloats(node, 0);
  setIntegers(
      node,
      importAs(node, isGlobal ? importGlobalPool : importAveragePool, {x}), 3);
}

// x, its scale and zero point, y's
void importQLinearSoftmax(Node &node) {
  Value x = readFloats(node, 0);
  if (!x)
    return;
  auto axis = node.normalizeAxis(node.getInteger("axis", -1), rankOf(x));
  if (!axis)
    return;
  int64_t opset = node.getInteger("opset", 13);
  // Before opset 13, all dimensions from the axis on are one.
  SmallVector<int64_t> shape(shapeOf(x)), rows{1, 1};
  for (auto [i, size] : llvm::enumerate(shape))
    rows[int64_t(i) < *axis ? 0 : 1] *= size;
  GraphBuilder &build = node.build;
  Value result =
      opset >= 13 ? build.softmax(x, *axis, /*isLog=*/false)
                  : build.reshape(
                        build.softmax(build.reshape(x, rows), 1, false), shape);
  setIntegers(node, result, 3);
}

// x, its scale and zero point, y's
void importQLinearReduceMean(Node &node) {
  Value x = readFloats(node, 0);
  if (!x)
    return;
  auto all = llvm::to_vector(llvm::seq<int64_t>(rankOf(x)));
  auto axes = node.normalizeAxes(node.getIntegers("axes", all), rankOf(x));
  if (!axes)
    return;
  Value mean = node.build.reduce(ReduceKind::Mean, x, *axes,
                                 node.getInteger("keepdims", 1));
  setIntegers(node, mean, 3);
}

// y's scale and zero point, then each input with its own
void importQLinearConcat(Node &node) {
  SmallVector<Value> inputs;
  for (size_t i = 2; i < node.getNumInputs(); i += 3)
    inputs.push_back(readFloats(node, i));
  setIntegers(node, importAs(node, importConcat, std::move(inputs)), 0);
}

} // namespace qcc::onnx_import
