// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds one static size for each dimension of each input. A symbol has one
// size everywhere, so that --shape for one input settles the others. What is
// still open is a batch (1) or an error.

#include "compiler/Import/Onnx/InputShapes.h"

#include "compiler/Import/Onnx/OnnxReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using llvm::Expected;

namespace qcc::onnx_import {

namespace {

/// A size from the model: static, or unknown with or without a name.
struct Dimension {
  int64_t size;
  StringRef symbol;
  bool isStatic() const { return size > 0; }
};

class ShapeResolver {
public:
  ShapeResolver(const onnx::GraphProto &graph,
                ArrayRef<const onnx::ValueInfoProto *> inputs,
                const ImportOptions &options)
      : graph(graph), inputs(inputs), options(options) {}

  Expected<InputShapes> run();

private:
  llvm::Error checkOptions() const;
  llvm::Error applyOption(StringRef name, SmallVector<Dimension> &shape);
  bool hasSymbolicBatch() const;
  void bindBatch();
  llvm::Error finish(StringRef name, ArrayRef<Dimension> shape,
                     SmallVector<int64_t> &result) const;
  int64_t getSize(const Dimension &dimension) const;
  /// "1x3xSIZExSIZE", what a --shape for `shape` may look like.
  std::string suggestShape(ArrayRef<Dimension> shape) const;

