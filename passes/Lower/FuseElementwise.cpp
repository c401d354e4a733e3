// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Collects elementwise ops into `qcc.fused`, each group from its last op
// backwards.

#include "passes/Lower/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "passes/Lower/Passes.h.inc"
} // namespace qcc

namespace {

// More operands than address registers, or more code than pays.
constexpr size_t kMostInputs = 8;
constexpr size_t kMostOps = 24;
// Pictures of fewer channels have a kernel that interleaves and quantizes.
constexpr int64_t kFewChannels = 8;

using Group = llvm::SmallSetVector<Operation *, 8>;

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

bool isFusible(Operation *op) {
  if (!qcc::isElementwise(op))
    return false;
  ArrayRef<int64_t> shape = shapeOf(op->getResult(0));
  return !isa<qcc::QuantizeOp>(op) || shape.size() != 4 ||
         shape[1] >= kFewChannels;
}

/// What the ops of `group` read from outside.
llvm::SmallSetVector<Value, 8> inputsOf(const Group &group) {
  llvm::SmallSetVector<Value, 8> inputs;
  for (Operation *op : group)
    for (Value operand : op->getOperands())
      if (!group.contains(operand.getDefiningOp()))
        inputs.insert(operand);
  return inputs;
}

/// The ops before `last` that only the group reads, `last` among them.
Group collect(Operation *last) {
  Group group;
  group.insert(last);
  auto belongs = [&](Operation *op) {
    return op && isFusible(op) && !group.contains(op) &&
           op->getBlock() == last->getBlock() &&
           shapeOf(op->getResult(0)) == shapeOf(last->getResult(0)) &&
           llvm::all_of(op->getUsers(),
                        [&](Operation *user) { return group.contains(user); });
  };
  bool grows = true;
  while (grows) {
    grows = false;
    SmallVector<Operation *> members(group.begin(), group.end());
    for (Operation *member : members)
      for (Value operand : member->getOperands()) {
        Operation *op = operand.getDefiningOp();
        if (group.size() >= kMostOps || !belongs(op))
          continue;
        group.insert(op);
        if (inputsOf(group).size() > kMostInputs)
          group.remove(op);
        else
          grows = true;
      }
  }
  return group;
}

void fuse(const Group &group, Operation *last) {
  SmallVector<Operation *> ops(group.begin(), group.end());
  llvm::sort(
      ops, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  // In the order in which they are read.
  llvm::SmallSetVector<Value, 8> inputs =
      inputsOf(Group(ops.begin(), ops.end()));
  SmallVector<Location> places;
  for (Operation *op : ops)
    places.push_back(op->getLoc());
  OpBuilder builder(last);
  auto fused =
      qcc::FusedOp::create(builder, FusedLoc::get(builder.getContext(), places),
                           last->getResult(0).getType(), inputs.getArrayRef());
  Block &body = fused.getBody().emplaceBlock();
  IRMapping mapping;
  for (Value input : inputs)
    mapping.map(input, body.addArgument(input.getType(), input.getLoc()));
  builder.setInsertionPointToStart(&body);
  for (Operation *op : ops)
    builder.clone(*op, mapping);
  qcc::YieldOp::create(builder, last->getLoc(),
                       mapping.lookup(last->getResult(0)));
  last->getResult(0).replaceAllUsesWith(fused.getResult());
  for (Operation *op : llvm::reverse(ops))
    op->erase();
}

struct FuseElementwise : qcc::impl::FuseElementwiseBase<FuseElementwise> {
  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    llvm::DenseSet<Operation *> seen;
    SmallVector<Group> groups;
    for (Operation &op : llvm::reverse(func.getBody().front())) {
      if (!isFusible(&op) || seen.contains(&op))
        continue;
      Group group = collect(&op);
      seen.insert(group.begin(), group.end());
      if (group.size() > 1)
        groups.push_back(group);
    }
    for (const Group &group : groups)
      fuse(group, group.front());
  }
};

} // namespace
