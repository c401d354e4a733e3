// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions and matrix products.

#include "test/numerics/Generators.h"

#include <algorithm>
#include <cmath>

namespace qcc::numerics_test {

/// The reference executor is slow: a case must not take it a second.
static constexpr int64_t kMostProducts = 3000000;

namespace {

/// The operands and attributes that convolutions and linear layers share.
struct Contraction {
  GraphText &graph;
  Random &random;
  int64_t outputs;
  /// Products summed for one output.
  int64_t depth;
  std::vector<Tensor> operands;
  std::string text, attributes;

  void addWeights(Shape shape);
  /// Bias, weight scales, and the grid that the sums fit.
  Grid addScales(float inputScale);
  void addResidual(Tensor result);
  void addBounds(float unit);
  void addFloatWeights(Shape shape);
  void addOperand(const char *word, Tensor operand) {
    text += std::string(" ") + word + "(" + operand.name + ")";
    operands.push_back(std::move(operand));
  }
  void addAttribute(const std::string &attribute) {
    attributes += (attributes.empty() ? "" : ", ") + attribute;
  }
  Tensor finish(const std::string &op, Tensor result) {
    return graph.addOp(op + " " + operands[0].name + ", " + operands[1].name +
                           text + " {" + attributes + "}",
                       operands, std::move(result), /*isCall=*/true);
  }
};

void Contraction::addWeights(Shape shape) {
  std::vector<int8_t> weights(size_t(outputs * depth));
  // The largest sums overflow what 16 bits would hold.
  bool isExtreme = random.oneIn(6);
  for (int8_t &weight : weights)
    weight = int8_t(isExtreme ? random.pick({-128, 127})
                              : random.integer(-127, 127));
  operands.push_back(graph.addConstant(std::move(shape), "i8", weights));
}

Grid Contraction::addScales(float inputScale) {
  bool isBinary = random.oneIn(3);
  double sigma = 74 * 73 * std::sqrt(double(depth));
  double middle = isBinary ? 0x1p-8 : std::exp2(random.real(-12, 0));
  std::vector<float> scales(static_cast<size_t>(outputs), float(middle));
  for (float &scale : scales)
    scale *= isBinary ? std::exp2(float(random.integer(-1, 1)))
                      : float(random.real(0.5, 2));
  if (!random.oneIn(3)) {
    std::vector<int32_t> biases(size_t(outputs), 0);
    for (int32_t &bias : biases)
      bias = int32_t(random.real(-2 * sigma, 2 * sigma));
    addOperand("bias", graph.addConstant({outputs}, "i32", biases));
  }
  addOperand("scales", graph.addConstant({outputs}, "f32", scales));
  Grid grid = drawGrid(random);
  grid.scale = float(inputScale * middle * sigma / random.real(20, 80));
  // Sums far outside the grid must saturate before they overflow an i32.
  if (random.oneIn(12))
    grid.scale *= 1e-12f;
  else if (isBinary)
    grid.scale = std::exp2(std::round(std::log2(grid.scale)));
  return grid;
}

void Contraction::addResidual(Tensor result) {
  if (!random.oneIn(3))
    return;
  if (!result.isQuantized()) {
    addOperand("residual", graph.addInput(result.shape, "f32"));
    return;
  }
  Grid grid = drawGrid(random);
  grid.scale = result.grid.scale * (random.oneIn(2) ? 0.5f : 0.37f);
  addOperand("residual", graph.addInput(result.shape, grid));
}

void Contraction::addBounds(float unit) {
  double lower = random.oneIn(2) ? 0 : random.real(-60, 10) * unit;
  if (random.oneIn(2))
    addAttribute("lower = " + printFloat(lower) + " : f32");
  else
    lower = -1e30;
  if (random.oneIn(3))
    addAttribute(
        "upper = " + printFloat(std::max(lower, random.real(0, 90) * unit)) +
        " : f32");
}

void Contraction::addFloatWeights(Shape shape) {
  std::vector<float> weights(size_t(outputs * depth)), biases;
  // Results then are about as large as inputs, in chains too: where large
  // values cancel, errors have no bound that is worth comparing with.
  double largest = std::sqrt(3.0 / double(depth));
  for (float &weight : weights)
    weight = float(random.real(-largest, largest));
  operands.push_back(graph.addConstant(std::move(shape), "f32", weights));
  if (random.oneIn(4))
    return;
  for (int64_t i = 0; i < outputs; ++i)
    biases.push_back(float(random.real(-4, 4)));
  addOperand("bias", graph.addConstant({outputs}, "f32", biases));
}

} // namespace

/// Rounding errors of `depth` sums in any order, where the sums stay below
/// four; eight times what a random walk leaves.
static double floatTolerance(int64_t depth) {
  return std::sqrt(double(depth + 1)) * 0x1p-19;
}

namespace {

/// Sizes of a convolution but for its input's channels and images.
struct Geometry {
  int64_t outputs, group;
  Window rows, columns;
};

} // namespace

static Contraction startConvolution(GraphText &graph, Random &random,
                                    const Tensor &input,
                                    const Geometry &geometry) {
  auto &[outputs, group, rows, columns] = geometry;
  int64_t depth = input.shape[1] / group * rows.kernel * columns.kernel;
  Contraction layer{graph, random, outputs, depth, {input}, "", ""};
  layer.addAttribute("strides = " + printArray({rows.stride, columns.stride}));
  layer.addAttribute(
      "pads = " + printArray({rows.low, columns.low, rows.high, columns.high}));
  layer.addAttribute("dilations = " +
                     printArray({rows.dilation, columns.dilation}));
  layer.addAttribute("group = " + std::to_string(group) + " : i64");
  return layer;
}

static Tensor finishConvolution(Contraction layer, const Geometry &geometry) {
  auto &[outputs, group, rows, columns] = geometry;
  Tensor input = layer.operands[0];
  Shape weight{outputs, input.shape[1] / group, rows.kernel, columns.kernel};
  Shape shape{input.shape[0], outputs, rows.result, columns.result};
  Tensor result = makeTensor(shape, "f32");
  float unit = 0.05f;
  if (input.isQuantized()) {
    layer.addWeights(weight);
    Grid grid = layer.addScales(input.grid.scale);
    unit = grid.scale;
    if (!layer.random.oneIn(6))
      result = makeTensor(shape, grid);
  } else {
    layer.addFloatWeights(weight);
  }
  layer.addResidual(result);
  layer.addBounds(unit);
  return layer.finish("conv", result);
}

/// Sizes of a convolution that the executor computes in time.
struct Sizes {
  int64_t batch, group, channels, outputs; // of one group
  Window rows, columns;

