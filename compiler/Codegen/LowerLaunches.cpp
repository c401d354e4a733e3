// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes the launch program callable: addresses are computed from the runtime's
// base pointers, and launches become calls of the thread pool. The contract of
// both sides is runtime/core/module.h.

#include "compiler/Codegen/Passes.h"

#include "compiler/Codegen/JoinedTask.h"

#include "dialects/Qcc/IR/LaunchBuffer.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_LOWERLAUNCHES
#include "compiler/Codegen/Passes.h.inc"
} // namespace qcc

namespace {

// The arguments of main before its inputs and outputs.
enum { kArenaArgument, kWeightsArgument, kFixedArguments };

// Of weights.
constexpr int64_t kAlignment = 64;

/// Launches that are joined, in order.
using Group = SmallVector<qcc::LaunchOp>;

class EntryBuilder {
public:
  EntryBuilder(func::FuncOp main, StringRef entryName)
      : main(main), name(entryName), builder(main.getContext()),
        pointer(LLVM::LLVMPointerType::get(main.getContext())) {}

  LogicalResult run();

private:
  LogicalResult collectLaunches();
  LogicalResult addLaunch(qcc::LaunchOp launch);
  qcc::LaunchBuffer bufferOf(Value value) const {
    return *qcc::LaunchBuffer::of(value);
  }
  LogicalResult markAliases(qcc::LaunchOp launch);
  void declareRuntime();
  void emitBody(LLVM::LLVMFuncOp entry);
  std::string getTask(const Group &group);
  void emitExpectation(size_t index, LLVM::LLVMFuncOp entry);
  void emitLaunch(const Group &group, int32_t index, LLVM::LLVMFuncOp entry);
  Value emitTasks(const Group &group, LLVM::LLVMFuncOp entry);
  Value emitAddress(const qcc::LaunchBuffer &buffer, LLVM::LLVMFuncOp entry);
  Value emitConstant(Type type, int64_t value);
  Value loadPointer(Value list, int32_t index);

