// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reductions along axes, and softmax.

#include "compiler/Import/Onnx/Indices.h"
#include "compiler/Import/Onnx/Nodes.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace qcc::onnx_import {

/// Axes to reduce: all of them where the model gives none; an empty list for
/// `noop_with_empty_axes`. Nothing where there is a problem.
static std::optional<SmallVector<int64_t>> readAxes(Node &node) {
  int64_t rank = rankOf(node.input(0));
  int64_t firstOpset = node.getType() == "ReduceSum" ? 13 : 18;
  auto axes = node.getAxes(1, firstOpset);
  if (node.build.hasProblem())
    return std::nullopt;
  if (!axes || axes->empty()) {
    if (node.getInteger("noop_with_empty_axes", 0))
      return SmallVector<int64_t>();
    return llvm::to_vector(llvm::seq<int64_t>(rank));
  }
  return node.normalizeAxes(*axes, rank);
}

// log(sum(exp(x))) -> log(sum(exp(x - m))) + m, which does not overflow
static Value reduceLogSumExp(GraphBuilder &build, Value x, Shape axes,
                             bool keeps) {
  Value peak = build.reduce(ReduceKind::Max, x, axes, true);
  Value sum = build.reduce(
      ReduceKind::Sum,
      build.unary(UnaryKind::Exp, build.binary(BinaryKind::Sub, x, peak)), axes,
      true);
  Value result =
      build.binary(BinaryKind::Add, build.unary(UnaryKind::Log, sum), peak);
  return build.reduce(ReduceKind::Max, result, axes, keeps);
}

void importReduce(Node &node) {
  GraphBuilder &build = node.build;
  auto axes = readAxes(node);
  if (!axes)
    return;
  Value x = node.input(0), result;
  bool keeps = node.getInteger("keepdims", 1);
  StringRef type = node.getType();
  bool isBoolean = elementOf(x).isInteger(1);
  if (type == "ReduceLogSumExp") {
    result = reduceLogSumExp(build, x, *axes, keeps);
  } else {
    auto kind =
        llvm::StringSwitch<ReduceKind>(type)
            .Case("ReduceMax", ReduceKind::Max)
            .Case("ReduceMean", ReduceKind::Mean)
            .Case("ReduceMin", ReduceKind::Min)
            .Case("ReduceProd", ReduceKind::Prod)
            .Cases({"ReduceL2", "ReduceSumSquare"}, ReduceKind::SumSquare)
            .Default(ReduceKind::Sum);
    if (type == "ReduceL1")
      x = build.unary(UnaryKind::Abs, x);
    if (isBoolean)
      x = build.convert(x, IntegerType::get(build.getContext(), 32));
    result = build.reduce(kind, x, *axes, keeps);
    if (type == "ReduceL2")
      result = build.unary(UnaryKind::Sqrt, result);
    if (type == "ReduceLogSum")
      result = build.unary(UnaryKind::Log, result);
    if (isBoolean)
      result = build.convert(result, IntegerType::get(build.getContext(), 1));
  }
  node.setOutput(0, result);
}

namespace {

/// The input of a softmax, as it takes it.
struct Line {
  Value x;
  int64_t axis;
};

} // namespace

/// Before operator set 13 all dimensions from `axis` on were one.
static std::optional<Line> readLine(Node &node) {
  Value x = node.input(0);
  int64_t rank = rankOf(x);
  bool isFlat = node.opset < 13;
  auto axis =
      node.normalizeAxis(node.getInteger("axis", isFlat ? 1 : -1), rank);
  if (!axis)
    return std::nullopt;
  if (!isFlat || *axis == rank - 1)
    return Line{x, *axis};
  SmallVector<int64_t> flat(shapeOf(x).take_front(*axis));
  flat.push_back(1);
  for (int64_t size : shapeOf(x).drop_front(*axis))
    flat.back() *= size;
  return Line{node.build.reshape(x, flat), *axis};
}

void importSoftmax(Node &node) {
  auto line = readLine(node);
  if (!line)
    return;
  bool isLog = node.getType() == "LogSoftmax";
  Value result = node.build.softmax(line->x, line->axis, isLog);
  node.setOutput(0, node.build.reshape(result, shapeOf(node.input(0))));
}

// Hardmax -> cast(0 1 2 ... == argmax(x))
void importHardmax(Node &node) {
  GraphBuilder &build = node.build;
  auto line = readLine(node);
  if (!line || !line->x)
    return;
  auto [x, axis] = *line;
  Value place = findExtreme(build, x, axis, /*isMax=*/true, /*isLast=*/false);
  Value numbers = makeNumbers(build, shapeOf(x)[axis], axis, rankOf(x));
  Value hit = build.binary(BinaryKind::Equal, place, numbers);
  node.setOutput(0, build.reshape(build.convert(hit, elementOf(x)),
                                  shapeOf(node.input(0))));
}

} // namespace qcc::onnx_import
