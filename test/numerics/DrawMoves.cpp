// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ops that move elements, and chains of ops, where memory planning turns moves
// into views, joins buffers in place and shares borders.

#include "test/numerics/Generators.h"

#include <algorithm>

namespace qcc::numerics_test {

/// A value like `tensor` of another shape.
static Tensor reshaped(const Tensor &tensor, Shape shape) {
  Tensor result = makeTensor(std::move(shape), tensor.element);
  result.grid = tensor.grid;
  return result;
}

static Tensor transpose(GraphText &graph, Tensor x, Shape permutation) {
  Shape shape;
  for (int64_t axis : permutation)
    shape.push_back(x.shape[axis]);
  return graph.addOp("transpose " + x.name +
                         " {permutation = " + printArray(permutation) + "}",
                     {x}, reshaped(x, shape));
}

static Tensor reshape(GraphText &graph, Tensor x, Shape shape) {
  return graph.addOp("reshape " + x.name, {x}, reshaped(x, std::move(shape)));
}

static Tensor concat(GraphText &graph, std::vector<Tensor> parts,
                     int64_t axis) {
  Shape shape = parts[0].shape;
  std::string names;
  shape[axis] = 0;
  for (const Tensor &part : parts) {
    shape[axis] += part.shape[axis];
    names += (names.empty() ? " " : ", ") + part.name;
  }
  return graph.addOp("concat" + names + " {axis = " + std::to_string(axis) +
                         " : i64}",
                     parts, reshaped(parts[0], shape), /*isCall=*/true);
}

static Tensor drawSlice(GraphText &graph, Random &random, Tensor x,
                        bool isPositive = false) {
  Shape starts, steps, shape;
  for (int64_t size : x.shape) {
    int64_t count = random.oneIn(2) ? size : random.integer(1, size);
    int64_t step = count > 1 ? random.integer(1, (size - 1) / (count - 1)) : 1;
    int64_t start = random.integer(0, size - 1 - (count - 1) * step);
    if (!isPositive && random.oneIn(4)) {
      start += (count - 1) * step;
      step = -step;
    }
    starts.push_back(start);
    steps.push_back(step);
    shape.push_back(count);
  }
  return graph.addOp("slice " + x.name + " {starts = " + printArray(starts) +
                         ", steps = " + printArray(steps) + "}",
                     {x}, reshaped(x, shape));
}

static Tensor drawPad(GraphText &graph, Random &random, Tensor x) {
  std::string mode =
      random.pick({"constant", "constant", "reflect", "edge", "wrap"});
  Shape low, high, shape;
  for (int64_t size : x.shape) {
    bool isKept = random.oneIn(2);
    // Reflected borders end before the far edge, and no mode crops here.
    int64_t most = isKept               ? 0
                   : mode == "constant" ? 3
                                        : std::min<int64_t>(3, size - 1);
    low.push_back(random.integer(0, most));
    high.push_back(random.integer(0, most));
    shape.push_back(size + low.back() + high.back());
  }
  double value = x.isQuantized() ? x.grid.scale * random.real(-300, 300)
                                 : random.real(-2, 2);
  return graph.addOp("pad " + x.name + " {low = " + printArray(low) +
                         ", high = " + printArray(high) +
                         ", mode = #qcc.pad_mode<" + mode +
                         ">, value = " + printFloat(value) + " : f64}",
                     {x}, reshaped(x, shape));
}

static Tensor drawPermutation(GraphText &graph, Random &random, Tensor x) {
  Shape permutation;
  for (size_t i = 0; i < x.shape.size(); ++i)
    permutation.push_back(int64_t(i));
  for (size_t i = permutation.size(); i-- > 1;)
    std::swap(permutation[i], permutation[random.integer(0, int64_t(i))]);
  return transpose(graph, x, permutation);
}

static Tensor drawExpansion(GraphText &graph, Random &random, Tensor x) {
  Shape shape = x.shape;
  for (int64_t &size : shape)
    if (size == 1 && random.oneIn(2))
      size = random.integer(1, 5);
  return graph.addOp("expand " + x.name, {x}, reshaped(x, shape));
}

static Tensor drawGather(GraphText &graph, Random &random, Tensor x) {
  int64_t axis = random.integer(0, int64_t(x.shape.size()) - 1);
  int64_t size = x.shape[axis], count = random.integer(1, 6);
  std::vector<int64_t> indices(size_t(count), 0);
  for (int64_t &index : indices)
    index = random.integer(-size, size - 1);
  Tensor picked = graph.addConstant({count}, "i64", indices);
  Shape shape = x.shape;
  shape[axis] = count;
  return graph.addOp("gather " + x.name + ", " + picked.name +
                         " {axis = " + std::to_string(axis) + " : i64}",
                     {x, picked}, reshaped(x, shape), /*isCall=*/true);
}

static Tensor drawConcat(GraphText &graph, Random &random, Tensor x) {
  int64_t axis = random.integer(0, int64_t(x.shape.size()) - 1);
  std::vector<Tensor> parts{x};
  for (int64_t i = random.integer(0, 2); i >= 0; --i) {
    Shape shape = x.shape;
    shape[axis] = random.integer(1, 20);
    parts.push_back(x.isQuantized() ? graph.addInput(shape, x.grid)
                                    : graph.addInput(shape, x.element));
  }
  std::swap(parts[0], parts[random.integer(0, int64_t(parts.size()) - 1)]);
  return concat(graph, parts, axis);
}

static Tensor drawMove(GraphText &graph, Random &random, Tensor x) {
  switch (random.integer(0, 6)) {
  case 0:
    return drawPermutation(graph, random, x);
  case 1:
    return drawSlice(graph, random, x);
  case 2:
    return drawPad(graph, random, x);
  case 3:
    return drawExpansion(graph, random, x);
  case 4:
    return drawGather(graph, random, x);
  case 5:
    return drawConcat(graph, random, x);
  default: {
    int64_t count = 1;
    for (int64_t size : x.shape)
      count *= size;
    return reshape(graph, x,
                   count % 6 == 0   ? Shape{2, count / 6, 3}
                   : count % 2 == 0 ? Shape{count / 2, 2}
                                    : Shape{count});
  }
  }
}

static void addMovesOf(GraphText &graph, Random &random, Tensor x) {
  for (int64_t i = random.integer(1, 3); i > 0; --i)
    x = drawMove(graph, random, x);
  graph.addOutput(x);
}

void addMove(GraphText &graph, Random &random) {
  addMovesOf(graph, random,
             graph.addInput(drawShape(random, random.integer(2, 4), 1500),
                            drawGrid(random)));
}

void addFloatMove(GraphText &graph, Random &random) {
  Shape shape = drawShape(random, random.integer(2, 4), 1500);
  addMovesOf(graph, random,
             graph.addInput(shape, random.pick({"f32", "f32", "i64", "i32"})));
}

namespace {

/// A chain of image ops that grows by one op at a time.
struct Network {
  GraphText &graph;
  Random &random;
  /// Every value so far, for joins and second readers.
  std::vector<Tensor> values;