  func::FuncOp main;
  std::string name;
  OpBuilder builder;
  LLVM::LLVMPointerType pointer;
  SmallVector<Group> groups;
  llvm::StringMap<std::string> joinedTasks; // by kernels and tasks
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

LogicalResult EntryBuilder::addLaunch(qcc::LaunchOp launch) {
  for (Value value : launch.getBuffers())
    if (!qcc::LaunchBuffer::of(value))
      return launch.emitOpError("expected buffers that are constant views of "
                                "main's arguments, but got ")
             << value;
  if (!launch.getJoined()) {
    groups.push_back({launch});
    return success();
  }
  // launch_c3
  if (groups.empty())
    return launch.emitOpError("expected a launch before a joined one, but got "
                              "none");
  if (!qcc::haveSameExtent(groups.back().front(), launch))
    return launch.emitOpError("expected the extent of the launch that it is "
                              "joined to, but got another");
  groups.back().push_back(launch);
  return success();
}

LogicalResult EntryBuilder::collectLaunches() {
  for (Operation &op : main.getBody().front()) {
    if (auto launch = dyn_cast<qcc::LaunchOp>(op)) {
      if (failed(addLaunch(launch)))
        return failure();
      continue;
    }
    if (!isa<memref::ViewOp, arith::ConstantOp, func::ReturnOp>(op))
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
      aliases |= i != j && bufferOf(launch.getBuffers()[i])
                               .overlaps(bufferOf(launch.getBuffers()[j]));
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

Value EntryBuilder::emitAddress(const qcc::LaunchBuffer &buffer,
                                LLVM::LLVMFuncOp entry) {
  Value base = basePointers[buffer.base];
  if (buffer.offset == 0)
    return base;
  return LLVM::GEPOp::create(builder, main.getLoc(), pointer,
                             builder.getI8Type(), base,
                             emitConstant(builder.getI64Type(), buffer.offset));
}

/// The number of tasks: what the launches say, for each unit of their extent.
Value EntryBuilder::emitTasks(const Group &group, LLVM::LLVMFuncOp entry) {
  qcc::LaunchOp launch = group.front();
  Location loc = launch.getLoc();
  Type i64 = builder.getI64Type();
  int64_t sum = 0;
  for (qcc::LaunchOp each : group)
    sum += int64_t(each.getTasks());
  Value tasks = emitConstant(i64, sum);
  auto extent = launch.getExtent();
  if (!extent)
    return tasks;
  qcc::LaunchBuffer buffer = bufferOf(launch.getBuffers()[(*extent)[0]]);
  buffer.offset += 8 * (*extent)[1];
  Value count =
      LLVM::LoadOp::create(builder, loc, i64, emitAddress(buffer, entry));
  int64_t unit = (*extent)[2];
  count = LLVM::AddOp::create(builder, loc, count, emitConstant(i64, unit - 1));
  count = LLVM::SDivOp::create(builder, loc, count, emitConstant(i64, unit));
  return LLVM::MulOp::create(builder, loc, count, tasks);
}

/// The task function of a launch, or that of all in a group; groups of the same
/// kernels share it.
std::string EntryBuilder::getTask(const Group &group) {
  qcc::LaunchOp first = group.front();
  if (group.size() == 1)
    return qcc::getTaskName(first.getKernel());
  std::string key;
  for (qcc::LaunchOp launch : group)
    key += (launch.getKernel() + " " + Twine(int64_t(launch.getTasks())) + " ")
               .str();
  auto [known, isNew] = joinedTasks.try_emplace(key);
  if (isNew) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(main);
    known->second =
        qcc::getTaskName("joined_" + std::to_string(joinedTasks.size()));
    qcc::emitJoinedTask(builder, known->second, group);
  }
  return known->second;
}

/// The constant bytes that a launch streams; none where it streams nothing.
static std::optional<qcc::LaunchBuffer> getStream(qcc::LaunchOp launch) {
  auto streams = launch.getStreams();
  if (!streams)
    return std::nullopt;
  qcc::LaunchBuffer buffer =
      *qcc::LaunchBuffer::of(launch.getBuffers()[*streams]);
  if (buffer.base.getArgNumber() != kWeightsArgument)
    return std::nullopt;
  return buffer;
}

/// Ahead of a group that streams weights, says what the next one streams; the
/// last one is followed by the first, of the next run. Of joined launches those
/// count whose weights lie behind each other.
void EntryBuilder::emitExpectation(size_t index, LLVM::LLVMFuncOp entry) {
  if (!getStream(groups[index].front()))
    return;
  size_t next = index;
  std::optional<qcc::LaunchBuffer> stream;
  while (!stream) {
    next = (next + 1) % groups.size();
    stream = getStream(groups[next].front());
  }
  int64_t tasks = 0;
  for (qcc::LaunchOp launch : groups[next]) {
    std::optional<qcc::LaunchBuffer> part = getStream(launch);
    int64_t end = llvm::alignTo(stream->offset + stream->size, kAlignment);
    if (!part || (tasks > 0 && part->offset != end))
      break;
    stream->size = part->offset + part->size - stream->offset;
    tasks += int64_t(launch.getTasks());
  }
  Type i64 = builder.getI64Type();
  Value arguments[] = {entry.getArgument(0), emitAddress(*stream, entry),
                       emitConstant(i64, stream->size),
                       emitConstant(i64, tasks)};
  LLVM::CallOp::create(builder, main.getLoc(), TypeRange(), "qcc_rt_expect",
                       arguments);
}

void EntryBuilder::emitLaunch(const Group &group, int32_t index,
                              LLVM::LLVMFuncOp entry) {
  Location loc = qcc::LaunchOp(group.front()).getLoc();
  int32_t next = 0;
  for (qcc::LaunchOp launch : group)
    for (Value value : launch.getBuffers()) {
      Value slot = LLVM::GEPOp::create(builder, loc, pointer, pointer, list,
                                       ArrayRef<LLVM::GEPArg>{next++});
      LLVM::StoreOp::create(builder, loc, emitAddress(bufferOf(value), entry),
                            slot);
    }
  Value task = LLVM::AddressOfOp::create(builder, loc, pointer, getTask(group));
  Value arguments[] = {entry.getArgument(0),
                       emitConstant(builder.getI32Type(), index), task, list,
                       emitTasks(group, entry)};
  LLVM::CallOp::create(builder, loc, TypeRange(), "qcc_rt_launch", arguments);
}

void EntryBuilder::emitBody(LLVM::LLVMFuncOp entry) {
  builder.setInsertionPointToStart(entry.addEntryBlock(builder));
  size_t most = 1;
  for (const Group &group : groups) {
    size_t buffers = 0;
    for (qcc::LaunchOp launch : group)
      buffers += launch.getBuffers().size();
    most = std::max(most, buffers);
  }
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
  for (auto [index, group] : llvm::enumerate(groups)) {
    emitExpectation(index, entry);
    emitLaunch(group, index, entry);
  }
  LLVM::ReturnOp::create(builder, main.getLoc(), ValueRange());
}

void EntryBuilder::declareRuntime() {
  auto none = LLVM::LLVMVoidType::get(builder.getContext());
  Type i32 = builder.getI32Type(), i64 = builder.getI64Type();
  LLVM::LLVMFuncOp::create(
      builder, main.getLoc(), "qcc_rt_launch",
      LLVM::LLVMFunctionType::get(none, {pointer, i32, pointer, pointer, i64}));
  auto taskType = LLVM::LLVMFunctionType::get(none, {pointer, i64, pointer});
  LLVM::LLVMFuncOp::create(
      builder, main.getLoc(), "qcc_rt_expect",
      LLVM::LLVMFunctionType::get(none, {pointer, pointer, i64, i64}));
  llvm::SmallSetVector<StringAttr, 16> kernels;
  for (auto launch : main.getOps<qcc::LaunchOp>())
    kernels.insert(launch.getKernelAttr().getAttr());
  for (StringAttr kernel : kernels) {
    auto task = LLVM::LLVMFuncOp::create(builder, main.getLoc(),
                                         qcc::getTaskName(kernel), taskType);
    task->setAttr("qcc.task_of", FlatSymbolRefAttr::get(kernel));
  }
}

LogicalResult EntryBuilder::run() {
  if (!main->getParentOp()->getAttrOfType<ArrayAttr>("qcc.inputs") ||
      main.getNumArguments() < kFixedArguments)
    return main.emitOpError("expected arguments arena and weights, and "
                            "qcc.inputs on the module");
  if (failed(collectLaunches()))
    return failure();

  StringRef noAlias = LLVM::LLVMDialect::getNoAliasAttrName();
  for (auto launch : main.getOps<qcc::LaunchOp>())
    if (auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
            launch, launch.getKernelAttr()))
      for (unsigned i = 1; i < kernel.getNumArguments(); ++i)
        kernel.setArgAttr(i, noAlias, builder.getUnitAttr());
  for (auto launch : main.getOps<qcc::LaunchOp>())
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
