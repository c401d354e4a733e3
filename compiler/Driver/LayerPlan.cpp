// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Plans between files and ops: attributes hold them.

#include "compiler/Driver/LayerPlan.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

/// The ops of main that a plan can name.
static void forEachLayer(ModuleOp graph,
                         llvm::function_ref<void(Operation &, StringRef)> see) {
  auto main = graph.lookupSymbol<func::FuncOp>("main");
  if (!main || main.isExternal())
    return;
  for (Operation &op : main.getBody().front())
    if (isa<qcc::QccDialect>(op.getDialect()) && op.getNumResults() > 0)
      if (auto name = op.getLoc()->findInstanceOf<NameLoc>())
        see(op, name.getName());
}

namespace qcc {

llvm::Error notePlan(ModuleOp graph, llvm::ArrayRef<PlannedLayer> layers,
                     llvm::StringRef path) {
  llvm::StringMap<std::vector<const PlannedLayer *>> byName;
  for (const PlannedLayer &layer : layers)
    byName[layer.name].push_back(&layer);
  llvm::DenseSet<const PlannedLayer *> found;
  forEachLayer(graph, [&](Operation &op, StringRef name) {
    auto known = byName.find(name);
    if (known == byName.end())
      return;
    for (const PlannedLayer *layer : known->second) {
      found.insert(layer);
      if (layer->op.empty() || layer->op == op.getName().getStringRef())
        op.setDiscardableAttr(
            "qcc.planned", StringAttr::get(op.getContext(), layer->precision));
    }
  });
  llvm::SmallVector<std::string> strangers;
  constexpr size_t kMost = 5;
  for (const PlannedLayer &layer : layers)
    if (!found.contains(&layer) && strangers.size() < kMost)
      strangers.push_back("'" + layer.name + "'");
  if (strangers.empty())
    return llvm::Error::success();
  return llvm::createStringError(
      path +
      ": expected names of the model's layers, as --save-plan=FILE "
      "writes them, but got " +
      llvm::join(strangers, ", "));
}

std::vector<PlannedLayer> readAssignment(ModuleOp graph) {
  std::vector<PlannedLayer> layers;
  forEachLayer(graph, [&](Operation &op, StringRef name) {
    auto precision = op.getAttrOfType<StringAttr>("qcc.precision");
    if (!precision)
      return;
    auto reason = op.getAttrOfType<StringAttr>("qcc.reason");
    layers.push_back({name.str(), op.getName().getStringRef().str(),
                      precision.str(), reason ? reason.str() : ""});
  });
  return layers;
}

} // namespace qcc
