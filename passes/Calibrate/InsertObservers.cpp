// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chooses the tensors that calibration watches, and their names. The names are
// the keys of the statistics file, which people edit and keep.

#include "passes/Calibrate/Passes.h"

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_INSERTOBSERVERS
#include "passes/Calibrate/Passes.h.inc"
} // namespace qcc

namespace {

/// Gives out each name once.
class NameTable {
public:
  std::string makeUnique(StringRef name) {
    unsigned count = ++uses[name];
    std::string unique = name.str();
    while (count > 1 &&
           uses.count(unique = name.str() + "#" + std::to_string(count)))
      ++count;
    uses[unique];
    return unique;
  }

private:
  llvm::StringMap<unsigned> uses;
};

std::string nameOf(Operation *op) {
  if (auto name = op->getLoc()->findInstanceOf<NameLoc>())
    return name.getName().str();
  return op->getName().stripDialect().str();
}

bool isReadByContraction(Value value) {
  return llvm::any_of(value.getUses(), [](OpOperand &use) {
    return isa<qcc::ConvOp, qcc::LinearOp>(use.getOwner()) &&
           use.getOperandNumber() == 0;
  });
}

bool isObserved(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.getElementType().isF32())
    return false;
  Operation *op = value.getDefiningOp();
  if (!op)
    return true;
  if (!isa<qcc::QccDialect>(op->getDialect()))
    return false;
  return !qcc::movesElements(op) || isReadByContraction(value);
}

/// A tensor that a layer computes, in a graph of any precision.
bool isLayer(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  Operation *op = value.getDefiningOp();
  if (!type || !op || !isa<qcc::QccDialect>(op->getDialect()))
    return false;
  qcc::QuantType grid = qcc::getQuantType(type);
  return (type.getElementType().isF32() || (grid && grid.getBits() == 8)) &&
         !qcc::movesElements(op) && !qcc::isRescaled(op) &&
         !isa<qcc::QuantizeOp, qcc::DequantizeOp, qcc::RequantizeOp>(op);
}

struct InsertObservers : qcc::impl::InsertObserversBase<InsertObservers> {
  using InsertObserversBase::InsertObserversBase;

  void runOnOperation() override {
    getOperation()->walk([&](func::FuncOp function) {
      if (function.isExternal())
        return;
      if (layers)
        insertAfterLayers(function);
      else
        insert(function);
    });
  }

  static void insertAfterLayers(func::FuncOp function) {
    NameTable names;
    OpBuilder builder(function.getContext());
    for (Operation &op :
         llvm::make_early_inc_range(function.getBody().front())) {
      builder.setInsertionPointAfter(&op);
      for (Value result : op.getResults())
        if (isLayer(result))
          qcc::ObserveOp::create(builder, op.getLoc(), result,
                                 names.makeUnique(nameOf(&op)));
    }
  }

  static void insert(func::FuncOp function) {
    NameTable names;
    OpBuilder builder(function.getContext());
    Block &body = function.getBody().front();
    builder.setInsertionPointToStart(&body);
    for (BlockArgument argument : body.getArguments()) {
      auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                        "qcc.name");
      std::string unique = names.makeUnique(
          name ? name.getValue().str()
               : "argument" + std::to_string(argument.getArgNumber()));
      if (isObserved(argument))
        qcc::ObserveOp::create(builder, argument.getLoc(), argument, unique);
    }
    for (Operation &op : llvm::make_early_inc_range(body)) {
      builder.setInsertionPointAfter(&op);
      for (Value result : op.getResults())
        if (isObserved(result))
          qcc::ObserveOp::create(builder, op.getLoc(), result,
                                 names.makeUnique(nameOf(&op)));
    }
  }
};

} // namespace
