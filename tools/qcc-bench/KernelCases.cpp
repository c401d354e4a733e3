// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the graphs. An image op stands between two 1x1 convolutions with few
// channels outside, so that it reads and writes images where and as it does in
// a network; only its own time counts.

#include "tools/qcc-bench/KernelCases.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace llvm;

namespace qcc::bench {
namespace {

/// The layer name of the op that is measured.
constexpr StringLiteral kLayer = "measured";
/// Channels of a graph's inputs and outputs.
constexpr int64_t kOutside = 4;

struct Image {
  int64_t channels, height, width;
};

struct Filters {
  int64_t outputs, kernel, stride, group = 1;
};

/// One graph in the making, all integers or all floats.
class Graph {
public:
  explicit Graph(bool isFloat) : isFloat(isFloat) {}

  /// A value and the image it is.
  struct Value {
    std::string name;
    std::vector<int64_t> shape;
  };

  Value addInput(std::vector<int64_t> shape) {
    inputs.push_back({makeName(), std::move(shape)});
    return inputs.back();
  }
  Value addConvolution(Value input, Filters filters, StringRef layer);
  Value addLinear(Value input, int64_t outputs);
  /// `text` is the op without its types.
  Value addOp(const Twine &text, ArrayRef<Value> operands,
              std::vector<int64_t> shape, bool isCall = false);
  std::string print(ArrayRef<Value> results) const;

private:
  std::string makeName() { return "%v" + std::to_string(count++); }
  std::string element() const {
    return isFloat ? "f32" : "!qcc.quant<u8, 2.5e-2, 118>";
  }
  std::string type(const Value &value, StringRef of = "") const;
  std::string addWeights(std::vector<int64_t> shape);
  /// The scales of integer weights: the text after the operands, and the types
  /// of all operands.
  std::pair<std::string, std::string> addWeightScales(const Value &input,
                                                      const Value &weight);
  void addLine(const Twine &line, StringRef layer);

  bool isFloat;
  std::string body;
  std::vector<Value> inputs;
  int64_t count = 0;
};

std::string Graph::type(const Value &value, StringRef of) const {
  std::string text = "tensor<";
  for (int64_t size : value.shape)
    text += std::to_string(size) + "x";
  return text + (of.empty() ? element() : of.str()) + ">";
}

void Graph::addLine(const Twine &line, StringRef layer) {
  body += ("  " + line + " loc(\"" + layer + "\")\n").str();
}

/// Random, since constant bytes draw less power and so may run faster.
std::string Graph::addWeights(std::vector<int64_t> shape) {
  Value value{makeName(), std::move(shape)};
  int64_t elements = 1;
  for (int64_t size : value.shape)
    elements *= size;
  std::string bytes;
  uint32_t state = 1;
  for (int64_t i = 0; i < elements; ++i) {
    state = state * 1664525 + 1013904223;
    float real = float(int32_t(state)) * 0x1p-31f;
    if (isFloat)
      bytes.append(reinterpret_cast<const char *>(&real), 4);
    else
      bytes += char(real * 127);
  }
  addLine(value.name + " = arith.constant dense<\"0x" + toHex(bytes) +
              "\"> : " + type(value, isFloat ? "f32" : "i8"),
          "weights");
  return value.name;
}

std::pair<std::string, std::string>
Graph::addWeightScales(const Value &input, const Value &weight) {
  std::string types = type(input) + ", ";
  if (isFloat)
    return {"", types + type(weight, "f32")};
  Value scales{makeName(), {weight.shape[0]}};
  addLine(scales.name +
              " = arith.constant dense<1.0e-3> : " + type(scales, "f32"),
          "scales");
  return {" scales(" + scales.name + ")",
          types + type(weight, "i8") + ", " + type(scales, "f32")};
}

Graph::Value Graph::addConvolution(Value input, Filters filters,
                                   StringRef layer) {
  auto [outputs, kernel, stride, group] = filters;
  int64_t border = kernel / 2;
  auto resized = [&](int64_t size) {
    return (size + 2 * border - kernel) / stride + 1;
  };
  Value weight{"", {outputs, input.shape[1] / group, kernel, kernel}};
  weight.name = addWeights(weight.shape);
  auto [extra, types] = addWeightScales(input, weight);
  Value result{makeName(),
               {input.shape[0], outputs, resized(input.shape[2]),
                resized(input.shape[3])}};
  std::string pad = std::to_string(border), step = std::to_string(stride);
  addLine(result.name + " = qcc.conv " + input.name + ", " + weight.name +
              extra + " {pads = array<i64: " + pad + ", " + pad + ", " + pad +
              ", " + pad + ">, strides = array<i64: " + step + ", " + step +
              ">, group = " + Twine(group) + " : i64, lower = 0.0 : f32} : (" +
              types + ") -> " + type(result),
          layer);
  return result;
}

Graph::Value Graph::addLinear(Value input, int64_t outputs) {
  Value weight{"", {outputs, input.shape[1]}};
  weight.name = addWeights(weight.shape);
  auto [extra, types] = addWeightScales(input, weight);
  Value result{makeName(), {input.shape[0], outputs}};
  addLine(result.name + " = qcc.linear " + input.name + ", " + weight.name +
              extra + " : (" + types + ") -> " + type(result),
          kLayer);
  return result;
}

Graph::Value Graph::addOp(const Twine &text, ArrayRef<Value> operands,
                          std::vector<int64_t> shape, bool isCall) {
  Value result{makeName(), std::move(shape)};
  std::string types;
  for (const Value &operand : operands)
    types += (types.empty() ? "" : ", ") + type(operand);
  if (isCall)
    types = "(" + types + ")";
  addLine(result.name + " = " + text + " : " + types + " -> " + type(result),
          kLayer);
  return result;
}

std::string Graph::print(ArrayRef<Value> results) const {
  std::string arguments, types, names;
  for (const Value &input : inputs)
    arguments +=
        (arguments.empty() ? "" : ", ") + input.name + ": " + type(input);
  for (const Value &result : results) {
    types += (types.empty() ? "" : ", ") + type(result);
    names += (names.empty() ? "" : ", ") + result.name;
  }
  return "func.func @main(" + arguments + ") -> (" + types + ") {\n" + body +
         "  return " + names + " : " + types + "\n}\n";
}

/// Collects the cases of one precision.
class CaseWriter {
public:
  CaseWriter(bool isFloat, std::vector<KernelCase> &cases)
      : isFloat(isFloat), cases(cases) {}

