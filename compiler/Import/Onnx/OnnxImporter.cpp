// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks the nodes of a graph, producers first, and gives each to its row of the
// op table. Shapes are static from the inputs on, so what computes shapes folds
// to constants on the way.

#include "compiler/Import/Onnx/OnnxImporter.h"

#include "compiler/Import/Onnx/ElementTypes.h"
#include "compiler/Import/Onnx/InputShapes.h"
#include "compiler/Import/Onnx/NodeOrder.h"
#include "compiler/Import/Onnx/NodeTable.h"
#include "compiler/Import/Onnx/OnnxReader.h"
#include "compiler/Import/Onnx/TensorReader.h"
#include "dialects/Qcc/IR/ImportedProducts.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"

#include <map>

using namespace mlir;
using llvm::Expected;

namespace qcc {
using namespace onnx_import;

// Results up to this many elements may be folded whatever the model's size.
static constexpr int64_t kMinFoldLimit = 1 << 24;
// Names of nodes that a message lists for one unsupported op.
static constexpr size_t kListedNodes = 10;
// Loops in loops run a body often.
static constexpr int64_t kMaxNodes = 1 << 20;

namespace {

class GraphImporter {
public:
  GraphImporter(MLIRContext &context, onnx::ModelProto &model, StringRef path,
                const ImportOptions &options)
      : context(context), model(model), graph(*model.mutable_graph()),
        options(options), tensors(context, path) {}

  Expected<OwningOpRef<ModuleOp>> run();

private:
  using Nodes = std::vector<onnx::NodeProto *>;

  static llvm::Error checkSupported(const Nodes &nodes);
  llvm::Error makeFunction();
  llvm::Error importNodes(const Nodes &nodes);
  llvm::Error importNode(onnx::NodeProto &proto);
  Expected<SmallVector<Value>> importBody(onnx::GraphProto &body,
                                          ArrayRef<Value> inputs);
  void importWith(const NodeRow &row, Node &node);
  llvm::Error makeResults();
  void markProducts();
  void dropDead();
  llvm::Error verifyModule();

  Expected<Type> readInputType(const onnx::ValueInfoProto &input);
  /// The value of that name, an initializer made a constant on first use.
  Expected<Value> getValue(StringRef name);
  int64_t getFoldLimit() const;

