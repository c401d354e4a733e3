// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decides which ops compute in integers. Contractions decide for themselves;
// everything else follows its neighbours, so that tensors change between
// floats and integers as seldom as possible.

#include "passes/Assign/Passes.h"

#include "dialects/Qcc/Analysis/ObservedRanges.h"
#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Assign/IntegerCandidates.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_ASSIGNPRECISION
#include "passes/Assign/Passes.h.inc"
} // namespace qcc

namespace {

/// True for ops of an imported quantized model, which are decided already.
bool isOnGrid(Operation *op) {
  return llvm::any_of(op->getOperandTypes(), qcc::getQuantType) ||
         llvm::any_of(op->getResultTypes(), qcc::getQuantType);
}

/// The decisions for one function.
class Assignment {
public:
  explicit Assignment(func::FuncOp function) {
    for (Operation &op : function.getBody().front())
      if (isa<qcc::QccDialect>(op.getDialect()) && !isOnGrid(&op))
        ops.push_back(&op);
  }

  void chooseIntegers() {
    for (Operation *op : ops) {
      if (!qcc::isContraction(op) || isPlanned(op, "f32"))
        continue;
      if (!whyNotInteger(op) && !isPlanned(op, "int8_dynamic"))
        integers.insert(op);
      else if (!qcc::whyNotDynamic(op) && qcc::paysForDynamic(op))
        dynamics.insert(op);
    }
    findFeeders();
    for (Operation *op : ops)
      if (!qcc::isContraction(op) && followsOperands(op))
        integers.insert(op);
    // From the end: what only floats read need not be rounded to integers.
    for (Operation *op : llvm::reverse(ops))
      if (!qcc::isContraction(op) && !isReadByIntegers(op))
        integers.remove(op);
    // From the end, since a chain of movements decides from its last one.
    for (Operation *op : llvm::reverse(ops))
      if (!integers.contains(op) && leadsToIntegers(op))
        integers.insert(op);
  }

  void write(MLIRContext *context) {
    auto int8 = StringAttr::get(context, "int8");
    auto dynamic = StringAttr::get(context, "int8_dynamic");
    auto f32 = StringAttr::get(context, "f32");
    for (Operation *op : ops)
      op->setDiscardableAttr("qcc.precision", integers.contains(op)   ? int8
                                              : dynamics.contains(op) ? dynamic
                                                                      : f32);
  }

  /// Says why an op computes in floats that might have computed in integers:
  /// in a remark and in `qcc.reason`, for the plan.
  void explain() {
    for (Operation *op : ops) {
      if (integers.contains(op) || dynamics.contains(op) ||
          op->getNumResults() == 0 || qcc::movesElements(op))
        continue;
      bool wanted = isPlanned(op, "int8") || isPlanned(op, "int8_dynamic");
      if (!feeders.contains(op) && !qcc::isContraction(op) && !wanted)
        continue;
      const char *reason = whyNotInteger(op);
      if (!reason)
        reason = followsOperands(op) ? "all that reads it computes in f32"
                                     : "its operands are computed in f32";
      op->setDiscardableAttr("qcc.reason",
                             StringAttr::get(op->getContext(), reason));
      // Only calibration is missing: the driver says so once for all. What
      // the plan says in f32 needs no remark.
      bool needsRange = qcc::isContraction(op) && !qcc::whyNotDynamic(op) &&
                        !qcc::getRange(op->getOperand(0));
      if (wanted)
        op->emitRemark("stays in f32, though the plan says otherwise: ")
            << reason;
      else if (!needsRange && !isPlanned(op, "f32"))
        op->emitRemark("stays in f32: ") << reason;
    }
  }

private:
  /// True if the user's plan gives `op` that precision.
  static bool isPlanned(Operation *op, StringRef precision) {
    auto planned = op->getAttrOfType<StringAttr>("qcc.planned");
    return planned && planned == precision;
  }

  static const char *whyNotInteger(Operation *op) {
    return isPlanned(op, "f32") ? "the plan says so" : qcc::whyNotInteger(op);
  }

  /// Ops that some integer contraction depends on.
  void findFeeders() {
    for (Operation *op : llvm::reverse(ops)) {
      bool feeds = llvm::any_of(op->getUsers(), [&](Operation *user) {
        return integers.contains(user) || feeders.contains(user);
      });
      if (feeds)
        feeders.insert(op);
    }
  }

  bool isReadByIntegers(Operation *op) {
    return llvm::any_of(op->getUsers(), [&](Operation *user) {
      return integers.contains(user);
    });
  }

  bool isInteger(Value value) {
    Operation *op = value.getDefiningOp();
    return op && integers.contains(op);
  }

  /// True if integers come in, and go on to a contraction.
  bool followsOperands(Operation *op) {
    if (!feeders.contains(op) || whyNotInteger(op))
      return false;
    auto ready = [&](Value value) {
      return isInteger(value) || qcc::getConstantBytes(value).has_value();
    };
    if (qcc::movesElements(op))
      return llvm::any_of(op->getOperands(),
                          [&](Value value) { return isInteger(value); });
    return llvm::any_of(op->getOperands(),
                        [&](Value value) { return isInteger(value); }) &&
           llvm::all_of(op->getOperands(), ready);
  }

  /// True if only integers are wanted of it and it computes nothing.
  bool leadsToIntegers(Operation *op) {
    return qcc::movesElements(op) && !op->use_empty() && !whyNotInteger(op) &&
           llvm::all_of(op->getUsers(), [&](Operation *user) {
             return integers.contains(user);
           });
  }

  SmallVector<Operation *> ops;
  llvm::SetVector<Operation *> integers;
  llvm::SetVector<Operation *> dynamics;
  llvm::SetVector<Operation *> feeders;
};

struct AssignPrecision : qcc::impl::AssignPrecisionBase<AssignPrecision> {
  using AssignPrecisionBase::AssignPrecisionBase;

  void runOnOperation() override {
    if (precision != "int8" && precision != "f32") {
      getOperation()->emitError("expected precision int8 or f32, but got ")
          << precision;
      return signalPassFailure();
    }
    getOperation()->walk([&](func::FuncOp function) {
      if (function.isExternal())
        return;
      Assignment assignment(function);
      if (precision == "int8") {
        assignment.chooseIntegers();
        assignment.explain();
      }
      assignment.write(&getContext());
    });
  }
};

} // namespace
