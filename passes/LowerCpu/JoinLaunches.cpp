// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Marks launches that need not wait for the one before them. A launch begins
// with cold caches in every thread and ends when the last is done; a token of
// a language model reads a matrix in the time that ten such gaps take.

#include "passes/LowerCpu/Passes.h"

#include "dialects/Qcc/IR/LaunchBuffer.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_JOINLAUNCHES
#include "passes/LowerCpu/Passes.h.inc"
} // namespace qcc

namespace {

/// More need no company.
constexpr int64_t kMostTasks = 4096;

/// A launch and where its buffers are; it writes the last and reads the others.
struct Work {
  qcc::LaunchOp launch;
  SmallVector<qcc::LaunchBuffer> buffers;

  static std::optional<Work> of(qcc::LaunchOp launch) {
    // Others may write more than their result.
    if (launch.getKind() != qcc::BlockLinearOp::getOperationName())
      return std::nullopt;
    Work work{launch, {}};
    for (Value value : launch.getBuffers()) {
      std::optional<qcc::LaunchBuffer> buffer = qcc::LaunchBuffer::of(value);
      if (!buffer)
        return std::nullopt;
      work.buffers.push_back(*buffer);
    }
    return work;
  }

  /// Whether this writes what `other` reads or writes.
  bool disturbs(const Work &other) const {
    return llvm::any_of(other.buffers, [&](const qcc::LaunchBuffer &buffer) {
      return buffer.overlaps(buffers.back());
    });
  }
};

bool canJoin(ArrayRef<Work> group, Work &next) {
  int64_t tasks = next.launch.getTasks();
  for (const Work &work : group)
    tasks += int64_t(qcc::LaunchOp(work.launch).getTasks());
  if (tasks > kMostTasks)
    return false;
  return llvm::all_of(group, [&](Work work) {
    return qcc::haveSameExtent(work.launch, next.launch) &&
           !next.disturbs(work) && !work.disturbs(next);
  });
}

struct JoinLaunches : qcc::impl::JoinLaunchesBase<JoinLaunches> {
  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main || main.getBody().empty()) {
      getOperation().emitError("expected a function @main, but got none");
      return signalPassFailure();
    }
    SmallVector<Work> group;
    for (auto launch : main.getOps<qcc::LaunchOp>()) {
      std::optional<Work> work = Work::of(launch);
      if (work && !group.empty() && canJoin(group, *work))
        launch.setJoined(true);
      else
        group.clear();
      if (work)
        group.push_back(std::move(*work));
    }
  }
};

} // namespace
