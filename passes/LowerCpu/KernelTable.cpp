// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Emits each distinct kernel once.

#include "passes/LowerCpu/KernelTable.h"

#include "passes/LowerCpu/ConvTiling.h"
#include "passes/LowerCpu/ScalarMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace qcc {

FailureOr<int64_t> emitKernel(KernelContext &context, Operation *op) {
  return TypeSwitch<Operation *, FailureOr<int64_t>>(op)
      .Case([&](PackedConvOp op) { return emitConv(context, op); })
      .Case([&](PackedDepthwiseOp op) { return emitDepthwise(context, op); })
      .Case([&](LookupOp op) { return emitLookup(context, op); })
      .Case<UnaryOp, BinaryOp, ClampOp, SelectOp, CastOp, QuantizeOp,
            DequantizeOp, RequantizeOp>(
          [&](Operation *op) { return emitElementwise(context, op); })
      .Case([&](FusedOp op) { return emitFused(context, op); })
      .Case([&](ReshapeOp op) { return emitReshape(context, op); })
      .Case([&](TransposeOp op) { return emitTranspose(context, op); })
      .Case([&](SliceOp op) { return emitSlice(context, op); })
      .Case([&](PadOp op) { return emitPad(context, op); })
      .Case([&](GatherOp op) { return emitGather(context, op); })
      .Case([&](ExpandOp op) { return emitExpand(context, op); })
      .Case([&](MaxPoolOp op) { return emitMaxPool(context, op); })
      .Case([&](AveragePoolOp op) { return emitAveragePool(context, op); })
      .Case([&](ReduceOp op) { return emitReduce(context, op); })
      .Case([&](SoftmaxOp op) { return emitSoftmax(context, op); })
      .Case([&](ResizeOp op) { return emitResize(context, op); })
      .Case([&](MatmulOp op) { return emitMatmul(context, op); })
      .Case([&](NonMaxSuppressionOp op) {
        return emitNonMaxSuppression(context, op);
      })
      .Case([&](ScatterOp op) { return emitScatter(context, op); })
      .Case([&](TopKOp op) { return emitTopK(context, op); })
      .Case([&](BlockLinearOp op) { return emitBlockLinear(context, op); })
      .Case([&](EmbedOp op) { return emitEmbed(context, op); })
      .Case([&](NormRowsOp op) { return emitNormRows(context, op); })
      .Case([&](GateRowsOp op) { return emitGateRows(context, op); })
      .Case([&](ChooseExpertsOp op) { return emitChooseExperts(context, op); })
      .Case([&](GroupRowsOp op) { return emitGroupRows(context, op); })
      .Case([&](MixRowsOp op) { return emitMixRows(context, op); })
      .Case([&](RotationsOp op) { return emitRotations(context, op); })
      .Case([&](CacheKeysOp op) { return emitCacheKeys(context, op); })
      .Case([&](AttendOp op) { return emitAttend(context, op); })
      .Default([](Operation *op) -> FailureOr<int64_t> {
        return op->emitOpError("expected an op that has a CPU kernel");
      });
}

