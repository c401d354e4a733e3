// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Normalizations. With statistics that are constant they are a factor and an
// offset a channel; with computed ones they are written out in plain ops.

#include "compiler/Import/Onnx/Nodes.h"

using namespace mlir;

namespace qcc::onnx_import {

/// `value` [C] as [C, 1, 1 ...], to broadcast against an input of `rank`.
static Value asChannels(Node &node, Value value, int64_t rank) {
  SmallVector<int64_t> shape(shapeOf(value));
  if (rank > 2)
    shape.append(rank - 2, 1);
  return node.build.reshape(value, shape);
}

namespace {

/// y = x * factor + offset
struct Affine {
  Value factor, offset;
};

} // namespace

/// Folds constant statistics in f64, so that one rounding is left.
static Affine foldStatistics(Node &node, float epsilon) {
  auto scale = node.constantFloats(1, "scale");
  auto bias = node.constantFloats(2, "bias");
  auto mean = node.constantFloats(3, "mean");
  auto variance = node.constantFloats(4, "variance");
  if (!scale || !bias || !mean || !variance)
    return {};
  std::vector<float> factors, offsets;
  for (size_t i = 0; i < scale->size(); ++i) {
    double factor =
        (*scale)[i] / std::sqrt(double((*variance)[i]) + double(epsilon));
    factors.push_back(factor);
    offsets.push_back((*bias)[i] - (*mean)[i] * factor);
  }
  Shape shape = shapeOf(node.input(1));
  return {node.build.floats(factors, shape), node.build.floats(offsets, shape)};
}

/// The same in ops for statistics that are computed.
static Affine computeStatistics(Node &node, float epsilon) {
  GraphBuilder &build = node.build;
  Value deviation = build.unary(
      UnaryKind::Sqrt, build.binary(BinaryKind::Add, node.input(4), epsilon));
  Value factor = build.binary(BinaryKind::Div, node.input(1), deviation);
  Value shift = build.binary(BinaryKind::Mul, node.input(3), factor);
  return {factor, build.binary(BinaryKind::Sub, node.input(2), shift)};
}

namespace {

/// `x` less its mean, and the reciprocal of its deviation.
struct Standardized {
  Value mean, centred, variance, inverse;
};

} // namespace

static Standardized standardize(GraphBuilder &build, Value x, Shape axes,
                                float epsilon) {
  Value mean = build.reduce(ReduceKind::Mean, x, axes, true);
  Value centred = build.binary(BinaryKind::Sub, x, mean);
  Value variance =
      build.reduce(ReduceKind::Mean,
                   build.binary(BinaryKind::Mul, centred, centred), axes, true);
  Value deviation = build.unary(
      UnaryKind::Sqrt,
      variance ? build.binary(BinaryKind::Add, variance, epsilon) : Value());
  return {mean, centred, variance,
          build.unary(UnaryKind::Reciprocal, deviation)};
}

// BatchNormalization of a training: by the statistics of the batch, which move
// the running ones.
static void normalizeBatch(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  int64_t rank = rankOf(x);
  if (!node.normalizeAxis(1, rank))
    return;
  SmallVector<int64_t> axes{0};
  llvm::append_range(axes, llvm::seq<int64_t>(2, rank));
  auto parts = standardize(build, x, axes, node.getFloat("epsilon", 1e-5f));
  Value normal = build.binary(BinaryKind::Mul, parts.centred, parts.inverse);
  if (!normal)
    return;
  normal = build.binary(BinaryKind::Mul, normal,
                        asChannels(node, node.input(1), rank));
  node.setOutput(0, build.binary(BinaryKind::Add, normal,
                                 asChannels(node, node.input(2), rank)));
  double momentum = node.getFloat("momentum", 0.9f);
  for (auto [i, statistic] :
       {std::pair(1, parts.mean), std::pair(2, parts.variance)}) {
    Value moved = build.binary(
        BinaryKind::Mul, build.dropDimensions(statistic, axes), 1 - momentum);
    node.setOutput(i, build.binary(BinaryKind::Add, moved,
                                   build.binary(BinaryKind::Mul,
                                                node.input(i + 2), momentum)));
  }
}

// BatchNormalization -> mul, add
void importBatchNormalization(Node &node) {
  Value x = node.input(0);
  bool isPerElement = node.opset < 9 && node.getInteger("spatial", 1) == 0;
  if (node.getInteger("training_mode", 0)) {
    normalizeBatch(node);
    return;
  }
  Shape expected = shapeOf(x).drop_front(std::min<int64_t>(rankOf(x), 1));
  if (!isPerElement)
    expected = expected.take_front(1);
  bool isConstant = true;
  for (int i = 1; i < 5; ++i) {
    isConstant &= bool(constantOf(node.input(i)));
    if (rankOf(x) < 2 || shapeOf(node.input(i)) != expected) {
      node.fail("expected statistics of shape " + describe(expected) +
                " for the input " + describe(shapeOf(x)) + ", but got " +
                describe(shapeOf(node.input(i))));
      return;
    }
  }
  float epsilon = node.getFloat("epsilon", 1e-5f);
  Affine affine = isConstant ? foldStatistics(node, epsilon)
                             : computeStatistics(node, epsilon);
  if (!affine.factor || !affine.offset)
    return;
  if (!isPerElement) {
    affine.factor = asChannels(node, affine.factor, rankOf(x));
    affine.offset = asChannels(node, affine.offset, rankOf(x));
  }
  node.setOutput(
      0, node.build.binary(BinaryKind::Add,
                           node.build.binary(BinaryKind::Mul, x, affine.factor),
                           affine.offset));
}

void importInstanceNormalization(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  int64_t rank = rankOf(x);
  for (int i : {1, 2})
    if (rank < 3 || shapeOf(node.input(i)) != shapeOf(x).slice(1, 1)) {
      node.fail("expected an input of rank 3 or more and one number a "
                "channel, but got " +
                describe(shapeOf(x)) + " and " +
                describe(shapeOf(node.input(i))));
      return;
    }
  auto axes = llvm::to_vector(llvm::seq<int64_t>(2, rank));
  auto [mean, centred, variance, inverse] =
      standardize(build, x, axes, node.getFloat("epsilon", 1e-5f));
  Value factor = build.binary(BinaryKind::Mul, inverse,
                              asChannels(node, node.input(1), rank));
  node.setOutput(0, build.binary(BinaryKind::Add,
                                 build.binary(BinaryKind::Mul, centred, factor),
                                 asChannels(node, node.input(2), rank)));
}

void importLayerNormalization(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto axis = node.normalizeAxis(node.getInteger("axis", -1), rankOf(x));
  if (!axis)
    return;
  auto axes = llvm::to_vector(llvm::seq<int64_t>(*axis, rankOf(x)));
  auto [mean, centred, variance, inverse] =
      standardize(build, x, axes, node.getFloat("epsilon", 1e-5f));
  node.setOutput(1, mean);
  node.setOutput(2, inverse);
  Value result = build.binary(BinaryKind::Mul, centred, inverse);
  result = build.binary(BinaryKind::Mul, result, node.input(1));
  if (node.hasInput(2))
    result = build.binary(BinaryKind::Add, result, node.input(2));
  node.setOutput(0, result);
}

// GroupNormalization -> standardize [N, groups, rest], then mul, add
void importGroupNormalization(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  int64_t rank = rankOf(x), groups = node.getInteger("num_groups", 0);
  // Before operator set 21 there was one factor a group.
  int64_t channels = rank >= 3 ? shapeOf(x)[1] : 0;
  bool isFit = groups >= 1 && channels >= 1 && channels % groups == 0;
  int64_t expected = node.opset < 21 ? groups : channels;
  for (int i : {1, 2})
    isFit &= shapeOf(node.input(i)) == Shape(expected);
  if (!isFit) {
    node.fail("expected groups that divide the channels of " +
              describe(shapeOf(x)) + " and " + Twine(expected) +
              " factors and offsets, but got " + Twine(groups) + ", " +
              describe(shapeOf(node.input(1))) + " and " +
              describe(shapeOf(node.input(2))));
    return;
  }
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t count = typeOf(x).getNumElements();
  Value rows = build.reshape(
      x, {shape[0], groups, count / std::max<int64_t>(1, shape[0] * groups)});
  auto [mean, centred, variance, inverse] =
      standardize(build, rows, 2, node.getFloat("epsilon", 1e-5f));
  Value normal =
      build.reshape(build.binary(BinaryKind::Mul, centred, inverse), shape);
  auto perChannel = [&](Value value) {
    if (node.opset < 21)
      value = build.reshape(build.expand(build.reshape(value, {groups, 1}),
                                         {groups, channels / groups}),
                            channels);
    return value ? asChannels(node, value, rank) : Value();
  };
  Value scaled =
      build.binary(BinaryKind::Mul, normal, perChannel(node.input(1)));
  node.setOutput(
      0, build.binary(BinaryKind::Add, scaled, perChannel(node.input(2))));
}

// MeanVarianceNormalization -> (x - mean) / (deviation + 1e-9)
void importMeanVarianceNormalization(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto axes =
      node.normalizeAxes(node.getIntegers("axes", {0, 2, 3}), rankOf(x));
  if (!axes)
    return;
  Value centred = build.binary(BinaryKind::Sub, x,
                               build.reduce(ReduceKind::Mean, x, *axes, true));
  Value variance = build.reduce(ReduceKind::Mean,
                                build.binary(BinaryKind::Mul, centred, centred),
                                *axes, true);
  Value deviation = build.binary(BinaryKind::Add,
                                 build.unary(UnaryKind::Sqrt, variance), 1e-9);
  node.setOutput(0, build.binary(BinaryKind::Div, centred, deviation));
}

// RMSNormalization -> x / sqrt(mean(x * x) + epsilon) * scale
void importRmsNormalization(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto axis = node.normalizeAxis(node.getInteger("axis", -1), rankOf(x));
  if (!axis)
    return;
  auto axes = llvm::to_vector(llvm::seq<int64_t>(*axis, rankOf(x)));
  Value mean = build.reduce(ReduceKind::Mean,
                            build.binary(BinaryKind::Mul, x, x), axes, true);
  Value size = build.unary(
      UnaryKind::Sqrt,
      build.binary(BinaryKind::Add, mean, node.getFloat("epsilon", 1e-5f)));
  node.setOutput(0, build.binary(BinaryKind::Mul,
                                 build.binary(BinaryKind::Div, x, size),
                                 node.input(1)));
}

} // namespace qcc::onnx_import
