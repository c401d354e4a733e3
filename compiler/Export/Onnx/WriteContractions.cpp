// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions and matrix products. Integer weights and biases are initializers
// behind a DequantizeLinear of their own.

#include "compiler/Export/Onnx/GraphWriter.h"
#include "dialects/Qcc/IR/Constants.h"

using namespace mlir;

namespace qcc::onnx_export {

static ArrayRef<char> bytesOf(ArrayRef<float> numbers) {
  return {reinterpret_cast<const char *>(numbers.data()),
          numbers.size() * sizeof(float)};
}

/// Integers with a scale for each index of the first dimension.
static std::string dequantize(GraphWriter &graph, Value integers,
                              ArrayRef<float> scales) {
  auto type = cast<RankedTensorType>(integers.getType());
  int64_t channels = int64_t(scales.size());
  Type f32 = Float32Type::get(type.getContext());
  std::vector<char> zeros(scales.size() * (type.getElementTypeBitWidth() / 8));
  std::string stored = graph.readStored(integers);
  std::string scale = graph.constant(f32, {channels}, bytesOf(scales));
  std::string zero = graph.constant(type.getElementType(), {channels}, zeros);
  return graph.add("DequantizeLinear", {stored, scale, zero})
      .integer("axis", 0)
      .output();
}

namespace {

/// The inputs of a contraction, as floats.
struct Operands {
  std::string input, weight, bias;
};

} // namespace

template <typename OpType>
static Operands readOperands(GraphWriter &graph, OpType op) {
  Operands result;
  result.input = graph.read(op.getInput());
  if (!op.isQuantized()) {
    result.weight = graph.read(op.getWeight());
    result.bias = op.getBias() ? graph.read(op.getBias()) : "";
    return result;
  }
  ConstantBytes bytes = *getConstantBytes(op.getWeightScales());
  std::vector<float> scales = bytes.as<float>().vec();
  result.weight = dequantize(graph, op.getWeight(), scales);
  if (!op.getBias())
    return result;
  double step = getQuantType(op.getInput().getType()).getScaleValue();
  for (float &scale : scales)
    scale = float(step * scale);
  result.bias = dequantize(graph, op.getBias(), scales);
  return result;
}

template <typename OpType>
static void finish(GraphWriter &graph, OpType op, std::string sum) {
  if (op.getResidual())
    sum = graph.add("Add", {sum, graph.read(op.getResidual())}).output();
  graph.define(op.getResult(), writeBounds(graph, op, sum));
}

static void writeConv(GraphWriter &graph, ConvOp op) {
  Operands operands = readOperands(graph, op);
  SmallVector<std::string> inputs{operands.input, operands.weight};
  if (!operands.bias.empty())
    inputs.push_back(operands.bias);
  std::string sum =
      graph.add("Conv", inputs)
          .integers("kernel_shape", {op.getKernelHeight(), op.getKernelWidth()})
          .integers("strides", op.getStrides())
          .integers("pads", op.getPads())
          .integers("dilations", op.getDilations())
          .integer("group", op.getGroup())
          .output();
  finish(graph, op, sum);
}

static void writeLinear(GraphWriter &graph, LinearOp op) {
  Operands operands = readOperands(graph, op);
  SmallVector<std::string> inputs{operands.input, operands.weight};
  if (!operands.bias.empty())
    inputs.push_back(operands.bias);
  finish(graph, op, graph.add("Gemm", inputs).integer("transB", 1).output());
}

bool writeContraction(GraphWriter &graph, Operation *op) {
  if (auto conv = dyn_cast<ConvOp>(op))
    writeConv(graph, conv);
  else if (auto linear = dyn_cast<LinearOp>(op))
    writeLinear(graph, linear);
  else if (auto matmul = dyn_cast<MatmulOp>(op))
    graph.define(matmul.getResult(),
                 graph
                     .add("MatMul", {graph.read(matmul.getLhs()),
                                     graph.read(matmul.getRhs())})
                     .output());
  else
    return false;
  return true;
}

} // namespace qcc::onnx_export
