// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes the launch program callable: addresses are computed from the runtime's
// base pointers, and launches become calls of the thread pool. The contract of
// both sides is runtime/core/module.h.

#include "compiler/Codegen/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_LOWERLAUNCHES
#include "compiler/Codegen/Passes.h.inc"
} // namespace qcc

namespace {

// The arguments of main before its inputs and outputs.
enum { kArenaArgument, kWeightsArgument, kFixedArguments };

/// Bytes [offset, offset + size) behind one argument of main.
struct Buffer {
  BlockArgument base;
  int64_t offset = 0;
  int64_t size = 0;

  bool overlaps(const Buffer &other) const {
    return base == other.base && offset < other.offset + other.size &&
           other.offset < offset + size;
  }
};

class EntryBuilder {
public:
  EntryBuilder(func::FuncOp main, StringRef entryName)
      : main(main), name(entryName), builder(main.getContext()),
        pointer(LLVM::LLVMPointerType::get(main.getContext())) {}

  LogicalResult run();

private:
  LogicalResult collectBuffers();
  LogicalResult markAliases(qcc::LaunchOp launch);
  void declareRuntime();
  void emitBody(LLVM::LLVMFuncOp entry);
  void emitLaunch(qcc::LaunchOp launch, int32_t index, LLVM::LLVMFuncOp entry);
  Value emitTasks(qcc::LaunchOp launch, LLVM::LLVMFuncOp entry);
  Value emitAddress(const Buffer &buffer, LLVM::LLVMFuncOp entry);
  Value emitConstant(Type type, int64_t value);
  Value loadPointer(Value list, int32_t index);

  func::FuncOp main;
  std::string name;
  OpBuilder builder;
  LLVM::LLVMPointerType pointer;
  llvm::DenseMap<Value, Buffer> buffers;
  SmallVector<qcc::LaunchOp> launches;
  // Base pointers of inputs and outputs, loaded once.
  llvm::DenseMap<Value, Value> basePointers;
  Value list;
};

struct LowerLaunches : qcc::impl::LowerLaunchesBase<LowerLaunches> {
  using LowerLaunchesBase::LowerLaunchesBase;

  void runOnOperation() override {
    auto main = getOperation().lookupSymbol<func::FuncOp>("main");
    if (!main) {
      getOperation().emitError("expected a function 'main', but got none");
      return signalPassFailure();
    }
    EntryBuilder builder(main, qcc::getEntryName(target));
    if (failed(builder.run()))
      signalPassFailure();
  }
};

} // namespace

static int64_t sizeInBytes(MemRefType type) {
  return type.getNumElements() * qcc::getElementBytes(type.getElementType());
}

LogicalResult EntryBuilder::collectBuffers() {
  for (BlockArgument argument : main.getArguments())
    buffers[argument] = {argument, 0,
                         sizeInBytes(cast<MemRefType>(argument.getType()))};
  for (Operation &op : main.getBody().front()) {
    if (auto launch = dyn_cast<qcc::LaunchOp>(op)) {
      launches.push_back(launch);
      continue;
    }
    if (auto view = dyn_cast<memref::ViewOp>(op)) {
      APInt shift;
      if (!matchPattern(view.getByteShift(), m_ConstantInt(&shift)))
        return view.emitOpError("expected a constant byte shift");
      Buffer source = buffers[view.getSource()];
      buffers[view] = {source.base, source.offset + shift.getSExtValue(),
                       sizeInBytes(view.getType())};
      continue;
    }
    if (!isa<arith::ConstantOp, func::ReturnOp>(op))
      return op.emitOpError("expected views and launches only in main");
  }
  return success();
}

/// Sees to the kernel's attributes: an argument is `llvm.noalias` until one
/// launch overlaps it with another buffer.
LogicalResult EntryBuilder::markAliases(qcc::LaunchOp launch) {
  auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      launch, launch.getKernelAttr());
  if (!kernel)
    return launch.emitOpError("expected a kernel named ")
           << launch.getKernelAttr() << ", but got none";
  unsigned count = launch.getBuffers().size();
  unsigned expected = kernel.getNumArguments() - 1;
  if (kernel->hasAttr("qcc.uses_scratch"))
    --expected;
  if (expected != count)
    return launch.emitOpError("expected ")
           << expected << " buffers for " << launch.getKernelAttr()
           << ", but got " << count;
  StringRef attribute = LLVM::LLVMDialect::getNoAliasAttrName();
  for (unsigned i = 0; i < count; ++i) {
    bool aliases = false;
    for (unsigned j = 0; j < count; ++j)
      aliases |= i != j && buffers[launch.getBuffers()[i]].overlaps(
                               buffers[launch.getBuffers()[j]]);
    if (aliases)
      kernel.removeArgAttr(i + 1, attribute);
  }
  return success();
}

Value EntryBuilder::emitConstant(Type type, int64_t value) {
  return LLVM::ConstantOp::create(builder, main.getLoc(), type,
                                  builder.getIntegerAttr(type, value));
}

Value EntryBuilder::loadPointer(Value list, int32_t index) {
  Value slot = LLVM::GEPOp::create(builder, main.getLoc(), pointer, pointer,
                                   list, ArrayRef<LLVM::GEPArg>{index});
  return LLVM::LoadOp::create(builder, main.getLoc(), pointer, slot);
}