std::string layerName(Operation *op) {
  std::string name;
  op->getLoc()->walk([&](Location loc) {
    if (auto named = dyn_cast<NameLoc>(loc)) {
      name = named.getName().str();
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return name.empty() ? op->getName().stripDialect().str() : name;
}

/// `type` without what a kernel does not see: the buffer's place, and the
/// scale of its grid where `dropScale`.
static Type normalize(Type type, bool dropScale) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return type;
  Type element = tensor.getElementType();
  if (auto grid = dyn_cast<QuantType>(element); grid && dropScale)
    element = QuantType::get(type.getContext(), grid.getBits(),
                             grid.getIsSigned(), 1.0f, grid.getZeroPoint());
  Attribute encoding = tensor.getEncoding();
  if (auto plan = dyn_cast_or_null<BufferAttr>(encoding))
    encoding = BufferAttr::get(type.getContext(), BufferSpace::Arena, 0, 0,
                               plan.getStrides(), plan.getHalo());
  return RankedTensorType::get(tensor.getShape(), element, encoding);
}

/// The ops of the body, operands by number.
static void describeBody(llvm::raw_ostream &os, FusedOp fused) {
  DenseMap<Value, size_t> numbers;
  auto number = [&](Value value) {
    return numbers.try_emplace(value, numbers.size()).first->second;
  };
  for (BlockArgument argument : fused.getBody().getArguments())
    number(argument);
  for (Operation &op : fused.getBody().front().without_terminator()) {
    os << ' ' << number(op.getResult(0)) << '=' << op.getName();
    for (Value operand : op.getOperands())
      os << ' ' << number(operand);
    for (NamedAttribute attr : op.getAttrs())
      if (!attr.getName().strref().starts_with("qcc."))
        os << ' ' << attr.getName() << '=' << attr.getValue();
    os << ' ' << op.getResult(0).getType();
  }
}

/// What distinguishes the kernel of `op` from others, as text. The scales of a
/// convolution reach it as data, so only the integers they lead to count.
static std::string kernelKey(Operation *op) {
  std::string key;
  llvm::raw_string_ostream os(key);
  bool isConv = isa<PackedConvOp, PackedDepthwiseOp>(op);
  bool dropScale = isConv;
  os << op->getName();
  for (NamedAttribute attr : op->getAttrDictionary()) {
    StringRef name = attr.getName();
    if (!name.starts_with("qcc.") &&
        !(isConv && (name == "lower" || name == "upper") &&
          getQuantType(op->getResult(0).getType())))
      os << ' ' << name << '=' << attr.getValue();
  }
  QuantType result = getQuantType(op->getResult(0).getType());
  if (isConv && result) {
    GridBounds bounds =
        GridBounds::of(result, op->getAttrOfType<FloatAttr>("lower"),
                       op->getAttrOfType<FloatAttr>("upper"));
    os << " bounds=" << bounds.lowest << ',' << bounds.highest;
    Value residual = isa<PackedConvOp>(op)
                         ? cast<PackedConvOp>(op).getResidual()
                         : cast<PackedDepthwiseOp>(op).getResidual();
    if (residual)
      dropScale = false; // the residual's multiplier is part of the code
  }
  // Pools read whole registers where they may.
  if (isa<MaxPoolOp, AveragePoolOp>(op))
    os << " room="
       << TensorArgument::of(
              cast<RankedTensorType>(op->getOperand(0).getType()))
              .hasRoom;
  for (Type type : op->getOperandTypes())
    os << ' ' << normalize(type, dropScale);
  os << " -> " << normalize(op->getResult(0).getType(), dropScale);
  if (auto fused = dyn_cast<FusedOp>(op))
    describeBody(os, fused);
  return key;
}

/// u8, s8, f32, ...: the word for an element type in a kernel's name.
static std::string elementWord(Type element) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto grid = dyn_cast<QuantType>(element))
    os << (grid.getIsSigned() ? "s" : "u") << grid.getBits();
  else if (element.isInteger())
    os << "s" << element.getIntOrFloatBitWidth();
  else
    os << element;
  return text;
}

/// <op>_<activation>_<weight>_<accumulator>_<isa>, as runtime/README.md says.
static std::string kernelName(Operation *op, const Target &target) {
  auto element = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getElementType();
  };
  std::string name = op->getName().stripDialect().str() + "_" +
                     elementWord(element(op->getOperand(0)));
  if (isa<PackedConvOp, PackedDepthwiseOp>(op))
    name += "_" + elementWord(element(op->getOperand(1))) + "_" +
            elementWord(element(op->getOperand(2)));
  return name + "_" + std::string(target.name);
}

