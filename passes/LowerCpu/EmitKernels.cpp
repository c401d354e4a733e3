// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns the planned graph into a launch program: `@main` becomes a list of
// kernel launches on views of the arena, the weights, inputs and outputs.

#include "passes/LowerCpu/Passes.h"

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/IR/Strides.h"
#include "dialects/Qcc/Target/Target.h"
#include "passes/LowerCpu/KernelTable.h"
#include "passes/LowerCpu/WeightBytes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_EMITKERNELS
#include "passes/LowerCpu/Passes.h.inc"
} // namespace qcc

namespace {

qcc::BufferAttr planOf(Value value) {
  return dyn_cast_or_null<qcc::BufferAttr>(
      cast<RankedTensorType>(value.getType()).getEncoding());
}

/// Strides and byte offset that `op`'s result would have as a view of its
/// operand, or nothing where it is no view.
std::optional<std::pair<SmallVector<int64_t>, int64_t>>
viewOf(Operation *op, qcc::BufferAttr input) {
  auto from = cast<RankedTensorType>(op->getOperand(0).getType());
  auto to = cast<RankedTensorType>(op->getResult(0).getType());
  SmallVector<int64_t> strides(input.getStrides());
  int64_t offset = 0;
  if (auto slice = dyn_cast<qcc::SliceOp>(op)) {
    for (auto [i, stride] : llvm::enumerate(strides)) {
      offset += slice.getStarts()[i] * stride;
      stride *= slice.getSteps()[i];
    }
  } else if (auto transpose = dyn_cast<qcc::TransposeOp>(op)) {
    for (auto [i, source] : llvm::enumerate(transpose.getPermutation()))
      strides[i] = input.getStrides()[source];
  } else if (isa<qcc::ReshapeOp>(op)) {
    auto reshaped =
        qcc::reshapeStrides(from.getShape(), strides, to.getShape());
    if (!reshaped)
      return std::nullopt;
    strides = *reshaped;
  } else {
    return std::nullopt;
  }
  return std::make_pair(
      strides,
      input.getOffset() + offset * qcc::getElementBytes(from.getElementType()));
}

/// True if memory planning left nothing to do for `op`.
bool isFree(Operation *op) {
  if (isa<qcc::ConcatOp>(op))
    return true;
  if (!isa<qcc::SliceOp, qcc::TransposeOp, qcc::ReshapeOp>(op))
    return false;
  qcc::BufferAttr input = planOf(op->getOperand(0));
  qcc::BufferAttr result = planOf(op->getResult(0));
  if (!input || input.getSpace() != result.getSpace() ||
      input.getIndex() != result.getIndex())
    return false;
  auto view = viewOf(op, input);
  return view && view->second == result.getOffset() &&
         ArrayRef<int64_t>(view->first) == result.getStrides();
}

/// f32, i64, u8, ...: the ABI's word for an element type.
std::string dtypeWord(Type element) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (auto grid = dyn_cast<qcc::QuantType>(element))
    os << (grid.getIsSigned() ? "i" : "u") << grid.getBits();
  else if (element.isInteger(1))
    os << "bool";
  else if (element.isUnsignedInteger())
    os << "u" << element.getIntOrFloatBitWidth();
  else
    os << element;
  return text;
}

/// Multiply-accumulates of `op`.
int64_t countMacs(Operation *op) {
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  auto elements = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getDimSize(1);
  };
  if (auto conv = dyn_cast<qcc::PackedConvOp>(op))
    return result.getNumElements() * conv.getKernel()[0] * conv.getKernel()[1] *
           elements(conv.getInput()) / conv.getGroup();
  if (auto conv = dyn_cast<qcc::PackedDepthwiseOp>(op))
    return result.getNumElements() * conv.getKernel()[0] * conv.getKernel()[1];
  if (auto matmul = dyn_cast<qcc::MatmulOp>(op))
    return result.getNumElements() *
           cast<RankedTensorType>(matmul.getLhs().getType()).getShape().back();
  return 0;
}

