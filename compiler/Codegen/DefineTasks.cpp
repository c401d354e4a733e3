// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bridges the one signature that the thread pool calls and the kernels' own.
// The kernel stays a function of its own until LLVM inlines it, because only
// function arguments can be noalias.

#include "compiler/Codegen/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_DEFINETASKS
#include "compiler/Codegen/Passes.h.inc"
} // namespace qcc

static void defineTask(LLVM::LLVMFuncOp task, LLVM::LLVMFuncOp kernel) {
  OpBuilder builder(task.getContext());
  Location loc = kernel.getLoc();
  auto pointer = LLVM::LLVMPointerType::get(task.getContext());
  builder.setInsertionPointToStart(task.addEntryBlock(builder));
  SmallVector<Value> arguments = {task.getArgument(1)};
  unsigned buffers = kernel.getNumArguments();
  bool usesScratch = kernel->hasAttr("qcc.uses_scratch");
  if (usesScratch)
    --buffers;
  for (unsigned i = 1; i < buffers; ++i) {
    Value slot =
        LLVM::GEPOp::create(builder, loc, pointer, pointer, task.getArgument(0),
                            ArrayRef<LLVM::GEPArg>{int32_t(i - 1)});
    arguments.push_back(LLVM::LoadOp::create(builder, loc, pointer, slot));
  }
  if (usesScratch)
    arguments.push_back(task.getArgument(2));
  LLVM::CallOp::create(builder, loc, kernel, arguments);
  LLVM::ReturnOp::create(builder, loc, ValueRange());
  task.setLinkage(LLVM::Linkage::Internal);
  kernel.setLinkage(LLVM::Linkage::Internal);
  kernel.setAlwaysInline(true);
}

namespace {

struct DefineTasks : qcc::impl::DefineTasksBase<DefineTasks> {
  void runOnOperation() override {
    for (auto task : getOperation().getOps<LLVM::LLVMFuncOp>()) {
      auto name = task->getAttrOfType<FlatSymbolRefAttr>("qcc.task_of");
      if (!name)
        continue;
      auto kernel = getOperation().lookupSymbol<LLVM::LLVMFuncOp>(name);
      if (!kernel || kernel.isExternal()) {
        task.emitOpError("expected a kernel with a body named ")
            << name << ", but got " << (kernel ? "a declaration" : "none");
        return signalPassFailure();
      }
      defineTask(task, kernel);
      task->removeAttr("qcc.task_of");
    }
  }
};

} // namespace