  MLIRContext &context;
  onnx::ModelProto &model;
  onnx::GraphProto &graph;
  const ImportOptions &options;
  TensorReader tensors;
  Nodes nodes;
  int64_t numImported = 0;
  llvm::StringMap<Value> values;
  llvm::StringMap<onnx::TensorProto *> initializers;
  int64_t opset = 0;
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
  std::unique_ptr<GraphBuilder> build;
};

} // namespace

/// Lists every unsupported op of the model at once.
llvm::Error GraphImporter::checkSupported(const Nodes &nodes) {
  std::map<std::string, std::vector<std::string>> unsupported;
  for (const onnx::NodeProto *node : nodes)
    if (!findNodeRow(*node)) {
      std::string domain = node->domain().empty() ? "" : node->domain() + ".";
      std::string type = quote(domain + node->op_type());
      unsupported[type.substr(1, type.size() - 2)].push_back(
          quote(getLayerName(*node)));
    }
  if (unsupported.empty())
    return llvm::Error::success();
  std::string text = "expected supported operators, but got ";
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(unsupported, stream, [&](const auto &entry) {
    ArrayRef<std::string> names(entry.second);
    stream << entry.first << " (";
    llvm::interleaveComma(names.take_front(kListedNodes), stream);
    if (names.size() > kListedNodes)
      stream << " and " << names.size() - kListedNodes << " more";
    stream << ")";
  });
  if (unsupported.count("NonZero") || unsupported.count("Unique"))
    stream << "; NonZero and Unique have results of a size that only the data "
              "knows: export the model without them, which are often part of "
              "its post-processing";
  return llvm::createStringError(text);
}

Expected<Type> GraphImporter::readInputType(const onnx::ValueInfoProto &input) {
  if (!input.type().has_tensor_type())
    return llvm::createStringError("expected input " + quote(input.name()) +
                                   " to be a tensor, but got another type");
  int32_t number = input.type().tensor_type().elem_type();
  const ElementType *element = findElementType(number);
  if (!element)
    return llvm::createStringError("expected input " + quote(input.name()) +
                                   " of numbers or booleans, but got " +
                                   describeElementType(number));
  return getInterfaceType(&context, *element);
}

/// The largest result that is folded: weights may be transposed, but a short
/// file does not get to fill the memory.
int64_t GraphImporter::getFoldLimit() const {
  int64_t limit = kMinFoldLimit;
  for (const onnx::TensorProto &tensor : graph.initializer()) {
    SmallVector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
    bool isInFile = tensor.raw_data().size() || tensor.float_data_size() ||
                    tensor.external_data_size();
    if (std::optional<int64_t> count = countElements(shape))
      limit = isInFile ? std::max(limit, *count) : limit;
  }
  return limit;
}

llvm::Error GraphImporter::makeFunction() {
  std::vector<const onnx::ValueInfoProto *> inputs;
  for (onnx::TensorProto &tensor : *graph.mutable_initializer())
    initializers[tensor.name()] = &tensor;
  for (const onnx::ValueInfoProto &input : graph.input())
    if (!initializers.count(input.name()))
      inputs.push_back(&input);
  Expected<InputShapes> shapes = resolveInputShapes(graph, inputs, options);
  if (!shapes)
    return shapes.takeError();
  OpBuilder builder(&context);
  SmallVector<Type> types;
  for (auto [input, shape] : llvm::zip(inputs, shapes->shapes)) {
    Expected<Type> element = readInputType(*input);
    if (!element)
      return element.takeError();
    std::optional<int64_t> count = countElements(shape);
    if (!count)
      return llvm::createStringError(
          "expected input " + quote(input->name()) +
          " of at most 16 dimensions and 2^36 elements, but got " +
          describe(Shape(shape)));
    types.push_back(RankedTensorType::get(shape, *element));
  }
  module = ModuleOp::create(builder.getUnknownLoc());
  builder.setInsertionPointToStart(module->getBody());
  function = func::FuncOp::create(builder, builder.getUnknownLoc(), "main",
                                  builder.getFunctionType(types, {}));
  if (shapes->hasSymbolicBatch)
    function->setAttr("qcc.symbolic_batch", builder.getUnitAttr());
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  build = std::make_unique<GraphBuilder>(builder, getFoldLimit());
  for (auto [i, input] : llvm::enumerate(inputs)) {
    function.setArgAttr(i, "qcc.name", builder.getStringAttr(input->name()));
    Value argument = body->getArgument(i);
    values[input->name()] =
        build->convert(argument, getGraphType(elementOf(argument)));
  }
  return llvm::Error::success();
}

Expected<Value> GraphImporter::getValue(StringRef name) {
  auto known = values.find(name);
  if (known != values.end())
    return known->getValue();
  auto initializer = initializers.find(name);
  if (initializer == initializers.end())
    return llvm::createStringError("expected a value named " + quote(name) +
                                   ", but got none");
  Expected<ElementsAttr> constant = tensors.read(*initializer->getValue());
  if (!constant)
    return llvm::createStringError("initializer " + quote(name) + ": " +
                                   llvm::toString(constant.takeError()));
  Value value = build->constant(*constant);
  values[name] = value;
  return value;
}

llvm::Error GraphImporter::importNode(onnx::NodeProto &proto) {
  auto fail = [&](const Twine &message) {
    return llvm::createStringError(describeNode(proto) + ": " + message);
  };
  const NodeRow *row = findNodeRow(proto);
  build->setLocation(
      NameLoc::get(StringAttr::get(&context, getLayerName(proto))));
  if (unsigned(proto.input_size()) > row->maxInputs)
    return fail("expected at most " + Twine(row->maxInputs) +
                " inputs, but got " + Twine(proto.input_size()));
  SmallVector<Value> inputs;
  for (const std::string &name : proto.input()) {
    inputs.emplace_back();
    if (name.empty())
      continue;
    Expected<Value> value = getValue(name);
    if (!value)
      return fail(llvm::toString(value.takeError()));
    inputs.back() = *value;
  }
  if (++numImported > kMaxNodes)
    return fail("expected at most " + Twine(kMaxNodes) +
                " nodes in all trips of all loops, but got more");
  for (unsigned i = 0; i < row->minInputs; ++i)
    if (i >= inputs.size() || !inputs[i])
      return fail("expected " + Twine(row->minInputs) + " inputs, but got " +
                  Twine(i));
  Node node(proto, opset, *build, tensors, std::move(inputs));
  importWith(*row, node);
  if (build->hasProblem())
    return fail(build->takeProblem());
  for (size_t i = 0; i < node.getNumOutputs(); ++i) {
    if (!node.isOutputUsed(i))
      continue;
    if (node.output(i))
      values[proto.output(i)] = node.output(i);
    else if (i == 0)
      return fail("expected an output that qcc computes, but got none");
  }
  return llvm::Error::success();
}

/// The nodes of a body between values for its inputs and of its outputs. Its
/// names end with it; those from outside are known in it.
Expected<SmallVector<Value>> GraphImporter::importBody(onnx::GraphProto &body,
                                                       ArrayRef<Value> inputs) {
  if (size_t(body.input_size()) != inputs.size())
    return llvm::createStringError("expected a body of " +
                                   Twine(inputs.size()) + " inputs, but got " +
                                   Twine(body.input_size()));
  Expected<Nodes> order = orderNodes(body, /*isBody=*/true);
  if (!order)
    return order.takeError();
  if (llvm::Error error = checkSupported(*order))
    return error;
  llvm::StringMap<Value> outerValues = values;
  llvm::StringMap<onnx::TensorProto *> outerInitializers = initializers;
  for (onnx::TensorProto &tensor : *body.mutable_initializer()) {
    initializers[tensor.name()] = &tensor;
    values.erase(tensor.name());
  }
  for (auto [i, input] : llvm::enumerate(inputs))
    values[body.input(i).name()] = input;
  if (llvm::Error error = importNodes(*order))
    return error;
  SmallVector<Value> results;
  for (const onnx::ValueInfoProto &output : body.output()) {
    Expected<Value> value = getValue(output.name());
    if (!value)
      return value.takeError();
    results.push_back(*value);
  }
  values = std::move(outerValues);
  initializers = std::move(outerInitializers);
  return results;
}

/// Calls the row's function; what fails in a body becomes the node's problem.
void GraphImporter::importWith(const NodeRow &row, Node &node) {
  if (row.import)
    return row.import(node);
  row.importWithBodies(
      node,
      [&](onnx::GraphProto &body,
          ArrayRef<Value> inputs) -> std::optional<SmallVector<Value>> {
        Location own = build->getLocation();
        Expected<SmallVector<Value>> results = importBody(body, inputs);
        build->setLocation(own);
        if (results)
          return *results;
        build->fail(llvm::toString(results.takeError()));
        return std::nullopt;
      });
}

llvm::Error GraphImporter::importNodes(const Nodes &nodes) {
  for (onnx::NodeProto *node : nodes)
    if (llvm::Error error = importNode(*node))
      return error;
  return llvm::Error::success();
}

llvm::Error GraphImporter::makeResults() {
  SmallVector<Value> results;
  OpBuilder builder = OpBuilder::atBlockEnd(&function.front());
  bool hasBatch = true;
  build->setLocation(builder.getUnknownLoc());
  for (const onnx::ValueInfoProto &output : graph.output()) {
    Expected<Value> value = getValue(output.name());
    if (!value)
      return value.takeError();
    int32_t number = output.type().tensor_type().elem_type();
    const ElementType *declared = findElementType(number);
    // The graph computes floats in f32; the caller gets what is declared.
    if (declared && isa<FloatType>(elementOf(*value)) &&
        isa<FloatType>(getInterfaceType(&context, *declared)))
      *value = build->convert(*value, getInterfaceType(&context, *declared));
    hasBatch &= rankOf(*value) > 0 && shapeOf(*value)[0] == 1;
    results.push_back(*value);
  }
  if (!hasBatch)
    function->removeAttr("qcc.symbolic_batch");
  func::ReturnOp::create(builder, builder.getUnknownLoc(), results);
  function.setFunctionType(builder.getFunctionType(
      function.getArgumentTypes(), ValueRange(results).getTypes()));
  for (auto [i, output] : llvm::enumerate(graph.output()))
    function.setResultAttr(i, "qcc.name", builder.getStringAttr(output.name()));
  return llvm::Error::success();
}

/// ONNX Runtime computes the layers of a model with QuantizeLinear as ops of
/// integers, with their multipliers. What qcc wrote is computed as qcc does.
void GraphImporter::markProducts() {
  Block &body = function.front();
  auto isQuantize = [](Operation &op) { return isa<QuantizeOp>(op); };
  if (model.producer_name() == "qcc" || llvm::none_of(body, isQuantize))
    return;
  for (Operation &op : body)
    if (isa<ConvOp, LinearOp>(op))
      markImportedProduct(&op);
}

/// Erases constants that only shape arithmetic used.
void GraphImporter::dropDead() {
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(function.front())))
    if (isOpTriviallyDead(&op))
      op.erase();
}