struct EmitKernels : qcc::impl::EmitKernelsBase<EmitKernels> {
  using EmitKernelsBase::EmitKernelsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    const qcc::Target *machine = qcc::findTarget(target);
    if (!machine) {
      module.emitError("expected target ")
          << qcc::listTargets() << ", but got " << target;
      return signalPassFailure();
    }
    auto main = module.lookupSymbol<func::FuncOp>("main");
    if (!main || main.getBody().empty()) {
      module.emitError("expected a function @main, but got none");
      return signalPassFailure();
    }
    for (Type type : llvm::concat<const Type>(main.getArgumentTypes(),
                                              main.getResultTypes()))
      if (!isa<RankedTensorType>(type)) {
        main.emitError("expected ranked tensors, but got ") << type;
        return signalPassFailure();
      }
    describeInterface(main);
    qcc::KernelTable kernels(module, *machine);
    if (failed(emitLaunches(main, kernels)))
      return signalPassFailure();
    finish(main);
  }

private:
  void describeInterface(func::FuncOp main);
  DictionaryAttr describe(StringAttr name, Value value, bool symbolicBatch);
  DictionaryAttr describeObserved(qcc::ObserveOp op);
  LogicalResult startLaunches(OpBuilder &builder, func::FuncOp main);
  void emitLaunch(OpBuilder &builder, ArrayRef<Operation *> ops,
                  qcc::Kernel kernel);
  LogicalResult emitLaunches(func::FuncOp main, qcc::KernelTable &kernels);
  Value viewBuffer(OpBuilder &builder, Value value);
  void finish(func::FuncOp main);

  func::FuncOp launches; // the new main
  qcc::WeightBytes weights;
  int64_t numInputs = 0;
};

DictionaryAttr EmitKernels::describe(StringAttr name, Value value,
                                     bool symbolicBatch) {
  Builder builder(&getContext());
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  if (symbolicBatch && !shape.empty())
    shape[0] = -1;
  return builder.getDictionaryAttr(
      {builder.getNamedAttr("name", name),
       builder.getNamedAttr("shape", builder.getDenseI64ArrayAttr(shape)),
       builder.getNamedAttr(
           "dtype", builder.getStringAttr(dtypeWord(type.getElementType())))});
}

void EmitKernels::describeInterface(func::FuncOp main) {
  Builder builder(&getContext());
  bool symbolicBatch = main->hasAttr("qcc.symbolic_batch");
  auto nameOr = [&](Attribute name, StringRef prefix, int64_t index) {
    if (auto text = dyn_cast_or_null<StringAttr>(name))
      return text;
    return builder.getStringAttr(prefix + Twine(index));
  };
  SmallVector<Attribute> inputs, outputs;
  for (BlockArgument argument : main.getArguments())
    inputs.push_back(
        describe(nameOr(main.getArgAttr(argument.getArgNumber(), "qcc.name"),
                        "input", argument.getArgNumber()),
                 argument, symbolicBatch));
  Operation *terminator = main.getBody().front().getTerminator();
  for (OpOperand &result : terminator->getOpOperands())
    outputs.push_back(describe(
        nameOr(main.getResultAttr(result.getOperandNumber(), "qcc.name"),
               "output", result.getOperandNumber()),
        result.get(), symbolicBatch));
  getOperation()->setAttr("qcc.inputs", builder.getArrayAttr(inputs));
  getOperation()->setAttr("qcc.outputs", builder.getArrayAttr(outputs));
}