  const onnx::GraphProto &graph;
  ArrayRef<const onnx::ValueInfoProto *> inputs;
  const ImportOptions &options;
  std::vector<SmallVector<Dimension>> shapes;
  llvm::StringMap<int64_t> symbols;
};

} // namespace

static SmallVector<Dimension> readShape(const onnx::ValueInfoProto &value) {
  SmallVector<Dimension> shape;
  for (const auto &dimension : value.type().tensor_type().shape().dim()) {
    // Exporters write "?" for sizes that have no name.
    StringRef symbol = dimension.dim_param();
    shape.push_back({dimension.has_dim_value() ? dimension.dim_value() : -1,
                     symbol == "?" ? "" : symbol});
  }
  return shape;
}

static std::string printShape(ArrayRef<Dimension> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleave(
      shape, stream,
      [&](const Dimension &dimension) {
        if (dimension.isStatic())
          stream << dimension.size;
        else if (dimension.symbol.empty())
          stream << "?";
        else
          stream << StringRef(quote(dimension.symbol)).drop_front().drop_back();
      },
      "x");
  return text;
}

/// True for the names that exporters give a batch.
static bool isBatchName(StringRef symbol) {
  return symbol.starts_with_insensitive("batch") ||
         symbol.equals_insensitive("n") || symbol.equals_insensitive("bs") ||
         symbol.equals_insensitive("b");
}

llvm::Error ShapeResolver::checkOptions() const {
  for (const auto &option : options.shapes) {
    auto hasName = [&](const onnx::ValueInfoProto *input) {
      return input->name() == option.getKey();
    };
    if (llvm::none_of(inputs, hasName))
      return llvm::createStringError(
          "expected --shape with the name of an input" +
          (inputs.empty() ? "" : " like " + quote(inputs.front()->name())) +
          ", but got " + quote(option.getKey()));
  }
  return llvm::Error::success();
}

llvm::Error ShapeResolver::applyOption(StringRef name,
                                       SmallVector<Dimension> &shape) {
  auto option = options.shapes.find(name);
  if (option == options.shapes.end())
    return llvm::Error::success();
  ArrayRef<int64_t> sizes = option->getValue();
  auto fail = [&] {
    std::string got;
    llvm::raw_string_ostream stream(got);
    llvm::interleave(sizes, stream, "x");
    return llvm::createStringError("expected --shape=" + name +
                                   "= to agree with " + printShape(shape) +
                                   ", but got " + got);
  };
  if (shape.empty())
    shape.assign(sizes.size(), {-1, ""});
  if (shape.size() != sizes.size())
    return fail();
  for (auto [dimension, size] : llvm::zip(shape, sizes)) {
    if (size < 0)
      continue;
    if (dimension.isStatic() && dimension.size != size)
      return fail();
    if (!dimension.symbol.empty() &&
        symbols.try_emplace(dimension.symbol, size).first->second != size)
      return fail();
    dimension.size = size;
  }
  return llvm::Error::success();
}

/// True where every input and output begins with an unknown size and the inputs
/// do not name two different ones.
bool ShapeResolver::hasSymbolicBatch() const {
  StringRef symbol;
  auto isOpen = [&](ArrayRef<Dimension> shape) {
    return !shape.empty() && !shape.front().isStatic() &&
           !symbols.count(shape.front().symbol);
  };
  for (const SmallVector<Dimension> &shape : shapes) {
    if (!isOpen(shape))
      return false;
    StringRef name = shape.front().symbol;
    if (!name.empty() && !symbol.empty() && name != symbol)
      return false;
    symbol = name.empty() ? symbol : name;
  }
  for (const onnx::ValueInfoProto &output : graph.output())
    if (output.type().tensor_type().has_shape() && !isOpen(readShape(output)))
      return false;
  return !shapes.empty();
}

/// Gives the batch the size 1 wherever it occurs.
void ShapeResolver::bindBatch() {
  bool isEvery = hasSymbolicBatch();
  for (SmallVector<Dimension> &shape : shapes) {
    if (shape.empty() || shape.front().isStatic())
      continue;
    StringRef symbol = shape.front().symbol;
    if (!isEvery && !isBatchName(symbol))
      continue;
    if (!symbol.empty())
      symbols.try_emplace(symbol, 1);
    else
      shape.front().size = 1;
  }
}

/// The size of a dimension by itself or by its symbol, or -1.
int64_t ShapeResolver::getSize(const Dimension &dimension) const {
  if (dimension.isStatic())
    return dimension.size;
  auto bound = symbols.find(dimension.symbol);
  return bound == symbols.end() ? -1 : bound->getValue();
}

std::string ShapeResolver::suggestShape(ArrayRef<Dimension> shape) const {
  SmallVector<std::string> sizes;
  for (const Dimension &dimension : shape) {
    int64_t size = getSize(dimension);
    sizes.push_back(size < 0 ? "SIZE" : std::to_string(size));
  }
  return llvm::join(sizes, "x");
}

llvm::Error ShapeResolver::finish(StringRef name, ArrayRef<Dimension> shape,
                                  SmallVector<int64_t> &result) const {
  for (const Dimension &dimension : shape) {
    result.push_back(getSize(dimension));
    if (result.back() <= 0)
      return llvm::createStringError(
          "expected input " + quote(name) +
          " to have a static shape, but got " + printShape(shape) +
          "; fix it with --shape=" + name + "=" + suggestShape(shape));
  }
  return llvm::Error::success();
}

Expected<InputShapes> ShapeResolver::run() {
  if (llvm::Error error = checkOptions())
    return error;
  for (const onnx::ValueInfoProto *input : inputs) {
    shapes.push_back(readShape(*input));
    if (!input->type().tensor_type().has_shape() &&
        !options.shapes.count(input->name()))
      return llvm::createStringError(
          "expected input " + quote(input->name()) +
          " to have a static shape, but got none; give it with --shape=" +
          input->name() + "=SIZExSIZE...");
    if (llvm::Error error = applyOption(input->name(), shapes.back()))
      return error;
  }
  InputShapes result;
  result.hasSymbolicBatch = hasSymbolicBatch();
  bindBatch();
  result.shapes.resize(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i)
    if (llvm::Error error =
            finish(inputs[i]->name(), shapes[i], result.shapes[i]))
      return error;
  return result;
}

Expected<InputShapes>
resolveInputShapes(const onnx::GraphProto &graph,
                   ArrayRef<const onnx::ValueInfoProto *> inputs,
                   const ImportOptions &options) {
  return ShapeResolver(graph, inputs, options).run();
}

} // namespace qcc::onnx_import
