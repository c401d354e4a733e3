// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools, reductions, softmax and resize.

#include "compiler/Export/Onnx/GraphWriter.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;

namespace qcc::onnx_export {

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

/// True if the last window of a dimension begins where there is not room for a
/// whole one (ceil_mode).
template <typename OpType> static bool roundsUp(OpType op) {
  for (size_t d = 0; d < 2; ++d) {
    int64_t window = (op.getKernel()[d] - 1) * op.getDilations()[d] + 1;
    int64_t room = shapeOf(op.getInput())[d + 2] + op.getPads()[d] +
                   op.getPads()[d + 2] - window;
    if (shapeOf(op.getResult())[d + 2] > room / op.getStrides()[d] + 1)
      return true;
  }
  return false;
}

template <typename OpType>
static NodeWriter addPool(GraphWriter &graph, OpType op, StringRef type) {
  NodeWriter node = graph.add(type, {graph.read(op.getInput())});
  node.integers("kernel_shape", op.getKernel())
      .integers("strides", op.getStrides())
      .integers("pads", op.getPads())
      .integers("dilations", op.getDilations())
      .integer("ceil_mode", roundsUp(op));
  return node;
}

static StringRef getReduceNode(ReduceKind kind) {
  switch (kind) {
  case ReduceKind::Sum:
    return "ReduceSum";
  case ReduceKind::Mean:
    return "ReduceMean";
  case ReduceKind::Max:
    return "ReduceMax";
  case ReduceKind::Min:
    return "ReduceMin";
  case ReduceKind::Prod:
    return "ReduceProd";
  case ReduceKind::SumSquare:
    return "ReduceSumSquare";
  }
  llvm_unreachable("a kind without a node");
}

static void writeResize(GraphWriter &graph, ResizeOp op) {
  std::vector<float> scales;
  bool hasSizes = false;
  for (auto [i, scale] : llvm::enumerate(op.getScales())) {
    scales.push_back(float(scale));
    // What a reader of the scales makes of them.
    float size = std::floor(float(shapeOf(op.getInput())[i]) * scales.back());
    hasSizes |= int64_t(size) != shapeOf(op.getResult())[i];
  }
  std::string input = graph.read(op.getInput());
  SmallVector<std::string> inputs{input, ""};
  if (hasSizes) {
    inputs.push_back("");
    inputs.push_back(graph.integers(shapeOf(op.getResult())));
  } else {
    inputs.push_back(graph.constant(
        Float32Type::get(op.getContext()), {int64_t(scales.size())},
        {reinterpret_cast<const char *>(scales.data()),
         scales.size() * sizeof(float)}));
  }
  NodeWriter node = graph.add("Resize", inputs);
  node.text("mode", stringifyResizeMode(op.getMode()))
      .text("coordinate_transformation_mode",
            stringifyCoordinates(op.getCoordinates()))
      .text("nearest_mode", stringifyNearestRounding(op.getRounding()))
      .number("cubic_coeff_a", op.getCubicCoefficient().convertToFloat());
  graph.define(op.getResult(), node.output());
}

bool writeWindow(GraphWriter &graph, Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](MaxPoolOp op) {
        graph.define(op.getResult(), addPool(graph, op, "MaxPool").output());
        return true;
      })
      .Case([&](AveragePoolOp op) {
        NodeWriter node = addPool(graph, op, "AveragePool");
        node.integer("count_include_pad", op.getCountIncludePad());
        graph.define(op.getResult(), node.output());
        return true;
      })
      .Case([&](ReduceOp op) {
        graph.define(op.getResult(), graph
                                         .add(getReduceNode(op.getKind()),
                                              {graph.read(op.getInput()),
                                               graph.integers(op.getAxes())})
                                         .integer("keepdims", 1)
                                         .output());
        return true;
      })
      .Case([&](SoftmaxOp op) {
        graph.define(op.getResult(),
                     graph
                         .add(op.getLog() ? "LogSoftmax" : "Softmax",
                              {graph.read(op.getInput())})
                         .integer("axis", op.getAxis())
                         .output());
        return true;
      })
      .Case([&](ResizeOp op) { return writeResize(graph, op), true; })
      .Default(false);
}

} // namespace qcc::onnx_export