DictionaryAttr EmitKernels::describeObserved(qcc::ObserveOp op) {
  Builder builder(&getContext());
  auto type = cast<RankedTensorType>(op.getInput().getType());
  qcc::BufferAttr plan = planOf(op.getInput());
  qcc::QuantType grid = qcc::getQuantType(type);
  return builder.getDictionaryAttr(
      {builder.getNamedAttr("name", op.getNameAttr()),
       builder.getNamedAttr(
           "dtype", builder.getStringAttr(dtypeWord(type.getElementType()))),
       builder.getNamedAttr("shape",
                            builder.getDenseI64ArrayAttr(type.getShape())),
       builder.getNamedAttr("strides",
                            builder.getDenseI64ArrayAttr(plan.getStrides())),
       builder.getNamedAttr("offset",
                            builder.getI64IntegerAttr(plan.getOffset())),
       builder.getNamedAttr("scale", builder.getF32FloatAttr(
                                         grid ? grid.getScaleValue() : 0.0f)),
       builder.getNamedAttr(
           "zero_point",
           builder.getI64IntegerAttr(grid ? grid.getZeroPoint() : 0))});
}

/// The buffer of `value` as a typed view, in the new main.
Value EmitKernels::viewBuffer(OpBuilder &builder, Value value) {
  Location loc = builder.getUnknownLoc();
  auto type = cast<RankedTensorType>(value.getType());
  qcc::TensorArgument tensor = qcc::TensorArgument::of(type);
  qcc::BufferAttr plan = planOf(value);
  Block &body = launches.getBody().front();
  Value base = body.getArgument(1);
  int64_t offset = 0;
  if (!plan) {
    offset = weights.place(value);
  } else {
    offset = plan.getOffset() + tensor.startByte();
    if (plan.getSpace() == qcc::BufferSpace::Arena)
      base = body.getArgument(0);
    else if (plan.getSpace() == qcc::BufferSpace::Input)
      base = body.getArgument(2 + plan.getIndex());
    else if (plan.getSpace() == qcc::BufferSpace::Output)
      base = body.getArgument(2 + numInputs + plan.getIndex());
  }
  Value at = arith::ConstantIndexOp::create(builder, loc, offset);
  return memref::ViewOp::create(builder, loc, tensor.bufferType(), base, at,
                                ValueRange());
}

static int64_t bufferBytes(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return std::max<int64_t>(1,
                           tensor.getNumElements() *
                               qcc::getElementBytes(tensor.getElementType()));
}

/// The new main with its arguments: arena, weights, inputs, outputs.
LogicalResult EmitKernels::startLaunches(OpBuilder &builder,
                                         func::FuncOp main) {
  ModuleOp module = getOperation();
  numInputs = main.getNumArguments();
  auto arenaBytes = module->getAttrOfType<IntegerAttr>("qcc.arena_bytes");
  if (!arenaBytes)
    return module.emitError(
        "expected planned memory (qcc-plan-memory), but got no arena size");
  SmallVector<Type> arguments;
  auto addBytes = [&](int64_t bytes) {
    arguments.push_back(MemRefType::get({bytes}, builder.getI8Type()));
  };
  addBytes(std::max<int64_t>(64, arenaBytes.getInt()));
  // The weights' size is known at the end; `finish` sets it.
  addBytes(64);
  for (Type type : main.getArgumentTypes())
    addBytes(bufferBytes(type));
  for (Type type : main.getResultTypes())
    addBytes(bufferBytes(type));
  launches = func::FuncOp::create(builder, main.getLoc(), "qcc_launches",
                                  builder.getFunctionType(arguments, {}));
  builder.setInsertionPointToStart(launches.addEntryBlock());
  return success();
}

