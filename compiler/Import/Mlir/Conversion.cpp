// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loop over foreign ops that both conversions share.

#include "compiler/Import/Mlir/Conversion.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace qcc::mlir_import {

// Constants of more elements are not computed on while they are read.
static constexpr int64_t kFoldLimit = 1 << 24;

/// Layers need names, which reports show; text files seldom have some.
static Location nameLayer(Operation *op, llvm::StringMap<unsigned> &counts) {
  if (op->getLoc()->findInstanceOf<NameLoc>())
    return op->getLoc();
  StringRef kind = op->getName().stripDialect();
  std::string name = (kind + "_" + Twine(counts[kind]++)).str();
  return NameLoc::get(StringAttr::get(op->getContext(), name), op->getLoc());
}

/// What `op` is replaced by, or nothing and a reason where `build` has one.
static SmallVector<Value> convertOp(Operation *op, GraphBuilder &build,
                                    OpConverter convert) {
  SmallVector<Value> values = convert(op, build);
  if (values.size() != op->getNumResults() ||
      llvm::is_contained(values, Value()))
    return {};
  for (auto [value, result] : llvm::zip_equal(values, op->getResults()))
    if (value.getType() != result.getType()) {
      build.fail("expected a result of " + describe(value.getType()) +
                 ", but got " + describe(result.getType()));
      return {};
    }
  return values;
}

static void eraseUnused(func::FuncOp main) {
  for (Block &block : main.getBody())
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
}

void convertOps(func::FuncOp main,
                llvm::function_ref<bool(Operation *)> isForeign,
                OpConverter convert, Reasons &reasons) {
  llvm::StringMap<unsigned> counts;
  for (Operation &op : llvm::make_early_inc_range(main.getBody().getOps())) {
    if (!isForeign(&op))
      continue;
    OpBuilder builder(&op);
    GraphBuilder build(builder, kFoldLimit);
    build.setLocation(nameLayer(&op, counts));
    SmallVector<Value> values = convertOp(&op, build, convert);
    if (values.empty()) {
      reasons[&op] = build.takeProblem();
      continue;
    }
    op.replaceAllUsesWith(values);
    op.erase();
  }
  eraseUnused(main);
}

llvm::Error checkConverted(func::FuncOp main, const Reasons &reasons) {
  SmallVector<std::string> others;
  for (Operation &op : main.getBody().getOps()) {
    if (isa<arith::ConstantOp, func::ReturnOp>(op) ||
        isa_and_nonnull<QccDialect>(op.getDialect()))
      continue;
    std::string text = op.getName().getStringRef().str();
    std::string reason = reasons.lookup(&op);
    if (!reason.empty())
      text += " (" + reason + ")";
    if (!llvm::is_contained(others, text))
      others.push_back(text);
  }
  if (others.empty())
    return llvm::Error::success();
  return llvm::createStringError(
      "expected a graph of ops that qcc knows, but got " +
      llvm::join(others, ", "));
}

} // namespace qcc::mlir_import
