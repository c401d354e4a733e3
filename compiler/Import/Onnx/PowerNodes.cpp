// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that add powers of elements: the p-norms of windows, images and axes, and
// the response of neighbouring channels.

#include "compiler/Import/Onnx/Nodes.h"
#include "compiler/Import/Onnx/WindowGeometry.h"

using namespace mlir;

namespace qcc::onnx_import {

/// |x|^p. Only 1 and 2 need no powers of floats.
static Value raise(GraphBuilder &build, Value x, double p) {
  if (p == 2)
    return build.binary(BinaryKind::Mul, x, x);
  Value magnitude = build.unary(UnaryKind::Abs, x);
  return p == 1 ? magnitude : build.binary(BinaryKind::Pow, magnitude, p);
}

/// x^(1/p)
static Value root(GraphBuilder &build, Value x, double p) {
  if (p == 2)
    return build.unary(UnaryKind::Sqrt, x);
  return p == 1 ? x : build.binary(BinaryKind::Pow, x, 1 / p);
}

/// The attribute `p`, a float before operator set 2 only; nothing and a problem
/// where it is no power.
static std::optional<double> readPower(Node &node) {
  int64_t p = node.getInteger("p", 2);
  if (p >= 1 && p <= 1 << 20)
    return p;
  node.fail("expected p of at least 1, but got " + Twine(p));
  return std::nullopt;
}

// LpPool -> root(depthwise convolution of powers with ones)
void importLpPool(Node &node) {
  GraphBuilder &build = node.build;
  Value image = asImage(node, node.input(0));
  auto p = readPower(node);
  if (!image || !p)
    return;
  auto geometry = readWindows(node, shapeOf(node.input(0)).drop_front(2),
                              node.getIntegers("kernel_shape", {}),
                              node.getInteger("ceil_mode", 0));
  if (!geometry)
    return;
  // A convolution rounds down: the last windows get all the pads they need.
  for (int i : {0, 1}) {
    int64_t window = (geometry->kernel[i] - 1) * geometry->dilations[i] + 1;
    int64_t end = (geometry->output[i] - 1) * geometry->strides[i] + window;
    int64_t inside = geometry->pads[i] + shapeOf(image)[2 + i];
    geometry->pads[2 + i] = std::max(geometry->pads[2 + i], end - inside);
  }
  int64_t channels = shapeOf(image)[1];
  Value ones =
      build.expand(build.floats(1.0f, {1, 1, 1, 1}),
                   {channels, 1, geometry->kernel[0], geometry->kernel[1]});
  Value sum = build.convolution(raise(build, image, *p), ones, Value(),
                                *geometry, channels);
  node.setOutput(0, asOriginal(node, root(build, sum, *p), node.input(0)));
}

/// The p-norm along `axes`, which stay.
static Value takeNorm(GraphBuilder &build, Value x, Shape axes, double p) {
  return root(build,
              build.reduce(ReduceKind::Sum, raise(build, x, p), axes, true), p);
}

void importGlobalLpPool(Node &node) {
  Value x = node.input(0);
  auto p = readPower(node);
  auto axes = llvm::to_vector(llvm::seq<int64_t>(2, rankOf(x)));
  if (p)
    node.setOutput(0, takeNorm(node.build, x, axes, *p));
}

// LpNormalization -> norm == 0 ? 0 : x / norm
void importLpNormalization(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  auto p = readPower(node);
  auto axis = node.normalizeAxis(node.getInteger("axis", -1), rankOf(x));
  if (!p || !axis)
    return;
  Value norm = takeNorm(build, x, *axis, *p);
  if (!norm)
    return;
  Value zero = build.scalar(0, elementOf(x));
  node.setOutput(0, build.select(build.binary(BinaryKind::Equal, norm, zero),
                                 zero, build.binary(BinaryKind::Div, x, norm)));
}

// LRN -> x / (bias + alpha * mean of the squares of `size` channels)^beta,
// with the channels as rows of an image that an average pool runs over; the
// pixels are that image's channels, which a kernel has neighbours of
void importLrn(Node &node) {
  GraphBuilder &build = node.build;
  Value x = node.input(0);
  int64_t size = node.getInteger("size", 0);
  if (rankOf(x) < 3 || size < 1 || size > 1 << 20) {
    node.fail("expected an input of rank 3 or more and a size of at least 1, "
              "but got " +
              describe(shapeOf(x)) + " and " + Twine(size));
    return;
  }
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t area = 1;
  for (int64_t extent : Shape(shape).drop_front(2))
    area *= extent;
  Value squares = build.reshape(build.binary(BinaryKind::Mul, x, x),
                                {shape[0], shape[1], area});
  Value rows = build.reshape(build.transpose(squares, {0, 2, 1}),
                             {shape[0], area, shape[1], 1});
  int64_t before = (size - 1) / 2;
  WindowGeometry geometry{{size, 1},
                          {1, 1},
                          {1, 1},
                          {before, 0, size - 1 - before, 0},
                          {shape[1], 1}};
  Value means = build.averagePool(rows, geometry, /*countsPadding=*/true);
  means = build.transpose(build.reshape(means, {shape[0], area, shape[1]}),
                          {0, 2, 1});
  Value mean = build.reshape(means, shape);
  Value scaled = build.binary(
      BinaryKind::Add,
      build.binary(BinaryKind::Mul, mean, node.getFloat("alpha", 1e-4f)),
      node.getFloat("bias", 1.0f));
  node.setOutput(0, build.binary(BinaryKind::Div, x,
                                 build.binary(BinaryKind::Pow, scaled,
                                              node.getFloat("beta", 0.75f))));
}

} // namespace qcc::onnx_import