/// A launch of `kernel` for `ops`, each of which but the first reads what the
/// one before it wrote.
void EmitKernels::emitLaunch(OpBuilder &builder, ArrayRef<Operation *> ops,
                             qcc::Kernel kernel) {
  SmallVector<Value> buffers;
  SmallVector<std::string> layers, kinds;
  int64_t bytes = 0, macs = 0;
  auto add = [&](Value value) {
    buffers.push_back(viewBuffer(builder, value));
    bytes += bufferBytes(value.getType());
  };
  for (Operation *op : ops) {
    size_t known = op == ops.front() ? 0 : 1;
    for (Value operand : op->getOperands().drop_front(known))
      add(operand);
    add(op->getResult(0));
    macs += countMacs(op);
    layers.push_back(qcc::layerName(op));
    kinds.push_back(op->getName().getStringRef().str());
  }
  bool isInteger = static_cast<bool>(
      qcc::getQuantType(ops.front()->getOperand(0).getType()));
  qcc::LaunchOp::create(
      builder, ops.back()->getLoc(),
      FlatSymbolRefAttr::get(kernel.func.getSymNameAttr()),
      builder.getI64IntegerAttr(kernel.tasks), buffers,
      builder.getStringAttr(llvm::join(layers, "+")),
      builder.getStringAttr(llvm::join(kinds, "+")),
      builder.getI64IntegerAttr(macs), builder.getI64IntegerAttr(bytes),
      isInteger ? builder.getUnitAttr() : UnitAttr(),
      kernel.extent.empty() ? DenseI64ArrayAttr()
                            : builder.getDenseI64ArrayAttr(kernel.extent),
      /*joined=*/UnitAttr(),
      kernel.streams ? builder.getI64IntegerAttr(*kernel.streams)
                     : IntegerAttr());
}

/// The depthwise layer that is computed together with `op`, or null.
static qcc::PackedDepthwiseOp chainedBefore(Operation &op) {
  auto conv = dyn_cast<qcc::PackedConvOp>(op);
  auto before = conv ? conv.getInput().getDefiningOp<qcc::PackedDepthwiseOp>()
                     : qcc::PackedDepthwiseOp();
  return before && before->hasAttr("qcc.chained") ? before
                                                  : qcc::PackedDepthwiseOp();
}

LogicalResult EmitKernels::emitLaunches(func::FuncOp main,
                                        qcc::KernelTable &kernels) {
  OpBuilder builder(main);
  if (failed(startLaunches(builder, main)))
    return failure();
  SmallVector<Attribute> observed;
  for (Operation &op : main.getBody().front().without_terminator()) {
    if (auto observe = dyn_cast<qcc::ObserveOp>(op)) {
      observed.push_back(describeObserved(observe));
      continue;
    }
    if (op.hasTrait<OpTrait::ConstantLike>() || isFree(&op) ||
        op.hasAttr("qcc.chained") || qcc::isLazyWeight(&op))
      continue;
    qcc::PackedDepthwiseOp before = chainedBefore(op);
    FailureOr<qcc::Kernel> kernel =
        before ? kernels.getChain(before, cast<qcc::PackedConvOp>(op))
               : kernels.get(&op);
    if (failed(kernel))
      return failure();
    if (before)
      emitLaunch(builder, {before, &op}, *kernel);
    else
      emitLaunch(builder, &op, *kernel);
    auto attend = dyn_cast<qcc::AttendOp>(op);
    if (!attend || !attend.getParts())
      continue;
    FailureOr<qcc::Kernel> merge = kernels.getMerge(attend);
    if (failed(merge))
      return failure();
    emitLaunch(builder, &op, *merge);
  }
  func::ReturnOp::create(builder, main.getLoc());
  getOperation()->setAttr("qcc.observed", builder.getArrayAttr(observed));
  return success();
}

void EmitKernels::finish(func::FuncOp main) {
  ModuleOp module = getOperation();
  Builder builder(&getContext());
  int64_t size = weights.size();
  Block &body = launches.getBody().front();
  body.getArgument(1).setType(MemRefType::get({size}, builder.getI8Type()));
  launches.setFunctionType(
      builder.getFunctionType(body.getArgumentTypes(), {}));
  module->setAttr("qcc.weights", weights.getAttribute(&getContext()));
  main.erase();
  launches.setSymName("main");
}

} // namespace
