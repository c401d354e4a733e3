// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ConvTranspose as a convolution. A stride of s spreads each input pixel over
// s * s phases of the result; every phase is an ordinary convolution with the
// filter taps that reach it. All phases are computed as channels of one
// convolution, whose pixels are then interleaved: no zero is multiplied.

#include "compiler/Import/Onnx/Nodes.h"
#include "compiler/Import/Onnx/OnnxReader.h"
#include "compiler/Import/Onnx/Volumes.h"
#include "compiler/Import/Onnx/WindowGeometry.h"

using namespace mlir;

namespace qcc::onnx_import {

namespace {

// Keeps products of attributes within 64 bits.
constexpr int64_t kMaxExtent = int64_t(1) << 20;

/// One dimension of the node.
struct Axis {
  int64_t size = 1, kernel = 1, stride = 1, dilation = 1;
  int64_t before = 0, after = 0, outputPadding = 0, output = 1;

  int64_t window() const { return (kernel - 1) * dilation + 1; }
  /// Taps of a phase's filter.
  int64_t taps() const { return llvm::divideCeil(window(), stride); }
  /// The result's size without pads.
  int64_t full() const {
    return (size - 1) * stride + outputPadding + window();
  }
  /// Pixels of a phase that are computed: those up to the last one kept.
  int64_t pixels() const {
    return std::max(size + taps() - 1,
                    int64_t(llvm::divideCeil(before + output, stride)));
  }
};

} // namespace

/// Entry `i` of a list attribute, `absent` without the list; nothing and a
/// problem where it is not from `lowest` on.
static std::optional<int64_t> readEntry(Node &node, StringRef name, size_t i,
                                        size_t count, int64_t lowest) {
  SmallVector<int64_t> list =
      node.getIntegers(name, SmallVector<int64_t>(count, lowest));
  if (list.size() == count && list[i] >= lowest && list[i] <= kMaxExtent)
    return list[i];
  node.fail("expected " + Twine(count) + " " + name + " of at least " +
            Twine(lowest) + ", but got " + describe(list));
  return std::nullopt;
}

/// Pads from `output_shape` or `auto_pad`, of which the first wins.
static bool readPads(Node &node, size_t i, size_t rank, Axis &axis) {
  StringRef automatic = node.getString("auto_pad", "NOTSET");
  bool isSame = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
  if (node.hasAttribute("output_shape") || isSame) {
    axis.output = axis.size * axis.stride;
    if (node.hasAttribute("output_shape")) {
      SmallVector<int64_t> shape = node.getIntegers("output_shape", {});
      if (shape.size() > rank)
        shape.erase(shape.begin(), shape.end() - rank);
      axis.output = shape.size() == rank ? shape[i] : 0;
    }
    int64_t total = std::max<int64_t>(axis.full() - axis.output, 0);
    axis.before = automatic == "SAME_UPPER" ? total / 2 : total - total / 2;
    axis.after = total - axis.before;
    return true;
  }
  if (automatic != "NOTSET" && automatic != "VALID" && automatic != "") {
    node.fail("expected auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER, "
              "but got " +
              quote(automatic));
    return false;
  }
  if (automatic != "VALID") {
    auto before = readEntry(node, "pads", i, 2 * rank, 0);
    auto after = readEntry(node, "pads", i + rank, 2 * rank, 0);
    if (!before || !after)
      return false;
    axis.before = *before;
    axis.after = *after;
  }
  axis.output = axis.full() - axis.before - axis.after;
  return true;
}

static std::optional<Axis> readAxis(Node &node, size_t i, size_t rank) {
  auto stride = readEntry(node, "strides", i, rank, 1);
  auto dilation = readEntry(node, "dilations", i, rank, 1);
  auto outputPadding = readEntry(node, "output_padding", i, rank, 0);
  if (!stride || !dilation || !outputPadding)
    return std::nullopt;
  Axis axis;
  axis.size = shapeOf(node.input(0))[2 + i];
  axis.kernel = shapeOf(node.input(1))[2 + i];
  axis.stride = *stride;
  axis.dilation = *dilation;
  axis.outputPadding = *outputPadding;
  bool isFit = axis.size >= 1 && axis.size <= kMaxExtent && axis.kernel >= 1 &&
               axis.kernel <= kMaxExtent;
  if (isFit && !readPads(node, i, rank, axis))
    return std::nullopt;
  if (isFit && axis.output >= 1 && axis.output <= kMaxExtent * kMaxExtent)
    return axis;
  node.fail("expected an image, a filter and a result of at least 1 element, "
            "but got " +
            Twine(axis.size) + ", " + Twine(axis.kernel) + " and " +
            Twine(axis.output));
  return std::nullopt;
}

/// Filters with zeros between dilated taps and behind them, so that each of
/// the two dimensions is taps() * stride long.
static Value spreadTaps(GraphBuilder &build, Value filters, Axis y, Axis x) {
  for (auto [at, axis] : {std::pair(2, y), std::pair(3, x)}) {
    if (!filters)
      return {};
    SmallVector<int64_t> shape(shapeOf(filters));
    SmallVector<int64_t> low(shape.size() + 1, 0), high = low, split = shape;
    split.insert(split.begin() + at + 1, 1);
    high[at + 1] = axis.dilation - 1;
    Value apart = build.pad(build.reshape(filters, split), low, high,
                            PadMode::Constant, 0);
    shape[at] = axis.kernel * axis.dilation;
    low.pop_back();
    high.assign(low.begin(), low.end());
    high[at] = axis.taps() * axis.stride - shape[at];
    filters =
        build.pad(build.reshape(apart, shape), low, high, PadMode::Constant, 0);
  }
  return filters;
}

/// [C, O / group, KH, KW] as the filters of all phases, in each group phase by
/// phase, so that pixels are moved whole where they become neighbours:
/// [group * SH * SW * O / group, C / group, TH, TW], taps from last to first.
static Value makePhases(GraphBuilder &build, Value filters, int64_t group,
                        Axis y, Axis x) {
  int64_t depth = shapeOf(filters)[0] / group, outputs = shapeOf(filters)[1];
  Value split = build.reshape(
      spreadTaps(build, filters, y, x),
      {group, depth, outputs, y.taps(), y.stride, x.taps(), x.stride});
  if (!split)
    return {};
  SmallVector<int64_t> starts(7, 0), steps(7, 1), sizes(shapeOf(split));
  for (auto [at, axis] : {std::pair(3, y), std::pair(5, x)})
    if (axis.taps() > 1) {
      starts[at] = axis.taps() - 1;
      steps[at] = -1;
    }
  Value flipped = build.slice(split, starts, sizes, steps);
  return build.reshape(
      build.transpose(flipped, {0, 4, 6, 2, 1, 3, 5}),
      {group * outputs * y.stride * x.stride, depth, y.taps(), x.taps()});
}

/// The node on an image [N, C, H, W].
static Value convolve(Node &node, Value image, Value filters, Axis y, Axis x) {
  GraphBuilder &build = node.build;
  int64_t group = node.getInteger("group", 1), count = shapeOf(image)[0];
  Shape shape = shapeOf(filters);
  if (group < 1 || shape[0] != shapeOf(image)[1] || shape[0] % group)
    return node.fail("expected filters [C, O / group, ...] for the input " +
                     describe(shapeOf(image)) + " and group " + Twine(group) +
                     ", but got " + describe(shape));
  int64_t outputs = shape[1] * group, phases = y.stride * x.stride;
  Value bias = node.input(2);
  if (bias && shapeOf(bias) != Shape(outputs))
    return node.fail("expected a bias of shape " + describe(outputs) +
                     ", but got " + describe(shapeOf(bias)));
  if (bias)
    bias = build.reshape(build.expand(build.reshape(bias, {group, 1, shape[1]}),
                                      {group, phases, shape[1]}),
                         outputs * phases);
  WindowGeometry geometry{{y.taps(), x.taps()},
                          {1, 1},
                          {1, 1},
                          {y.taps() - 1, x.taps() - 1},
                          {y.pixels(), x.pixels()}};
  geometry.pads.append({y.pixels() - y.size, x.pixels() - x.size});
  Value result = build.convolution(
      image, makePhases(build, filters, group, y, x), bias, geometry, group);
  result = build.reshape(result, {count, group, y.stride, x.stride, shape[1],
                                  y.pixels(), x.pixels()});
  result = build.reshape(
      build.transpose(result, {0, 1, 4, 5, 2, 6, 3}),
      {count, outputs, y.pixels() * y.stride, x.pixels() * x.stride});
  return build.slice(result, {0, 0, y.before, x.before},
                     {count, outputs, y.output, x.output}, {1, 1, 1, 1});
}

/// The node on a volume [N, C, D, H, W]: zeros between its planes, then each
/// plane of the result from the planes that its taps reach.
static Value convolveVolume(Node &node, Axis z, Axis y, Axis x) {
  GraphBuilder &build = node.build;
  SmallVector<int64_t> shape(shapeOf(node.input(0)));
  SmallVector<int64_t> filter(shapeOf(node.input(1)));
  int64_t group = node.getInteger("group", 1);
  if (group < 1 || filter[0] != shape[1] || shape[1] % group)
    return node.fail("expected filters [C, O / group, ...] for the input " +
                     describe(shape) + " and group " + Twine(group) +
                     ", but got " + describe(filter));
  Value apart = build.pad(
      build.reshape(node.input(0),
                    {shape[0], shape[1], shape[2], 1, shape[3], shape[4]}),
      {0, 0, 0, 0, 0, 0}, {0, 0, 0, z.stride - 1, 0, 0}, PadMode::Constant, 0);
  apart = build.reshape(
      apart, {shape[0], shape[1], shape[2] * z.stride, shape[3], shape[4]});
  int64_t low = z.window() - 1 - z.before;
  int64_t high = z.output + z.window() - 1 - shape[2] * z.stride - low;
  apart = build.pad(apart, {0, 0, low, 0, 0}, {0, 0, high, 0, 0},
                    PadMode::Constant, 0);
  Value planes =
      stackPlanes(build, apart, {z.output, z.kernel, 1, z.dilation}, group);
  // Taps from last to first, in the order of the planes.
  SmallVector<int64_t> starts(5, 0), steps(5, 1);
  if (z.kernel > 1) {
    starts[2] = z.kernel - 1;
    steps[2] = -1;
  }
  Value filters = build.reshape(
      build.slice(node.input(1), starts, filter, steps),
      {group, shape[1] / group, filter[1], z.kernel, filter[3], filter[4]});
  filters =
      build.reshape(build.transpose(filters, {0, 3, 1, 2, 4, 5}),
                    {shape[1] * z.kernel, filter[1], filter[3], filter[4]});
  if (!planes || !filters)
    return {};
  return unstackPlanes(build, convolve(node, planes, filters, y, x), z.output);
}

void importConvTranspose(Node &node) {
  Value input = node.input(0);
  int64_t rank = rankOf(input);
  if (rankOf(node.input(1)) != rank || rank < 3 || rank > 5) {
    node.fail("expected an input and filters of one rank, 3 to 5, but got " +
              describe(shapeOf(input)) + " and " +
              describe(shapeOf(node.input(1))));
    return;
  }
  SmallVector<Axis> axes(rank == 3 ? 1 : 0);
  for (int64_t i = 0; i + 2 < rank; ++i) {
    std::optional<Axis> axis = readAxis(node, i, rank - 2);
    if (!axis)
      return;
    axes.push_back(*axis);
  }
  if (rank == 5) {
    node.setOutput(0, convolveVolume(node, axes[0], axes[1], axes[2]));
    return;
  }
  Value result = convolve(node, asImage(node, input),
                          asImage(node, node.input(1)), axes[0], axes[1]);
  node.setOutput(0, asOriginal(node, result, input));
}

} // namespace qcc::onnx_import