FailureOr<Kernel> KernelTable::get(Operation *op) {
  std::string key = kernelKey(op);
  auto known = kernels.find(key);
  if (known != kernels.end())
    return known->second;
  FailureOr<Kernel> kernel =
      emit(op, kernelName(op, target),
           [&](KernelContext &context) { return emitKernel(context, op); });
  if (succeeded(kernel))
    kernels[key] = *kernel;
  return kernel;
}

FailureOr<Kernel> KernelTable::getMerge(AttendOp op) {
  std::string key = kernelKey(op) + " then merge";
  auto known = kernels.find(key);
  if (known != kernels.end())
    return known->second;
  FailureOr<Kernel> kernel =
      emit(op, "merge_parts_f32_" + std::string(target.name),
           [&](KernelContext &context) -> FailureOr<int64_t> {
             return emitMergeParts(context, op);
           });
  if (succeeded(kernel))
    kernels[key] = *kernel;
  return kernel;
}

FailureOr<Kernel> KernelTable::getChain(PackedDepthwiseOp depthwise,
                                        PackedConvOp pointwise) {
  std::string key = kernelKey(depthwise) + " then " + kernelKey(pointwise);
  auto known = kernels.find(key);
  if (known != kernels.end())
    return known->second;
  FailureOr<Kernel> kernel = emitChain(depthwise, pointwise);
  if (succeeded(kernel))
    kernels[key] = *kernel;
  return kernel;
}

static std::vector<TensorArgument> tensorsOf(Operation *op) {
  std::vector<TensorArgument> tensors;
  for (Type type : op->getOperandTypes())
    tensors.push_back(TensorArgument::of(cast<RankedTensorType>(type)));
  tensors.push_back(
      TensorArgument::of(cast<RankedTensorType>(op->getResult(0).getType())));
  return tensors;
}

/// Drops the argument for scratch memory where the kernel does not use it, and
/// marks the kernel where it does.
static void finishScratch(func::FuncOp func) {
  Block &block = func.getBody().front();
  unsigned last = block.getNumArguments() - 1;
  if (block.getArgument(last).use_empty()) {
    block.eraseArgument(last);
    func.setFunctionType(
        FunctionType::get(func.getContext(), block.getArgumentTypes(), {}));
    return;
  }
  func->setAttr("qcc.uses_scratch", UnitAttr::get(func.getContext()));
}

void KernelTable::noteNeeds(const KernelContext &context) {
  extent = context.extent;
  streams = context.streams;
  auto known = module->getAttrOfType<IntegerAttr>("qcc.scratch_bytes");
  int64_t bytes = std::max(known ? known.getInt() : 0, context.scratchBytes);
  if (bytes > 0)
    module->setAttr(
        "qcc.scratch_bytes",
        IntegerAttr::get(IntegerType::get(module.getContext(), 64), bytes));
}

/// A function of the task and a buffer for each of `tensors`, the last of which
/// is the result; one more task writes the border around that.
FailureOr<Kernel>
KernelTable::emitFunction(StringRef name, std::vector<TensorArgument> &tensors,
                          Body body) {
  OpBuilder builder(module.getContext());
  SmallVector<Type> arguments{builder.getIndexType()};
  for (const TensorArgument &tensor : tensors)
    arguments.push_back(tensor.bufferType());
  // Scratch memory; how much is in `qcc.scratch_bytes`.
  arguments.push_back(MemRefType::get({std::numeric_limits<int32_t>::max()},
                                      builder.getI8Type()));
  extent.clear();
  streams.reset();

  builder.setInsertionPointToEnd(module.getBody());
  auto func =
      func::FuncOp::create(builder, UnknownLoc::get(module.getContext()),
                           (name + "_" + Twine(kernels.size())).str(),
                           builder.getFunctionType(arguments, {}));
  func.setPrivate();
  Block *block = func.addEntryBlock();
  for (auto [i, tensor] : llvm::enumerate(tensors))
    tensor.buffer = block->getArgument(i + 1);
  builder.setInsertionPointToStart(block);
  KernelEmitter e(func.getLoc(), builder, target);
  auto done = func::ReturnOp::create(e);
  e.setInsertionPoint(done);

  Value task = block->getArgument(0);
  if (tensors.back().halo.empty()) {
    FailureOr<int64_t> tasks = body(e, task);
    if (failed(tasks))
      return failure();
    finishScratch(func);
    return Kernel{func, *tasks, extent, streams};
  }
  auto count = arith::ConstantIndexOp::create(e, 0);
  Value isBody =
      arith::CmpIOp::create(e, arith::CmpIPredicate::ult, task, count);
  auto branch = scf::IfOp::create(e, isBody, /*withElseRegion=*/true);
  e.setInsertionPointToStart(branch.thenBlock());
  FailureOr<int64_t> tasks = body(e, task);
  if (failed(tasks))
    return failure();
  count.setValueAttr(builder.getIndexAttr(*tasks));
  e.setInsertionPointToStart(branch.elseBlock());
  emitHalo(e, tensors.back());
  finishScratch(func);
  return Kernel{func, *tasks + 1, {}, {}};
}