  void grow();

private:
  Tensor &last() { return values.back(); }
  void addShuffle(int64_t groups);
  void addPooling();
  bool addJoin();
  bool addSum();
  void addSplit();
};

/// Channels in `groups` dealt like cards: reshape, transpose, reshape.
void Network::addShuffle(int64_t groups) {
  Tensor x = last();
  Shape shape = x.shape;
  Tensor five = reshape(
      graph, x, {shape[0], groups, shape[1] / groups, shape[2], shape[3]});
  five = transpose(graph, five, {0, 2, 1, 3, 4});
  values.push_back(reshape(graph, five, shape));
}

void Network::addPooling() {
  Tensor x = last();
  Window rows{x.shape[2], 3, 1, 1, 1, 1, x.shape[2]}, columns = rows;
  columns.size = columns.result = x.shape[3];
  values.push_back(
      graph.addOp(std::string(random.oneIn(2) ? "max_pool " : "average_pool ") +
                      x.name + " {" + printWindows(rows, columns) + "}",
                  {x}, reshaped(x, x.shape)));
}

/// Joins the last value and an older one along the channels.
bool Network::addJoin() {
  Tensor x = last();
  for (const Tensor &other : values) {
    bool fits = other.name != x.name && other.element == x.element &&
                other.shape[2] == x.shape[2] && other.shape[3] == x.shape[3];
    if (!fits || other.shape[1] + x.shape[1] > 96)
      continue;
    std::vector<Tensor> parts{other, x};
    if (random.oneIn(2))
      std::swap(parts[0], parts[1]);
    values.push_back(concat(graph, parts, 1));
    return true;
  }
  return false;
}

bool Network::addSum() {
  Tensor x = last();
  for (const Tensor &other : values) {
    if (other.name == x.name || other.shape != x.shape)
      continue;
    values.push_back(graph.addOp("binary add " + other.name + ", " + x.name,
                                 {other, x}, reshaped(x, x.shape),
                                 /*isCall=*/true));
    return true;
  }
  return false;
}

/// Two halves of the channels; the chain goes on with one of them.
void Network::addSplit() {
  Tensor x = last();
  int64_t half = x.shape[1] / 2;
  for (int64_t start : {int64_t(0), half}) {
    Shape shape = x.shape;
    shape[1] = start == 0 ? half : x.shape[1] - half;
    values.push_back(graph.addOp(
        "slice " + x.name + " {starts = " + printArray({0, start, 0, 0}) +
            ", steps = " + printArray({1, 1, 1, 1}) + "}",
        {x}, reshaped(x, shape)));
  }
}

void Network::grow() {
  int64_t channels = last().shape[1];
  switch (random.integer(0, 9)) {
  case 0:
    if (channels % 2 == 0 && channels > 2)
      return addShuffle(2);
    break;
  case 1:
    return addPooling();
  case 2:
    if (addJoin())
      return;
    break;
  case 3:
    if (addSum())
      return;
    break;
  case 4:
    if (channels > 1)
      return addSplit();
    break;
  case 5:
  case 6:
    if (channels > 1) {
      values.push_back(
          addConvolutionOf(graph, random, last(), {channels, channels, 3, 1}));
      return;
    }
    break;
  default:
    break;
  }
  int64_t outputs = random.oneIn(3) ? channels : random.integer(1, 40);
  values.push_back(addConvolutionOf(graph, random, last(),
                                    {outputs, 1, random.pick({1, 3}), 1}));
}

} // namespace

/// A classifier on top of an image: its mean or all of it, then a matrix.
static Tensor addHead(GraphText &graph, Random &random, Tensor x) {
  Shape shape = x.shape;
  if (random.oneIn(2)) {
    shape[2] = shape[3] = 1;
    x = graph.addOp("reduce mean " + x.name + " {axes = " + printArray({2, 3}) +
                        "}",
                    {x}, reshaped(x, shape));
  }
  x = reshape(graph, x, {shape[0], shape[1] * shape[2] * shape[3]});
  return addLinearOf(graph, random, x, random.integer(1, 40));
}

static void addNetworkOf(GraphText &graph, Random &random, Tensor input,
                         double tolerance) {
  Network network{graph, random, {input}};
  for (int64_t i = random.integer(2, 8); i > 0; --i) {
    network.grow();
    // A quantized convolution that ends in floats ends the network.
    if (network.values.back().element != input.element &&
        !network.values.back().isQuantized())
      break;
  }
  // A value in the middle must still be there at the end.
  if (network.values.size() > 2 && random.oneIn(2))
    graph.addOutput(network.values[network.values.size() / 2], tolerance,
                    /*isOfLargest=*/true);
  Tensor last = network.values.back();
  if (last.element != "f32" || input.element == "f32")
    if (random.oneIn(2))
      last = addHead(graph, random, last);
  graph.addOutput(last, tolerance, /*isOfLargest=*/true);
}

static Shape drawImage(Random &random) {
  return {random.oneIn(4) ? 2 : 1, random.integer(1, 40), random.integer(1, 12),
          random.integer(1, 12)};
}

void addNetwork(GraphText &graph, Random &random) {
  addNetworkOf(graph, random,
               graph.addInput(drawImage(random), drawGrid(random)), 0);
}

void addFloatNetwork(GraphText &graph, Random &random) {
  addNetworkOf(graph, random, graph.addInput(drawImage(random), "f32"), 1e-4);
}

} // namespace qcc::numerics_test