  void addGemm(int64_t rows, int64_t outputs, int64_t depth);
  void addConvolution(StringRef group, Image image, Filters filters,
                      int64_t count = 0);
  void addSum(Image image);
  void addImageOp(StringRef name, StringRef kind, Image image, Image result,
                  StringRef attributes);

private:
  static std::string print(Image image) {
    return std::to_string(image.channels) + "x" + std::to_string(image.height) +
           "x" + std::to_string(image.width);
  }
  /// An image that a layer of this graph writes.
  static Graph::Value enter(Graph &graph, Image image) {
    Graph::Value input =
        graph.addInput({1, kOutside, image.height, image.width});
    return graph.addConvolution(input, {image.channels, 1, 1}, "before");
  }
  /// The stride keeps the reader out of the measured layer's launch.
  static std::string leave(Graph &graph, Graph::Value value) {
    return graph.print(
        {graph.addConvolution(value, {kOutside, 1, 2}, "after")});
  }
  void add(const Twine &name, StringRef kind, std::string text,
           int64_t count = 0) {
    cases.push_back({((isFloat ? "f32/" : "int8/") + name).str(), kind.str(),
                     kLayer.str(), std::move(text), count});
  }

  bool isFloat;
  std::vector<KernelCase> &cases;
};

void CaseWriter::addGemm(int64_t rows, int64_t outputs, int64_t depth) {
  Graph graph(isFloat);
  Graph::Value result = graph.addLinear(graph.addInput({rows, depth}), outputs);
  add("gemm/" + Twine(rows) + "x" + Twine(outputs) + "x" + Twine(depth),
      "qcc.packed_conv", graph.print({result}));
}

void CaseWriter::addConvolution(StringRef group, Image image, Filters filters,
                                int64_t count) {
  Graph graph(isFloat);
  Graph::Value input = enter(graph, image);
  Graph::Value result = graph.addConvolution(input, filters, kLayer);
  bool isDepthwise = filters.group > 1;
  add(group + "/" + print(image) + "/o" + Twine(filters.outputs) + "_k" +
          Twine(filters.kernel) + "_s" + Twine(filters.stride),
      isDepthwise ? "qcc.packed_depthwise" : "qcc.packed_conv",
      leave(graph, result), count);
}

void CaseWriter::addSum(Image image) {
  Graph graph(isFloat);
  Graph::Value lhs = enter(graph, image), rhs = enter(graph, image);
  Graph::Value sum =
      graph.addOp("qcc.binary add " + Twine(lhs.name) + ", " + rhs.name,
                  {lhs, rhs}, lhs.shape, /*isCall=*/true);
  add("add/" + print(image), "qcc.binary", leave(graph, sum));
}

void CaseWriter::addImageOp(StringRef name, StringRef kind, Image image,
                            Image result, StringRef attributes) {
  Graph graph(isFloat);
  Graph::Value input = enter(graph, image);
  Graph::Value value =
      graph.addOp(kind + " " + input.name + " {" + attributes + "}", {input},
                  {1, result.channels, result.height, result.width});
  // "qcc.reduce mean": the profile has the op's name alone.
  add(name + "/" + print(image), kind.split(' ').first, leave(graph, value));
}

} // namespace

/// The 3x3 convolutions of ResNet-50, with how often each runs.
static void addResNet3x3(CaseWriter &writer) {
  constexpr struct {
    int64_t channels, size, stride, count;
  } layers[] = {{64, 56, 1, 3},  {128, 56, 2, 1}, {128, 28, 1, 3},
                {256, 28, 2, 1}, {256, 14, 1, 5}, {512, 14, 2, 1},
                {512, 7, 1, 2}};
  for (auto [channels, size, stride, count] : layers)
    writer.addConvolution("resnet50_3x3", {channels, size, size},
                          {channels, 3, stride}, count);
}

static void addResNet1x1(CaseWriter &writer) {
  constexpr struct {
    int64_t channels, outputs, size, stride;
  } layers[] = {{64, 64, 56, 1},     {64, 256, 56, 1},   {256, 64, 56, 1},
                {256, 128, 56, 1},   {256, 512, 56, 2},  {128, 512, 28, 1},
                {512, 128, 28, 1},   {512, 256, 28, 1},  {512, 1024, 28, 2},
                {256, 1024, 14, 1},  {1024, 256, 14, 1}, {1024, 512, 14, 1},
                {1024, 2048, 14, 2}, {512, 2048, 7, 1},  {2048, 512, 7, 1}};
  for (auto [channels, outputs, size, stride] : layers)
    writer.addConvolution("resnet50_1x1", {channels, size, size},
                          {outputs, 1, stride});
}

static void addMobileNetDepthwise(CaseWriter &writer) {
  constexpr struct {
    int64_t channels, size, stride;
  } layers[] = {{32, 112, 1}, {96, 112, 2}, {144, 56, 1}, {144, 56, 2},
                {192, 28, 1}, {192, 28, 2}, {384, 14, 1}, {576, 14, 1},
                {576, 14, 2}, {960, 7, 1}};
  for (auto [channels, size, stride] : layers)
    writer.addConvolution("mobilenetv2_depthwise", {channels, size, size},
                          {channels, 3, stride, channels});
}

std::vector<KernelCase> makeKernelCases() {
  std::vector<KernelCase> cases;
  for (bool isFloat : {false, true}) {
    CaseWriter writer(isFloat, cases);
    writer.addGemm(384, 768, 3072);
    addResNet3x3(writer);
    addResNet1x1(writer);
    writer.addConvolution("first", {3, 224, 224}, {64, 7, 2});
    addMobileNetDepthwise(writer);
    writer.addSum({256, 56, 56});
    writer.addSum({2048, 7, 7});
    writer.addImageOp("max_pool", "qcc.max_pool", {64, 112, 112}, {64, 56, 56},
                      "kernel = array<i64: 3, 3>, strides = array<i64: 2, 2>, "
                      "pads = array<i64: 1, 1, 1, 1>");
    writer.addImageOp("average_pool", "qcc.average_pool", {192, 28, 28},
                      {192, 28, 28},
                      "kernel = array<i64: 3, 3>, "
                      "pads = array<i64: 1, 1, 1, 1>");
    writer.addImageOp("global_mean", "qcc.reduce mean", {2048, 7, 7},
                      {2048, 1, 1}, "axes = array<i64: 2, 3>");
  }
  return cases;
}

} // namespace qcc::bench
