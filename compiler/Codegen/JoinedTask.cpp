// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds the kernel of a task among joined launches of a and b tasks a unit:
//
//   unit, rest = task / (a + b), task % (a + b)
//   if rest < a: first(list, unit * a + rest)
//   else:        second(list + buffers of the first, unit * b + rest - a)

#include "compiler/Codegen/JoinedTask.h"

using namespace mlir;

namespace qcc {

std::string getTaskName(StringRef kernel) { return (kernel + "_task").str(); }

namespace {

class JoinedTask {
public:
  JoinedTask(OpBuilder &builder, LLVM::LLVMFuncOp func)
      : builder(builder), func(func), loc(func.getLoc()) {}

  void emit(ArrayRef<LaunchOp> launches);

private:
  Value constant(int64_t value) {
    return LLVM::ConstantOp::create(builder, loc, builder.getI64Type(), value);
  }
  void emitCall(LaunchOp launch, int32_t firstBuffer, Value unit, Value rest);

  OpBuilder &builder;
  LLVM::LLVMFuncOp func;
  Location loc;
};

} // namespace

/// Task `rest` of `unit` of one launch, and the end of the function.
void JoinedTask::emitCall(LaunchOp launch, int32_t firstBuffer, Value unit,
                          Value rest) {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  Value before = LLVM::MulOp::create(builder, loc, unit,
                                     constant(int64_t(launch.getTasks())));
  Value task = LLVM::AddOp::create(builder, loc, before, rest);
  Value list =
      LLVM::GEPOp::create(builder, loc, pointer, pointer, func.getArgument(0),
                          ArrayRef<LLVM::GEPArg>{firstBuffer});
  LLVM::CallOp::create(builder, loc, TypeRange(),
                       getTaskName(launch.getKernel()),
                       ValueRange{list, task, func.getArgument(2)});
  LLVM::ReturnOp::create(builder, loc, ValueRange());
}

void JoinedTask::emit(ArrayRef<LaunchOp> launches) {
  builder.setInsertionPointToStart(func.addEntryBlock(builder));
  int64_t total = 0;
  for (LaunchOp launch : launches)
    total += int64_t(launch.getTasks());
  Value task = func.getArgument(1), size = constant(total);
  Value unit = LLVM::UDivOp::create(builder, loc, task, size);
  Value rest = LLVM::URemOp::create(builder, loc, task, size);
  int32_t firstBuffer = 0;
  for (LaunchOp launch : launches) {
    if (launch == launches.back()) {
      emitCall(launch, firstBuffer, unit, rest);
      return;
    }
    Value tasks = constant(int64_t(launch.getTasks()));
    Value isHere = LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::ult,
                                        rest, tasks);
    Block *here = func.addBlock(), *after = func.addBlock();
    LLVM::CondBrOp::create(builder, loc, isHere, here, after);
    builder.setInsertionPointToStart(here);
    emitCall(launch, firstBuffer, unit, rest);
    builder.setInsertionPointToStart(after);
    rest = LLVM::SubOp::create(builder, loc, rest, tasks);
    firstBuffer += int32_t(launch.getBuffers().size());
  }
}

LLVM::LLVMFuncOp emitJoinedTask(OpBuilder &builder, StringRef name,
                                ArrayRef<LaunchOp> launches) {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  auto none = LLVM::LLVMVoidType::get(builder.getContext());
  auto func = LLVM::LLVMFuncOp::create(
      builder, builder.getUnknownLoc(), name,
      LLVM::LLVMFunctionType::get(none,
                                  {pointer, builder.getI64Type(), pointer}));
  func.setLinkage(LLVM::Linkage::Internal);
  OpBuilder::InsertionGuard guard(builder);
  JoinedTask(builder, func).emit(launches);
  return func;
}

} // namespace qcc