  int64_t countProducts() const {
    return batch * group * channels * outputs * rows.kernel * columns.kernel *
           rows.result * columns.result;
  }
};

static Sizes drawSizes(Random &random) {
  Sizes sizes;
  int64_t kernel = random.pick({1, 1, 3, 3, 5, 7});
  bool isSquare = !random.oneIn(5);
  sizes.batch = random.oneIn(4) ? random.integer(2, 3) : 1;
  sizes.group = random.oneIn(4) ? random.integer(2, 5) : 1;
  int64_t most = sizes.group == 1 ? 67 : 20;
  sizes.channels =
      random.oneIn(4) ? random.integer(1, 4) : random.integer(1, most);
  sizes.outputs =
      random.oneIn(4) ? random.pick({16, 32, 64}) : random.integer(1, most);
  sizes.rows = drawWindow(random, kernel, random.integer(1, 16));
  sizes.columns =
      drawWindow(random, isSquare ? kernel : random.pick({1, 2, 3, 4}),
                 random.integer(1, 31));
  while (sizes.countProducts() > kMostProducts)
    (sizes.outputs > sizes.channels ? sizes.outputs : sizes.channels) /= 2;
  return sizes;
}

static void addConvolutionLike(GraphText &graph, Random &random,
                               const Sizes &sizes, bool isFloat) {
  Shape shape{sizes.batch, sizes.group * sizes.channels, sizes.rows.size,
              sizes.columns.size};
  Tensor input =
      isFloat ? graph.addInput(shape, "f32")
              : graph.addInput(shape, drawGrid(random), drawSpread(random));
  Geometry geometry{sizes.group * sizes.outputs, sizes.group, sizes.rows,
                    sizes.columns};
  Contraction layer = startConvolution(graph, random, input, geometry);
  double tolerance = isFloat ? floatTolerance(layer.depth) : 0;
  Tensor result = finishConvolution(std::move(layer), geometry);
  graph.addOutput(result, tolerance);
}

static Sizes drawDepthwiseSizes(Random &random) {
  Sizes sizes = drawSizes(random);
  sizes.group =
      random.oneIn(3) ? 16 * random.integer(1, 8) : random.integer(2, 140);
  sizes.channels = sizes.outputs = 1;
  return sizes;
}

void addConvolution(GraphText &graph, Random &random) {
  addConvolutionLike(graph, random, drawSizes(random), false);
}

void addDepthwise(GraphText &graph, Random &random) {
  addConvolutionLike(graph, random, drawDepthwiseSizes(random), false);
}

void addFloatConvolution(GraphText &graph, Random &random) {
  Sizes sizes =
      random.oneIn(3) ? drawDepthwiseSizes(random) : drawSizes(random);
  addConvolutionLike(graph, random, sizes, true);
}

Tensor addConvolutionOf(GraphText &graph, Random &random, Tensor input,
                        Filters filters) {
  int64_t kernel = filters.kernel, border = kernel / 2;
  auto fit = [&](int64_t size) {
    int64_t result = (size + 2 * border - kernel) / filters.stride + 1;
    return Window{size, kernel, filters.stride, 1, border, border, result};
  };
  Geometry geometry{filters.outputs, filters.group, fit(input.shape[2]),
                    fit(input.shape[3])};
  return finishConvolution(startConvolution(graph, random, input, geometry),
                           geometry);
}

/// What mobile networks are made of: a depthwise layer in the middle of two
/// pointwise ones, of sizes at which the last two become one kernel.
static void addSeparableLike(GraphText &graph, Random &random, bool isFloat) {
  int64_t width = random.pick({12, 13, 14, 27, 28});
  Shape shape{random.integer(1, 2), random.integer(1, 24),
              random.integer(8, 20), width};
  Tensor input =
      isFloat ? graph.addInput(shape, "f32")
              : graph.addInput(shape, drawGrid(random), drawSpread(random));
  int64_t channels =
      random.oneIn(3) ? 16 * random.integer(1, 4) : random.integer(2, 50);
  Tensor expanded = addConvolutionOf(graph, random, input, {channels, 1, 1, 1});
  if (!isFloat && !expanded.isQuantized())
    return graph.addOutput(expanded);
  Tensor image = addConvolutionOf(
      graph, random, expanded, {channels, channels, random.pick({3, 3, 5}), 1});
  // A layer of integers may have f32 results; what follows is not exact.
  if (!isFloat && !image.isQuantized())
    return graph.addOutput(image);
  Tensor result =
      addConvolutionOf(graph, random, image, {random.integer(1, 40), 1, 1, 1});
  graph.addOutput(result, isFloat ? 4 * floatTolerance(channels) : 0);
}

void addSeparable(GraphText &graph, Random &random) {
  addSeparableLike(graph, random, false);
}

void addFloatSeparable(GraphText &graph, Random &random) {
  addSeparableLike(graph, random, true);
}

Tensor addLinearOf(GraphText &graph, Random &random, Tensor input,
                   int64_t outputs) {
  int64_t rows = input.shape[0], depth = input.shape[1];
  Contraction layer{graph, random, outputs, depth, {input}, "", ""};
  Tensor result = makeTensor({rows, outputs}, "f32");
  float unit = 0.05f;
  if (input.isQuantized()) {
    layer.addWeights({outputs, depth});
    Grid grid = layer.addScales(input.grid.scale);
    unit = grid.scale;
    if (!random.oneIn(4))
      result = makeTensor({rows, outputs}, grid);
  } else {
    layer.addFloatWeights({outputs, depth});
  }
  layer.addResidual(result);
  layer.addBounds(unit);
  return layer.finish("linear", result);
}

static Shape drawRows(Random &random) {
  return {random.oneIn(2) ? 1 : random.integer(2, 40),
          random.integer(1, random.oneIn(3) ? 16 : 400)};
}

void addLinear(GraphText &graph, Random &random) {
  Tensor input =
      graph.addInput(drawRows(random), drawGrid(random), drawSpread(random));
  graph.addOutput(addLinearOf(graph, random, input, random.integer(1, 200)));
}

static void addMatmul(GraphText &graph, Random &random) {
  int64_t m = random.integer(1, 20), k = random.integer(1, 70),
          n = random.integer(1, 40), stack = random.integer(1, 3);
  Tensor lhs = graph.addInput({stack, m, k}, "f32");
  Tensor rhs = random.oneIn(2) ? graph.addInput({k, n}, "f32")
                               : graph.addInput({stack, k, n}, "f32");
  graph.addOutput(graph.addOp("matmul " + lhs.name + ", " + rhs.name,
                              {lhs, rhs}, makeTensor({stack, m, n}, "f32"),
                              /*isCall=*/true),
                  4 * std::sqrt(double(k)) * floatTolerance(k));
}

void addFloatLinear(GraphText &graph, Random &random) {
  if (random.oneIn(3))
    return addMatmul(graph, random);
  Tensor input = graph.addInput(drawRows(random), "f32");
  graph.addOutput(addLinearOf(graph, random, input, random.integer(1, 200)),
                  floatTolerance(input.shape[1]));
}

} // namespace qcc::numerics_test
