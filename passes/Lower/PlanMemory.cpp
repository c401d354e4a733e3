// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes a buffer into the type of every tensor, and packs the arena.

#include "passes/Lower/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "passes/Lower/ArenaPacking.h"
#include "passes/Lower/BufferAssignment.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_PLANMEMORY
#include "passes/Lower/Passes.h.inc"
} // namespace qcc

namespace {

// Kernels load whole registers; the last one of a buffer may reach this far
// beyond its end.
constexpr int64_t kOverreadBytes = 128;
constexpr int64_t kAlignment = 64;

/// The op whose launch computes `op`.
Operation *findLaunch(Operation *op) {
  return op->hasAttr("qcc.chained") ? *op->getResult(0).getUsers().begin() : op;
}

/// First and last operation that touches each root.
void findLives(func::FuncOp func, qcc::BufferAssignment &assignment) {
  DenseMap<Operation *, int64_t> position;
  for (Operation &op : func.getBody().front())
    position[&op] = position.size();
  int64_t end = position.size();
  for (auto &[value, placement] : assignment.placements) {
    qcc::RootBuffer &root = assignment.roots[placement.root];
    if (Operation *op = value.getDefiningOp())
      root.first = std::min(root.first, position[op]);
    for (Operation *user : value.getUsers())
      root.last = std::max(root.last, isa<qcc::ObserveOp>(user)
                                          ? end
                                          : position[findLaunch(user)]);
    root.last = std::max(root.last, root.first);
  }
}

int64_t packRoots(qcc::BufferAssignment &assignment) {
  std::vector<qcc::ArenaRequest> requests;
  std::vector<size_t> owners;
  for (auto [i, root] : llvm::enumerate(assignment.roots)) {
    if (root.space != qcc::BufferSpace::Arena)
      continue;
    requests.push_back({root.bytes() + kOverreadBytes, root.first, root.last});
    owners.push_back(i);
  }
  int64_t bytes = qcc::packArena(requests, kAlignment);
  for (auto [request, owner] : llvm::zip(requests, owners))
    assignment.roots[owner].offsetBytes = request.offset;
  return bytes;
}

/// The type of `value` with its buffer as encoding.
RankedTensorType withBuffer(Value value, const qcc::Placement &placement,
                            const qcc::RootBuffer &root) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> halo;
  // Only a whole image has the border around it.
  if (llvm::any_of(root.halo, [](int64_t side) { return side != 0; }) &&
      type.getRank() == 4 &&
      type.getShape().drop_front(2) ==
          ArrayRef<int64_t>(root.shape).drop_front(2))
    halo.assign(root.halo.begin(), root.halo.end());
  auto buffer = qcc::BufferAttr::get(
      value.getContext(), root.space, root.index,
      root.offsetBytes + placement.elements.offset * root.elementBytes,
      placement.elements.strides, halo);
  return RankedTensorType::get(type.getShape(), type.getElementType(), buffer);
}

struct PlanMemory : qcc::impl::PlanMemoryBase<PlanMemory> {
  void runOnOperation() override {
    auto func = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!func) {
      getOperation().emitError("expected a function @main, but got none");
      return signalPassFailure();
    }
    qcc::BufferAssignment assignment(func);
    assignment.prepare();
    assignment.place();
    findLives(func, assignment);
    int64_t bytes = packRoots(assignment);
    for (auto &[value, placement] : assignment.placements) {
      Value mutableValue = value;
      mutableValue.setType(
          withBuffer(value, placement, assignment.roots[placement.root]));
    }
    Operation *terminator = func.getBody().front().getTerminator();
    func.setFunctionType(FunctionType::get(&getContext(),
                                           func.getBody().getArgumentTypes(),
                                           terminator->getOperandTypes()));
    getOperation()->setAttr(
        "qcc.arena_bytes",
        IntegerAttr::get(IntegerType::get(&getContext(), 64), bytes));
  }
};

} // namespace