Value EntryBuilder::emitAddress(const Buffer &buffer, LLVM::LLVMFuncOp entry) {
  Value base = basePointers[buffer.base];
  if (buffer.offset == 0)
    return base;
  return LLVM::GEPOp::create(builder, main.getLoc(), pointer,
                             builder.getI8Type(), base,
                             emitConstant(builder.getI64Type(), buffer.offset));
}

/// The number of tasks: what the launch says, for each unit of its extent.
Value EntryBuilder::emitTasks(qcc::LaunchOp launch, LLVM::LLVMFuncOp entry) {
  Location loc = launch.getLoc();
  Type i64 = builder.getI64Type();
  Value tasks = emitConstant(i64, launch.getTasks());
  auto extent = launch.getExtent();
  if (!extent)
    return tasks;
  Buffer buffer = buffers[launch.getBuffers()[(*extent)[0]]];
  buffer.offset += 8 * (*extent)[1];
  Value count =
      LLVM::LoadOp::create(builder, loc, i64, emitAddress(buffer, entry));
  int64_t unit = (*extent)[2];
  count = LLVM::AddOp::create(builder, loc, count, emitConstant(i64, unit - 1));
  count = LLVM::SDivOp::create(builder, loc, count, emitConstant(i64, unit));
  return LLVM::MulOp::create(builder, loc, count, tasks);
}

void EntryBuilder::emitLaunch(qcc::LaunchOp launch, int32_t index,
                              LLVM::LLVMFuncOp entry) {
  Location loc = launch.getLoc();
  for (auto [i, value] : llvm::enumerate(launch.getBuffers())) {
    Value slot = LLVM::GEPOp::create(builder, loc, pointer, pointer, list,
                                     ArrayRef<LLVM::GEPArg>{int32_t(i)});
    LLVM::StoreOp::create(builder, loc, emitAddress(buffers[value], entry),
                          slot);
  }
  Value task = LLVM::AddressOfOp::create(builder, loc, pointer,
                                         (launch.getKernel() + "_task").str());
  Value arguments[] = {entry.getArgument(0),
                       emitConstant(builder.getI32Type(), index), task, list,
                       emitTasks(launch, entry)};
  LLVM::CallOp::create(builder, loc, TypeRange(), "qcc_rt_launch", arguments);
}

void EntryBuilder::emitBody(LLVM::LLVMFuncOp entry) {
  builder.setInsertionPointToStart(entry.addEntryBlock(builder));
  size_t most = 1;
  for (qcc::LaunchOp launch : launches)
    most = std::max<size_t>(most, launch.getBuffers().size());
  list = LLVM::AllocaOp::create(builder, main.getLoc(), pointer, pointer,
                                emitConstant(builder.getI64Type(), most));
  basePointers[main.getArgument(kArenaArgument)] = entry.getArgument(1);
  basePointers[main.getArgument(kWeightsArgument)] = entry.getArgument(2);
  auto inputs =
      main->getParentOp()->getAttrOfType<ArrayAttr>("qcc.inputs").size();
  for (auto [i, argument] :
       llvm::enumerate(main.getArguments().drop_front(kFixedArguments))) {
    bool isInput = i < inputs;
    basePointers[argument] = loadPointer(entry.getArgument(isInput ? 3 : 4),
                                         isInput ? i : i - inputs);
  }
  for (auto [index, launch] : llvm::enumerate(launches))
    emitLaunch(launch, index, entry);
  LLVM::ReturnOp::create(builder, main.getLoc(), ValueRange());
}

void EntryBuilder::declareRuntime() {
  auto none = LLVM::LLVMVoidType::get(builder.getContext());
  Type i32 = builder.getI32Type(), i64 = builder.getI64Type();
  LLVM::LLVMFuncOp::create(
      builder, main.getLoc(), "qcc_rt_launch",
      LLVM::LLVMFunctionType::get(none, {pointer, i32, pointer, pointer, i64}));
  auto taskType = LLVM::LLVMFunctionType::get(none, {pointer, i64, pointer});
  llvm::SmallSetVector<StringAttr, 16> kernels;
  for (qcc::LaunchOp launch : launches)
    kernels.insert(launch.getKernelAttr().getAttr());
  for (StringAttr kernel : kernels) {
    auto task = LLVM::LLVMFuncOp::create(
        builder, main.getLoc(), (kernel.getValue() + "_task").str(), taskType);
    task->setAttr("qcc.task_of", FlatSymbolRefAttr::get(kernel));
  }
}

LogicalResult EntryBuilder::run() {
  if (!main->getParentOp()->getAttrOfType<ArrayAttr>("qcc.inputs") ||
      main.getNumArguments() < kFixedArguments)
    return main.emitOpError("expected arguments arena and weights, and "
                            "qcc.inputs on the module");
  if (failed(collectBuffers()))
    return failure();

  StringRef noAlias = LLVM::LLVMDialect::getNoAliasAttrName();
  for (qcc::LaunchOp launch : launches)
    if (auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
            launch, launch.getKernelAttr()))
      for (unsigned i = 1; i < kernel.getNumArguments(); ++i)
        kernel.setArgAttr(i, noAlias, builder.getUnitAttr());
  for (qcc::LaunchOp launch : launches)
    if (failed(markAliases(launch)))
      return failure();

  builder.setInsertionPoint(main);
  declareRuntime();
  auto none = LLVM::LLVMVoidType::get(builder.getContext());
  SmallVector<Type> arguments(5, pointer);
  auto entry =
      LLVM::LLVMFuncOp::create(builder, main.getLoc(), name,
                               LLVM::LLVMFunctionType::get(none, arguments));
  emitBody(entry);
  main.erase();
  return success();
}
