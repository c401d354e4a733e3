// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and constants of the graph that is written.

#include "compiler/Export/Onnx/GraphWriter.h"

#include "dialects/Qcc/IR/Constants.h"

using namespace mlir;

namespace qcc::onnx_export {

//===-- Attributes --------------------------------------------------------===//

onnx::AttributeProto &
NodeWriter::add(StringRef name, onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name.str());
  attribute.set_type(type);
  return attribute;
}

NodeWriter &NodeWriter::integer(StringRef name, int64_t value) {
  add(name, onnx::AttributeProto::INT).set_i(value);
  return *this;
}

NodeWriter &NodeWriter::integers(StringRef name, ArrayRef<int64_t> values) {
  onnx::AttributeProto &attribute = add(name, onnx::AttributeProto::INTS);
  attribute.mutable_ints()->Add(values.begin(), values.end());
  return *this;
}

NodeWriter &NodeWriter::number(StringRef name, float value) {
  add(name, onnx::AttributeProto::FLOAT).set_f(value);
  return *this;
}

NodeWriter &NodeWriter::text(StringRef name, StringRef value) {
  add(name, onnx::AttributeProto::STRING).set_s(value.str());
  return *this;
}

//===-- Names -------------------------------------------------------------===//

std::string GraphWriter::makeName(StringRef wish) {
  std::string name = wish.str();
  while (!names.insert(name).second)
    name = (wish + "_" + Twine(++counts[wish])).str();
  return name;
}

void GraphWriter::begin(Operation *op) {
  auto name = op->getLoc()->findInstanceOf<NameLoc>();
  layer = name ? name.getName().str() : op->getName().stripDialect().str();
}

NodeWriter GraphWriter::add(StringRef type, Names inputs) {
  onnx::NodeProto &node = *graph.add_node();
  node.set_op_type(type.str());
  for (const std::string &input : inputs)
    node.add_input(input);
  // Layers keep their names; what surrounds them is named after them.
  std::string name = makeName(layer);
  node.set_name(name);
  node.add_output(makeName(name + "_output"));
  return NodeWriter(node);
}

void GraphWriter::rename(const std::string &from, StringRef to) {
  auto change = [&](std::string &name) {
    if (name == from)
      name = to.str();
  };
  for (auto *known : {&stored, &floats})
    for (auto &entry : *known)
      change(entry.second);
  for (onnx::NodeProto &node : *graph.mutable_node()) {
    for (std::string &input : *node.mutable_input())
      change(input);
    for (std::string &output : *node.mutable_output())
      change(output);
  }
}

int32_t getElementNumber(Type element) {
  if (auto grid = dyn_cast<QuantType>(element))
    element = IntegerType::get(element.getContext(), grid.getBits(),
                               grid.getIsSigned() ? IntegerType::Signless
                                                  : IntegerType::Unsigned);
  if (element.isF16())
    return 10;
  if (element.isF64())
    return 11;
  if (element.isBF16())
    return 16;
  auto integer = dyn_cast<IntegerType>(element);
  if (!integer)
    return 1;
  bool isUnsigned = integer.isUnsigned();
  switch (integer.getWidth()) {
  case 1:
    return 9;
  case 8:
    return isUnsigned ? 2 : 3;
  case 16:
    return isUnsigned ? 4 : 5;
  case 32:
    return isUnsigned ? 12 : 6;
  default:
    return isUnsigned ? 13 : 7;
  }
}

void GraphWriter::describe(onnx::ValueInfoProto &info, Value value,
                           StringRef name) {
  auto type = cast<RankedTensorType>(value.getType());
  info.set_name(name.str());
  onnx::TypeProto_Tensor &tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(getElementNumber(type.getElementType()));
  for (auto [i, size] : llvm::enumerate(type.getShape())) {
    auto &dimension = *tensor.mutable_shape()->add_dim();
    if (i == 0 && hasSymbolicBatch)
      dimension.set_dim_param("batch");
    else
      dimension.set_dim_value(size);
  }
}

void GraphWriter::addInput(Value value, StringRef name) {
  describe(*graph.add_input(), value, name);
  stored[value] = makeName(name);
}

void GraphWriter::addOutput(Value value, StringRef name) {
  std::string from = readStored(value);
  bool isMade = llvm::any_of(graph.node(), [&](const onnx::NodeProto &node) {
    return llvm::is_contained(node.output(), from);
  });
  bool isOutput = llvm::any_of(
      graph.output(), [&](const auto &info) { return info.name() == from; });
  layer = name.str();
  // Inputs, constants and other outputs keep their own names.
  if (!isMade || isOutput)
    from = add("Identity", {from}).output();
  rename(from, name);
  stored[value] = name.str();
  describe(*graph.add_output(), value, name);
}

//===-- Values ------------------------------------------------------------===//

std::string GraphWriter::readStored(Value value) {
  auto known = stored.find(value);
  if (known != stored.end())
    return known->second;
  std::optional<ConstantBytes> bytes = getConstantBytes(value);
  assert(bytes && "operands are constants or results");
  return stored[value] = constant(bytes->type.getElementType(),
                                  bytes->type.getShape(), bytes->bytes);
}

std::string GraphWriter::read(Value value) {
  QuantType grid = getQuantType(value.getType());
  if (!grid)
    return readStored(value);
  auto known = floats.find(value);
  if (known != floats.end())
    return known->second;
  std::string name = add("DequantizeLinear",
                         {readStored(value), scaleOf(grid), zeroPointOf(grid)})
                         .output();
  return floats[value] = name;
}

void GraphWriter::define(Value value, const std::string &floats) {
  QuantType grid = getQuantType(value.getType());
  stored[value] =
      grid ? add("QuantizeLinear", {floats, scaleOf(grid), zeroPointOf(grid)})
                 .output()
           : floats;
}

void GraphWriter::defineStored(Value value, const std::string &name) {
  stored[value] = name;
}

//===-- Constants ---------------------------------------------------------===//

std::string GraphWriter::constant(Type element, ArrayRef<int64_t> shape,
                                  ArrayRef<char> bytes) {
  onnx::TensorProto &tensor = *graph.add_initializer();
  tensor.set_name(makeName(layer + "_constant"));
  tensor.set_data_type(getElementNumber(element));
  tensor.mutable_dims()->Add(shape.begin(), shape.end());
  tensor.set_raw_data(bytes.data(), bytes.size());
  return tensor.name();
}

std::string GraphWriter::integers(ArrayRef<int64_t> values) {
  ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                       values.size() * sizeof(int64_t));
  return constant(IntegerType::get(stored.begin()->first.getContext(), 64),
                  {int64_t(values.size())}, bytes);
}

std::string GraphWriter::number(float value) {
  ArrayRef<char> bytes(reinterpret_cast<const char *>(&value), sizeof(value));
  return constant(Float32Type::get(stored.begin()->first.getContext()), {},
                  bytes);
}

std::string GraphWriter::scaleOf(QuantType grid) {
  std::string &name = scales[grid];
  if (name.empty())
    name = number(grid.getScaleValue());
  return name;
}

std::string GraphWriter::zeroPointOf(QuantType grid) {
  std::string &name = zeroPoints[grid];
  if (!name.empty())
    return name;
  int64_t zero = grid.getZeroPoint();
  size_t size = grid.getStorageType().getWidth() / 8;
  return name = constant(
             grid, {},
             ArrayRef<char>(reinterpret_cast<const char *>(&zero), size));
}

} // namespace qcc::onnx_export
