// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that move elements. On a grid they stand between DequantizeLinear and
// QuantizeLinear too, which gives the same integers.

#include "compiler/Export/Onnx/GraphWriter.h"
#include "llvm/ADT/TypeSwitch.h"

#include <limits>

using namespace mlir;

namespace qcc::onnx_export {

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static void writeReshape(GraphWriter &graph, ReshapeOp op) {
  ArrayRef<int64_t> from = shapeOf(op.getInput());
  SmallVector<int64_t> shape(shapeOf(op.getResult()));
  // A batch stays the first dimension (0), or becomes part of the first one.
  if (graph.isBatchOpen() && !shape.empty() && !from.empty() &&
      !llvm::is_contained(shape, 0))
    shape[0] = shape[0] == from[0] ? 0 : -1;
  graph.define(
      op.getResult(),
      graph.add("Reshape", {graph.read(op.getInput()), graph.integers(shape)})
          .output());
}

static void writeSlice(GraphWriter &graph, SliceOp op) {
  SmallVector<int64_t> starts, ends, axes, steps;
  for (auto [i, start] : llvm::enumerate(op.getStarts())) {
    int64_t step = op.getSteps()[i], size = shapeOf(op.getResult())[i];
    bool isWhole = start == 0 && step == 1 && size == shapeOf(op.getInput())[i];
    if (isWhole)
      continue;
    int64_t end = start + size * step;
    starts.push_back(start);
    // Before the first element: counted from the end, -1 is the last one.
    ends.push_back(end < 0 ? std::numeric_limits<int64_t>::min() : end);
    axes.push_back(i);
    steps.push_back(step);
  }
  std::string input = graph.read(op.getInput());
  if (axes.empty())
    return graph.define(op.getResult(), input);
  graph.define(
      op.getResult(),
      graph
          .add("Slice", {input, graph.integers(starts), graph.integers(ends),
                         graph.integers(axes), graph.integers(steps)})
          .output());
}

static void writePad(GraphWriter &graph, PadOp op) {
  SmallVector<int64_t> pads(op.getLow());
  llvm::append_range(pads, op.getHigh());
  SmallVector<std::string> inputs{graph.read(op.getInput()),
                                  graph.integers(pads)};
  if (op.getMode() == PadMode::Constant && !op.getValue().isZero())
    inputs.push_back(graph.number(float(op.getValue().convertToDouble())));
  graph.define(op.getResult(), graph.add("Pad", inputs)
                                   .text("mode", stringifyPadMode(op.getMode()))
                                   .output());
}

bool writeMove(GraphWriter &graph, Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](ReshapeOp op) { return writeReshape(graph, op), true; })
      .Case([&](SliceOp op) { return writeSlice(graph, op), true; })
      .Case([&](PadOp op) { return writePad(graph, op), true; })
      .Case([&](TransposeOp op) {
        graph.define(op.getResult(),
                     graph.add("Transpose", {graph.read(op.getInput())})
                         .integers("perm", op.getPermutation())
                         .output());
        return true;
      })
      .Case([&](ConcatOp op) {
        SmallVector<std::string> inputs;
        for (Value input : op.getInputs())
          inputs.push_back(graph.read(input));
        graph.define(
            op.getResult(),
            graph.add("Concat", inputs).integer("axis", op.getAxis()).output());
        return true;
      })
      .Case([&](GatherOp op) {
        graph.define(op.getResult(),
                     graph
                         .add("Gather", {graph.read(op.getInput()),
                                         graph.read(op.getIndices())})
                         .integer("axis", op.getAxis())
                         .output());
        return true;
      })
      .Case([&](ExpandOp op) {
        graph.define(
            op.getResult(),
            graph
                .add("Expand", {graph.read(op.getInput()),
                                graph.integers(shapeOf(op.getResult()))})
                .output());
        return true;
      })
      .Default(false);
}

} // namespace qcc::onnx_export
