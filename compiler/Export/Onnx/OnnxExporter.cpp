// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks the ops of main and hands each to the family that knows it.

#include "compiler/Export/Onnx/OnnxExporter.h"

#include "compiler/Export/Onnx/GraphWriter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace qcc {
using namespace onnx_export;

// Gelu is an op since 20, and 10 is the first IR version for 21.
static constexpr int64_t kOpset = 20;
static constexpr int64_t kIrVersion = 9;
// What one message of protobuf can hold.
static constexpr size_t kLargestFile = (size_t(1) << 31) - 1;

static std::string describe(Operation *op) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (auto name = op->getLoc()->findInstanceOf<NameLoc>())
    stream << "layer '" << name.getName().getValue() << "': ";
  stream << "expected an op that ONNX has a node for, but got "
         << op->getName();
  return text;
}

static std::string getName(DictionaryAttr attributes, StringRef otherwise,
                           unsigned i) {
  auto name =
      attributes ? attributes.getAs<StringAttr>("qcc.name") : StringAttr();
  return name ? name.str() : (otherwise + Twine(i)).str();
}

static llvm::Error writeBody(GraphWriter &graph, func::FuncOp main) {
  Block &body = main.getBody().front();
  for (unsigned i = 0; i < main.getNumResults(); ++i)
    graph.reserve(getName(main.getResultAttrDict(i), "output", i));
  for (auto [i, argument] : llvm::enumerate(body.getArguments()))
    graph.addInput(argument, getName(main.getArgAttrDict(i), "input", i));
  for (Operation &op : body.without_terminator()) {
    if (isa<arith::ConstantOp, ObserveOp>(op))
      continue;
    graph.begin(&op);
    if (!writeContraction(graph, &op) && !writeArithmetic(graph, &op) &&
        !writeMove(graph, &op) && !writeWindow(graph, &op))
      return llvm::createStringError(describe(&op));
  }
  for (auto [i, result] : llvm::enumerate(body.getTerminator()->getOperands()))
    graph.addOutput(result, getName(main.getResultAttrDict(i), "output", i));
  return llvm::Error::success();
}

llvm::Expected<std::string> exportOnnx(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!main || !llvm::hasSingleElement(main.getBody()))
    return llvm::createStringError(
        "expected a function 'main' of one block, but got none");
  onnx::ModelProto model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("qcc");
  onnx::OperatorSetIdProto &opset = *model.add_opset_import();
  opset.set_domain("");
  opset.set_version(kOpset);
  auto name = module->getAttrOfType<StringAttr>("qcc.name");
  model.mutable_graph()->set_name(name ? name.str() : "main");
  GraphWriter graph(*model.mutable_graph(),
                    main->hasAttr("qcc.symbolic_batch"));
  if (llvm::Error error = writeBody(graph, main))
    return error;
  size_t size = model.ByteSizeLong();
  if (size > kLargestFile)
    return llvm::createStringError(
        "expected a model of at most 2 GiB, but got " + Twine(size) + " bytes");
  return model.SerializeAsString();
}

} // namespace qcc
