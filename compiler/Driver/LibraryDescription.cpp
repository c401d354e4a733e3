// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Collects and prints what a library says of itself.

#include "compiler/Driver/LibraryDescription.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/JSON.h"

#ifndef QCC_VERSION
#define QCC_VERSION "0"
#endif

using namespace mlir;

static std::string printType(Type type) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << type;
  return text;
}

/// Names and paths come from strangers; JSON is UTF-8.
static void printText(llvm::json::OStream &json, llvm::StringRef key,
                      llvm::StringRef text) {
  json.attribute(key, llvm::json::fixUTF8(text));
}

static void printTensors(llvm::json::OStream &json, llvm::StringRef key,
                         const std::vector<qcc::TensorInfo> &tensors) {
  json.attributeArray(key, [&] {
    for (const qcc::TensorInfo &tensor : tensors)
      json.object([&] {
        printText(json, "name", tensor.name);
        json.attribute("type", qcc::printDtype(tensor.type));
        json.attributeArray("shape", [&] {
          for (int64_t size : tensor.shape)
            json.value(size);
        });
      });
  });
}

static void printPlan(llvm::json::OStream &json,
                      const std::vector<qcc::PlanEntry> &plan) {
  json.attributeArray("plan", [&] {
    for (const qcc::PlanEntry &entry : plan)
      json.object([&] {
        printText(json, "name", entry.name);
        json.attribute("op", entry.op);
        json.attribute("precision", entry.precision);
        if (!entry.grid.empty())
          json.attribute("grid", entry.grid);
      });
  });
}

namespace qcc {

std::vector<PlanEntry> collectPlan(ModuleOp graph) {
  std::vector<PlanEntry> plan;
  auto main = graph.lookupSymbol<func::FuncOp>("main");
  if (!main || main.isExternal())
    return plan;
  for (Operation &op : main.getBody().front()) {
    if (!isa<QccDialect>(op.getDialect()) || op.getNumResults() == 0)
      continue;
    PlanEntry entry;
    if (auto name = op.getLoc()->findInstanceOf<NameLoc>())
      entry.name = name.getName().str();
    entry.op = op.getName().getStringRef().str();
    QuantType grid = getQuantType(op.getResult(0).getType());
    bool isQuantized =
        grid || llvm::any_of(op.getOperandTypes(), [](Type type) {
          return static_cast<bool>(getQuantType(type));
        });
    entry.precision = isQuantized ? "int8" : "f32";
    if (grid)
      entry.grid = printType(grid);
    plan.push_back(std::move(entry));
  }
  return plan;
}

std::string printDescription(const LibraryInfo &library,
                             const std::vector<PlanEntry> &plan,
                             const CompileOptions &options, double seconds) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream);
  json.object([&] {
    printText(json, "name", library.name);
    json.attribute("version", QCC_VERSION);
    json.attribute("precision", getName(options.precision));
    if (library.language)
      printText(json, "cache_type", library.language->cacheType);
    json.attributeArray("targets", [&] {
      for (const VariantInfo &variant : library.variants)
        json.value(llvm::StringRef(variant.target->name));
    });
    printTensors(json, "inputs", library.inputs);
    printTensors(json, "outputs", library.outputs);
    printText(json, "source", options.modelPath);
    json.attribute("accuracy", nullptr);
    json.attribute("compile_seconds", seconds);
    printPlan(json, plan);
  });
  return text;
}

} // namespace qcc
