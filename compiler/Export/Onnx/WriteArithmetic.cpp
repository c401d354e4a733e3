// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that compute each element from the elements at its place, and the steps
// between floats and grids.

#include "compiler/Export/Onnx/GraphWriter.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using llvm::StringLiteral;

namespace qcc::onnx_export {

namespace {

/// Functions that ONNX has under one name.
template <typename Kind> struct Row {
  Kind kind;
  StringLiteral node;
};

constexpr Row<UnaryKind> kUnaryRows[] = {
    {UnaryKind::Relu, "Relu"},
    {UnaryKind::LeakyRelu, "LeakyRelu"},
    {UnaryKind::Sigmoid, "Sigmoid"},
    {UnaryKind::Tanh, "Tanh"},
    {UnaryKind::HardSigmoid, "HardSigmoid"},
    {UnaryKind::HardSwish, "HardSwish"},
    {UnaryKind::Elu, "Elu"},
    {UnaryKind::Celu, "Celu"},
    {UnaryKind::Selu, "Selu"},
    {UnaryKind::Gelu, "Gelu"},
    {UnaryKind::GeluTanh, "Gelu"},
    {UnaryKind::Mish, "Mish"},
    {UnaryKind::Softplus, "Softplus"},
    {UnaryKind::Softsign, "Softsign"},
    {UnaryKind::ThresholdedRelu, "ThresholdedRelu"},
    {UnaryKind::Erf, "Erf"},
    {UnaryKind::Exp, "Exp"},
    {UnaryKind::Log, "Log"},
    {UnaryKind::Sqrt, "Sqrt"},
    {UnaryKind::Reciprocal, "Reciprocal"},
    {UnaryKind::Neg, "Neg"},
    {UnaryKind::Abs, "Abs"},
    {UnaryKind::Floor, "Floor"},
    {UnaryKind::Ceil, "Ceil"},
    {UnaryKind::Round, "Round"},
    {UnaryKind::Sign, "Sign"},
    {UnaryKind::Sin, "Sin"},
    {UnaryKind::Cos, "Cos"},
    {UnaryKind::Not, "Not"},
};

constexpr Row<BinaryKind> kBinaryRows[] = {
    {BinaryKind::Add, "Add"},
    {BinaryKind::Sub, "Sub"},
    {BinaryKind::Mul, "Mul"},
    {BinaryKind::Div, "Div"},
    {BinaryKind::Pow, "Pow"},
    {BinaryKind::Max, "Max"},
    {BinaryKind::Min, "Min"},
    {BinaryKind::Mod, "Mod"},
    {BinaryKind::Prelu, "PRelu"},
    {BinaryKind::Equal, "Equal"},
    {BinaryKind::Less, "Less"},
    {BinaryKind::LessOrEqual, "LessOrEqual"},
    {BinaryKind::Greater, "Greater"},
    {BinaryKind::GreaterOrEqual, "GreaterOrEqual"},
    {BinaryKind::And, "And"},
    {BinaryKind::Or, "Or"},
    {BinaryKind::Xor, "Xor"},
};

} // namespace

/// The node of `kind`, or "".
template <typename Kind, size_t size>
static StringRef findNode(const Row<Kind> (&rows)[size], Kind kind) {
  for (const Row<Kind> &row : rows)
    if (row.kind == kind)
      return row.node;
  return "";
}

static bool writeUnary(GraphWriter &graph, UnaryOp op) {
  UnaryKind kind = op.getKind();
  std::string input = graph.read(op.getInput());
  if (kind == UnaryKind::Silu) {
    std::string gate = graph.add("Sigmoid", {input}).output();
    graph.define(op.getResult(), graph.add("Mul", {input, gate}).output());
    return true;
  }
  StringRef type = findNode(kUnaryRows, kind);
  if (type.empty())
    return false;
  NodeWriter node = graph.add(type, {input});
  float alpha = op.getAlpha().convertToFloat();
  bool hasAlpha = kind == UnaryKind::LeakyRelu || kind == UnaryKind::Elu ||
                  kind == UnaryKind::Celu || kind == UnaryKind::Selu ||
                  kind == UnaryKind::HardSigmoid ||
                  kind == UnaryKind::ThresholdedRelu;
  if (hasAlpha)
    node.number("alpha", alpha);
  if (kind == UnaryKind::HardSigmoid)
    node.number("beta", op.getBeta().convertToFloat());
  if (kind == UnaryKind::Selu)
    node.number("gamma", op.getBeta().convertToFloat());
  if (kind == UnaryKind::GeluTanh)
    node.text("approximate", "tanh");
  graph.define(op.getResult(), node.output());
  return true;
}

static bool writeBinary(GraphWriter &graph, BinaryOp op) {
  StringRef type = findNode(kBinaryRows, op.getKind());
  if (type.empty())
    return false;
  std::string lhs = graph.read(op.getLhs()), rhs = graph.read(op.getRhs());
  NodeWriter node = graph.add(type, {lhs, rhs});
  if (op.getKind() == BinaryKind::Mod)
    node.integer("fmod", op.getCStyle());
  graph.define(op.getResult(), writeBounds(graph, op, node.output()));
  return true;
}

std::string writeBounds(GraphWriter &graph, Operation *op, std::string floats) {
  auto lower = op->getAttrOfType<FloatAttr>("lower");
  auto upper = op->getAttrOfType<FloatAttr>("upper");
  if (!lower && !upper)
    return floats;
  if (lower && !upper && lower.getValue().isZero())
    return graph.add("Relu", {floats}).output();
  SmallVector<std::string> inputs{floats, "", ""};
  if (lower)
    inputs[1] = graph.number(float(lower.getValueAsDouble()));
  if (upper)
    inputs[2] = graph.number(float(upper.getValueAsDouble()));
  return graph.add("Clip", inputs).output();
}

bool writeArithmetic(GraphWriter &graph, Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](UnaryOp op) { return writeUnary(graph, op); })
      .Case([&](BinaryOp op) { return writeBinary(graph, op); })
      .Case([&](ClampOp op) {
        graph.define(op.getResult(),
                     writeBounds(graph, op, graph.read(op.getInput())));
        return true;
      })
      .Case([&](SelectOp op) {
        graph.define(op.getResult(),
                     graph
                         .add("Where", {graph.read(op.getCondition()),
                                        graph.read(op.getLhs()),
                                        graph.read(op.getRhs())})
                         .output());
        return true;
      })
      .Case([&](CastOp op) {
        auto type = cast<RankedTensorType>(op.getResult().getType());
        graph.define(op.getResult(),
                     graph.add("Cast", {graph.read(op.getInput())})
                         .integer("to", getElementNumber(type.getElementType()))
                         .output());
        return true;
      })
      // To a grid, and away from one, is what reading and defining do.
      .Case<QuantizeOp, RequantizeOp, DequantizeOp>([&](auto op) {
        graph.define(op.getResult(), graph.read(op.getInput()));
        return true;
      })
      .Default(false);
}

} // namespace qcc::onnx_export
