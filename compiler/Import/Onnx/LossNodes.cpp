// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Losses of classifiers: the logarithm of the probability of the right class.

#include "compiler/Import/Onnx/Indices.h"
#include "compiler/Import/Onnx/Nodes.h"

#include "compiler/Import/Onnx/OnnxReader.h"

using namespace mlir;

namespace qcc::onnx_import {

/// The loss of logarithms [N, C, ...] at the classes of input 1.
static Value takeLoss(Node &node, Value logarithms) {
  GraphBuilder &build = node.build;
  Value target = node.input(1);
  SmallVector<int64_t> shape(shapeOf(logarithms)), expected(shape);
  if (shape.size() >= 2)
    expected.erase(expected.begin() + 1);
  if (shape.size() < 2 || shapeOf(target) != Shape(expected) ||
      !isa<IntegerType>(elementOf(target)))
    return node.fail("expected a class for each of " + describe(shape) +
                     ", but got " + describe(target.getType()));
  int64_t rank = shape.size();
  Type i64 = IntegerType::get(build.getContext(), 64);
  expected.insert(expected.begin() + 1, 1);
  target = build.reshape(build.convert(target, i64), expected);
  Value hit = build.binary(BinaryKind::Equal, target,
                           makeNumbers(build, shape[1], 1, rank));
  if (node.hasAttribute("ignore_index")) {
    Value isIgnored = build.binary(BinaryKind::Equal, target,
                                   double(node.getInteger("ignore_index", 0)));
    hit = build.binary(BinaryKind::And, hit,
                       build.unary(UnaryKind::Not, isIgnored));
  }
  // Only the right class has a weight.
  Value zero = build.scalar(0, build.getFloat());
  Value weights = build.scalar(1, build.getFloat());
  if (node.hasInput(2)) {
    SmallVector<int64_t> channels(rank, 1);
    channels[1] = shape[1];
    weights = build.reshape(node.input(2), channels);
  }
  weights = build.select(hit, weights, zero);
  Value chosen = build.select(hit, logarithms, zero);
  Value loss = build.unary(
      UnaryKind::Neg,
      build.reduce(ReduceKind::Sum,
                   build.binary(BinaryKind::Mul, chosen, weights), 1, false));
  StringRef reduction = node.getString("reduction", "mean");
  if (reduction == "none" || !loss)
    return loss;
  auto sumAll = [&](Value value) {
    auto axes = llvm::to_vector(llvm::seq<int64_t>(value ? rankOf(value) : 0));
    return build.reduce(ReduceKind::Sum, value, axes, false);
  };
  if (reduction == "sum")
    return sumAll(loss);
  if (reduction == "mean")
    return build.binary(BinaryKind::Div, sumAll(loss), sumAll(weights));
  return node.fail("expected reduction none, sum or mean, but got " +
                   quote(reduction));
}

void importNegativeLogLikelihoodLoss(Node &node) {
  node.setOutput(0, takeLoss(node, node.input(0)));
}

void importSoftmaxCrossEntropyLoss(Node &node) {
  Value x = node.input(0);
  if (!node.normalizeAxis(1, rankOf(x)))
    return;
  Value logarithms = node.build.softmax(x, 1, /*isLog=*/true);
  if (!logarithms)
    return;
  node.setOutput(0, takeLoss(node, logarithms));
  node.setOutput(1, logarithms);
}

} // namespace qcc::onnx_import
