// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops without weights: elementwise, tables, pools, reductions, resize, softmax,
// and what all generators draw.

#include "test/numerics/Generators.h"

#include <algorithm>
#include <cmath>

namespace qcc::numerics_test {

Grid drawGrid(Random &random) {
  Grid grid;
  grid.isSigned = random.oneIn(4);
  grid.scale = random.oneIn(3) ? std::exp2(float(random.integer(-8, 2)))
                               : float(std::exp2(random.real(-8, 2)));
  int64_t offset = random.pick<int64_t>(
      {0, 128, random.integer(0, 255), random.integer(0, 255), 255});
  grid.zeroPoint = grid.lowest() + offset;
  return grid;
}

Spread drawSpread(Random &random) {
  return random.oneIn(4) ? Spread::Ends : Spread::Even;
}

Shape drawShape(Random &random, int64_t rank, int64_t elements) {
  Shape shape;
  for (int64_t i = 0; i < rank; ++i) {
    int64_t most = std::min<int64_t>(elements, rank > 2 ? 35 : 150);
    int64_t size = random.oneIn(4)
                       ? random.integer(1, std::min<int64_t>(3, most))
                       : random.integer(1, most);
    shape.push_back(size);
    elements = std::max<int64_t>(1, elements / size);
  }
  return shape;
}

Window drawWindow(Random &random, int64_t kernel, int64_t size) {
  Window window{};
  window.kernel = kernel;
  window.stride = random.pick({1, 1, 1, 2, 2, 3});
  window.dilation = kernel > 1 && random.oneIn(5) ? random.integer(2, 3) : 1;
  int64_t reach = (kernel - 1) * window.dilation + 1;
  // The usual border half of the time.
  window.low = window.high = reach / 2;
  if (random.oneIn(2)) {
    window.low = random.integer(0, reach - 1);
    window.high = random.integer(0, reach - 1);
  }
  int64_t border = window.low + window.high;
  window.size = std::max(size, std::max<int64_t>(1, reach - border));
  window.result = (window.size + border - reach) / window.stride + 1;
  return window;
}

std::string printWindows(const Window &rows, const Window &columns) {
  return "kernel = " + printArray({rows.kernel, columns.kernel}) +
         ", strides = " + printArray({rows.stride, columns.stride}) +
         ", pads = " +
         printArray({rows.low, columns.low, rows.high, columns.high}) +
         ", dilations = " + printArray({rows.dilation, columns.dilation});
}

static std::string printBounds(Random &random, double unit) {
  double lower = random.real(-60, 10) * unit;
  std::string text;
  if (random.oneIn(4))
    text = "lower = " + printFloat(lower) + " : f32";
  if (random.oneIn(4))
    text += std::string(text.empty() ? "" : ", ") +
            "upper = " + printFloat(lower + random.real(0, 90) * unit) +
            " : f32";
  return text;
}

/// The shape of an operand that broadcasts to `shape`.
static Shape drawBroadcast(Random &random, Shape shape) {
  if (!random.oneIn(3))
    return shape;
  for (int64_t &size : shape)
    if (random.oneIn(2))
      size = 1;
  if (random.oneIn(3))
    shape.erase(shape.begin());
  return shape;
}

void addElementwise(GraphText &graph, Random &random) {
  Shape shape = drawShape(random, random.integer(2, 4));
  std::string kind = random.pick({"add", "add", "sub", "mul"});
  Tensor lhs = graph.addInput(drawBroadcast(random, shape), drawGrid(random));
  Tensor rhs = graph.addInput(shape, drawGrid(random), drawSpread(random));
  Grid grid = drawGrid(random);
  double scale = kind == "mul" ? 60.0 * lhs.grid.scale * rhs.grid.scale
                               : std::max(lhs.grid.scale, rhs.grid.scale);
  grid.scale = float(scale * random.pick({0.25, 1.0, 1.7}));
  if (random.oneIn(2))
    std::swap(lhs, rhs);
  graph.addOutput(
      graph.addOp("binary " + kind + " " + lhs.name + ", " + rhs.name + " {" +
                      printBounds(random, grid.scale) + "}",
                  {lhs, rhs}, makeTensor(shape, grid), /*isCall=*/true));
}

static std::string drawActivation(Random &random) {
  return random.pick(
      {"relu",         "leaky_relu", "sigmoid",    "tanh",
       "hard_sigmoid", "hard_swish", "silu",       "elu",
       "celu",         "selu",       "gelu",       "gelu_tanh",
       "mish",         "softplus",   "softsign",   "thresholded_relu",
       "erf",          "exp",        "reciprocal", "neg",
       "abs",          "floor",      "ceil",       "round",
       "sign",         "sin",        "cos"});
}

static const char *const kParameters = " {alpha = 2.5e-1 : f32, beta = 5.0e-1 "
                                       ": f32}";

void addLookup(GraphText &graph, Random &random) {
  Tensor input =
      graph.addInput(drawShape(random, random.integer(1, 4)), drawGrid(random));
  Grid grid = drawGrid(random);
  std::string text =
      random.oneIn(4)
          ? "clamp " + input.name + " {" +
                printBounds(random, input.grid.scale) + "}"
          : "unary " + drawActivation(random) + " " + input.name + kParameters;
  graph.addOutput(graph.addOp(text, {input}, makeTensor(input.shape, grid)));
}

void addGridChange(GraphText &graph, Random &random) {
  Shape shape = drawShape(random, random.integer(1, 4));
  Grid grid = drawGrid(random);
  switch (random.integer(0, 2)) {
  case 0: {
    Tensor x = graph.addInput(shape, "f32", Spread::Special);
    graph.addOutput(
        graph.addOp("quantize " + x.name, {x}, makeTensor(shape, grid)));
    break;
  }
  case 1: {
    Tensor x = graph.addInput(shape, grid);
    graph.addOutput(
        graph.addOp("dequantize " + x.name, {x}, makeTensor(shape, "f32")));
    break;
  }
  default: {
    Tensor x = graph.addInput(shape, grid);
    Grid other = drawGrid(random);
    other.scale = grid.scale * float(random.pick({0.5, 1.0, 1.37}));
    graph.addOutput(
        graph.addOp("requantize " + x.name, {x}, makeTensor(shape, other)));
  }
  }
}

/// max_pool or average_pool; floats where `input` has them.
static void addPoolOf(GraphText &graph, Random &random, bool isFloat) {
  int64_t kernel = random.integer(1, 5);
  Window rows = drawWindow(random, kernel, random.integer(1, 14));
  Window columns =
      drawWindow(random, random.oneIn(3) ? 2 : kernel, random.integer(1, 20));
  Shape shape{random.integer(1, 2), random.integer(1, 70), rows.size,
              columns.size};
  Tensor input = isFloat ? graph.addInput(shape, "f32")
                         : graph.addInput(shape, drawGrid(random));
  bool isMax = random.oneIn(2);
  Tensor result = makeTensor({shape[0], shape[1], rows.result, columns.result},
                             input.element);
  result.grid = input.grid;
  std::string attributes = printWindows(rows, columns);
  if (!isMax && random.oneIn(2))
    attributes += ", count_include_pad = true";
  if (!isMax && !isFloat && random.oneIn(2)) {
    Grid grid = drawGrid(random);
    grid.scale = input.grid.scale * float(random.pick({0.5, 1.0, 0.61}));
    result = makeTensor(result.shape, grid);
  }
  graph.addOutput(
      graph.addOp(std::string(isMax ? "max_pool " : "average_pool ") +
                      input.name + " {" + attributes + "}",
                  {input}, result),
      isFloat && !isMax ? 1e-6 : 0);
}

void addPool(GraphText &graph, Random &random) {
  addPoolOf(graph, random, false);
}

static void addReduceOf(GraphText &graph, Random &random, bool isFloat) {
  Shape shape = drawShape(random, random.integer(2, 4)), axes;
  std::string kind = random.pick({"mean", "mean", "max", "min"});
  if (isFloat && random.oneIn(2))
    kind = random.pick({"sum", "sum_square", "prod"});
  Tensor input = isFloat ? graph.addInput(shape, "f32")
                         : graph.addInput(shape, drawGrid(random));
  Shape reduced = shape;
  if (shape.size() == 4 && random.oneIn(2))
    axes = {2, 3};
  else
    for (size_t i = 0; i < shape.size(); ++i)
      if (random.oneIn(2))
        axes.push_back(int64_t(i));
  int64_t count = 1;
  for (int64_t axis : axes) {
    count *= shape[axis];
    reduced[axis] = 1;
  }
  // Products of many factors leave the range of f32.
  if (kind == "prod" && count > 30)
    kind = "sum";
  Tensor result = makeTensor(reduced, input.element);
  result.grid = input.grid;
  if (!isFloat && kind == "mean") {
    Grid grid = drawGrid(random);
    grid.scale = input.grid.scale * 0.31f;
    result = makeTensor(reduced, grid);
  }
  graph.addOutput(graph.addOp("reduce " + kind + " " + input.name +
                                  " {axes = " + printArray(axes) + "}",
                              {input}, result),
                  isFloat ? double(count + 16) * 0x1p-21 : 0);
}

void addReduce(GraphText &graph, Random &random) {
  addReduceOf(graph, random, false);
}

static void addResizeOf(GraphText &graph, Random &random, bool isFloat) {
  Shape shape{random.integer(1, 2), random.integer(1, 40), random.integer(1, 9),
              random.integer(1, 9)};
  Tensor input = isFloat ? graph.addInput(shape, "f32")
                         : graph.addInput(shape, drawGrid(random));
  std::string mode = random.pick({"nearest", "linear"});
  if (isFloat && random.oneIn(3))
    mode = "cubic";
  std::string scales = "1.0, 1.0";
  Shape resized = shape;
  for (int64_t i = 2; i < 4; ++i) {
    double scale =
        random.oneIn(2) ? double(random.integer(1, 3)) : random.real(0.4, 2.6);
    resized[i] = std::max<int64_t>(1, int64_t(std::floor(shape[i] * scale)));
    scales += ", " + printFloat(scale);
  }
  Tensor result = makeTensor(resized, input.element);
  result.grid = input.grid;
  std::string coordinates =
      random.pick({"half_pixel", "pytorch_half_pixel", "align_corners",
                   "asymmetric", "half_pixel_symmetric"});
  std::string rounding =
      random.pick({"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"});
  graph.addOutput(
      graph.addOp("resize " + mode + " " + input.name +
                      " {coordinates = #qcc.coordinates<" + coordinates +
                      ">, rounding = #qcc.nearest_rounding<" + rounding +
                      ">, scales = array<f64: " + scales + ">}",
                  {input}, result),
      isFloat && mode != "nearest" ? 4e-6 : 0);
}

void addResize(GraphText &graph, Random &random) {
  addResizeOf(graph, random, false);
}

void addFloatWindow(GraphText &graph, Random &random) {
  switch (random.integer(0, 2)) {
  case 0:
    return addPoolOf(graph, random, true);
  case 1:
    return addReduceOf(graph, random, true);
  default:
    return addResizeOf(graph, random, true);
  }
}

void addFloatElementwise(GraphText &graph, Random &random) {
  // Polynomials in place of exp, log and the like.
  constexpr double tolerance = 4e-6;
  Shape shape = drawShape(random, random.integer(1, 4));
  if (random.oneIn(2)) {
    std::string kind = drawActivation(random);
    Spread spread = Spread::Even;
    if (random.oneIn(5)) {
      kind = random.pick({"log", "sqrt"});
      spread = Spread::Positive;
    }
    Tensor x = graph.addInput(shape, "f32", spread);
    graph.addOutput(graph.addOp("unary " + kind + " " + x.name + kParameters,
                                {x}, makeTensor(shape, "f32")),
                    tolerance);
    return;
  }
  std::string kind =
      random.pick({"add", "sub", "mul", "div", "max", "min", "prelu", "pow"});
  // Negative numbers have whole powers only.
  bool isWhole = kind == "pow" && random.oneIn(2);
  Spread base = isWhole ? Spread::Even : Spread::Positive;
  Spread exponent = isWhole ? Spread::Whole : Spread::Even;
  Tensor lhs = graph.addInput(shape, "f32", base);
  Tensor rhs = graph.addInput(drawBroadcast(random, shape), "f32", exponent);
  graph.addOutput(
      graph.addOp("binary " + kind + " " + lhs.name + ", " + rhs.name + " {" +
                      printBounds(random, 0.05) + "}",
                  {lhs, rhs}, makeTensor(shape, "f32"), /*isCall=*/true),
      tolerance);
}

void addSoftmax(GraphText &graph, Random &random) {
  Shape shape = drawShape(random, random.integer(1, 4));
  int64_t axis = random.integer(0, int64_t(shape.size()) - 1);
  Tensor x = graph.addInput(shape, "f32");
  std::string attributes = "axis = " + std::to_string(axis) + " : i64";
  if (random.oneIn(3))
    attributes += ", log = true";
  graph.addOutput(graph.addOp("softmax " + x.name + " {" + attributes + "}",
                              {x}, makeTensor(shape, "f32")),
                  4e-6);
}

} // namespace qcc::numerics_test