llvm::Error GraphImporter::verifyModule() {
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (!message.empty())
      return;
    llvm::raw_string_ostream stream(message);
    if (auto name = dyn_cast<NameLoc>(diagnostic.getLocation()))
      stream << "node " << quote(name.getName()) << ": ";
    stream << diagnostic;
  });
  if (mlir::failed(verify(*module)))
    return llvm::createStringError(message);
  return llvm::Error::success();
}

Expected<OwningOpRef<ModuleOp>> GraphImporter::run() {
  for (const onnx::OperatorSetIdProto &set : model.opset_import())
    if (set.domain().empty() || set.domain() == "ai.onnx")
      opset = set.version();
  Expected<std::vector<onnx::NodeProto *>> order = orderNodes(graph);
  if (!order)
    return order.takeError();
  nodes = std::move(*order);
  if (llvm::Error error = checkSupported(nodes))
    return error;
  if (llvm::Error error = makeFunction())
    return error;
  if (llvm::Error error = importNodes(nodes))
    return error;
  if (llvm::Error error = makeResults())
    return error;
  markProducts();
  dropDead();
  if (llvm::Error error = verifyModule())
    return error;
  return std::move(module);
}

Expected<OwningOpRef<ModuleOp>> importOnnx(MLIRContext &context,
                                           llvm::MemoryBufferRef buffer,
                                           const ImportOptions &options) {
  context.loadDialect<arith::ArithDialect, func::FuncDialect, QccDialect>();
  auto model = readOnnx(buffer.getBuffer());
  if (!model)
    return model.takeError();
  return GraphImporter(context, **model, buffer.getBufferIdentifier(), options)
      .run();
}

} // namespace qcc