FailureOr<Kernel>
KernelTable::emit(Operation *op, StringRef name,
                  function_ref<FailureOr<int64_t>(KernelContext &)> body) {
  std::vector<TensorArgument> tensors = tensorsOf(op);
  return emitFunction(name, tensors, [&](KernelEmitter &e, Value task) {
    KernelContext context{e, task, {}, tensors.back(), std::nullopt};
    context.operands.assign(tensors.begin(), tensors.end() - 1);
    // The task is an argument of the entry; with a halo, `e` is in a
    // branch.
    Block *entry = cast<BlockArgument>(task).getOwner();
    context.scratch = entry->getArguments().back();
    FailureOr<int64_t> tasks = body(context);
    noteNeeds(context);
    return tasks;
  });
}

// Rows between the two layers stay in half of the first-level cache.
static constexpr int64_t kChainedBytes = 24 << 10;
static constexpr int64_t kMacsPerChainedTask = 400000;

FailureOr<Kernel> KernelTable::emitChain(PackedDepthwiseOp depthwise,
                                         PackedConvOp pointwise) {
  std::vector<TensorArgument> tensors = tensorsOf(depthwise);
  size_t middle = tensors.size() - 1;
  std::vector<TensorArgument> second = tensorsOf(pointwise);
  tensors.insert(tensors.end(), second.begin() + 1, second.end());
  auto body = [&](KernelEmitter &e, Value task) -> FailureOr<int64_t> {
    TensorArgument image = tensors[middle], result = tensors.back();
    int64_t rows = result.shape[0] * result.shape[2];
    int64_t rowBytes =
        image.shape[1] * image.shape[3] * getElementBytes(image.stored);
    int64_t unit = depthwise.getRowPairs() ? 2 : 1;
    int64_t step = std::max<int64_t>(1, kChainedBytes / rowBytes / unit) * unit;
    int64_t macs = result.count() * image.shape[1];
    int64_t perTask = chooseBlockSize(
        rows, std::clamp<int64_t>(macs / kMacsPerChainedTask, 2, rows), unit);
    Value first = e.mul(task, perTask);
    Value end = e.min(e.add(first, perTask), e.index(rows));
    e.loop(first, end, step, [&](Value row) {
      RowRange range{row, e.min(e.add(row, step), end)};
      KernelContext context{e, task, {}, image, range};
      context.operands.assign(tensors.begin(), tensors.begin() + middle);
      emitDepthwise(context, depthwise);
      context.operands.assign(tensors.begin() + middle, tensors.end() - 1);
      context.result = result;
      emitConv(context, pointwise);
    });
    return llvm::divideCeil(rows, perTask);
  };
  return emitFunction(kernelName(depthwise, target) + "_chain", tensors, body);
}

} // namespace qcc
