// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks the one block of a function, op by op. Tensors are dropped after their
// last use, so that large models fit.

#include "compiler/Reference/Executor.h"

#include "compiler/Reference/Families.h"
#include "dialects/Qcc/IR/Constants.h"
#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace qcc {
namespace {

template <typename... Parts> llvm::Error makeError(Parts &&...parts) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  (stream << ... << parts);
  return llvm::createStringError(text);
}

class Executor {
public:
  explicit Executor(TensorObserver observer) : observer(observer) {}

  llvm::Error bindInputs(func::FuncOp function, ArrayRef<Tensor> inputs);
  llvm::Error runOp(Operation &op);
  llvm::Expected<std::vector<Tensor>> collect(Operation *terminator);

private:
  /// The operands of `op`; `constants` owns what views of constants show.
  llvm::Expected<SmallVector<TensorView>>
  getOperands(Operation *op, SmallVectorImpl<ConstantBytes> &constants);
  void dropLastUses(Operation *op);

  TensorObserver observer;
  llvm::DenseMap<Value, Tensor> tensors;
  /// Uses of each tensor that are still to come.
  llvm::DenseMap<Value, int64_t> remainingUses;
};

llvm::Error Executor::bindInputs(func::FuncOp function,
                                 ArrayRef<Tensor> inputs) {
  if (inputs.size() != function.getNumArguments())
    return makeError("expected ", function.getNumArguments(),
                     " inputs, but got ", inputs.size());
  for (auto [argument, input] :
       llvm::zip_equal(function.getArguments(), inputs)) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || !input.type || type.getShape() != input.type.getShape() ||
        type.getElementType() != input.type.getElementType())
      return makeError("expected an input of type ", argument.getType(),
                       ", but got ", input.type);
    int64_t bytes =
        type.getNumElements() * getElementBytes(type.getElementType());
    if (int64_t(input.bytes.size()) != bytes)
      return makeError("expected ", bytes, " bytes of input, but got ",
                       input.bytes.size());
    tensors[argument] = input;
    remainingUses[argument] = llvm::range_size(argument.getUses());
  }
  return llvm::Error::success();
}

llvm::Expected<SmallVector<TensorView>>
Executor::getOperands(Operation *op,
                      SmallVectorImpl<ConstantBytes> &constants) {
  SmallVector<TensorView> operands;
  constants.reserve(op->getNumOperands());
  for (Value operand : op->getOperands()) {
    auto found = tensors.find(operand);
    if (found != tensors.end()) {
      operands.push_back(found->second);
      continue;
    }
    std::optional<ConstantBytes> constant = getConstantBytes(operand);
    if (!constant)
      return makeError("expected a constant tensor as operand of ",
                       op->getName(), ", but got ", operand);
    ConstantBytes &kept = constants.emplace_back(std::move(*constant));
    if (!kept.storage.empty())
      kept.bytes = kept.storage;
    operands.emplace_back(kept.type, kept.bytes);
  }
  return operands;
}

void Executor::dropLastUses(Operation *op) {
  for (Value operand : op->getOperands()) {
    auto remaining = remainingUses.find(operand);
    if (remaining != remainingUses.end() && --remaining->second == 0)
      tensors.erase(operand);
  }
}

llvm::Error Executor::runOp(Operation &op) {
  // Constants are read where they are used; observe changes no value.
  if (isa<arith::ConstantOp, ObserveOp>(op)) {
    dropLastUses(&op);
    return llvm::Error::success();
  }
  bool isGraphOp = isa<QccDialect>(op.getDialect()) &&
                   op.getNumResults() == 1 && op.getNumOperands() > 0;
  if (!isGraphOp)
    return makeError("expected an op of the graph or quantized graph, but got ",
                     op.getName());
  SmallVector<ConstantBytes> constants;
  llvm::Expected<SmallVector<TensorView>> operands =
      getOperands(&op, constants);
  if (!operands)
    return operands.takeError();
  std::optional<std::vector<char>> bytes = executeContraction(&op, *operands);
  if (!bytes)
    bytes = executeWindow(&op, *operands);
  if (!bytes)
    bytes = evaluate(&op, *operands);
  if (!bytes && isa<GatherOp>(op))
    return makeError("expected indices inside the input of qcc.gather, but got "
                     "others");
  if (!bytes)
    return makeError("expected an op of the graph or quantized graph, but got ",
                     op.getName());
  Value result = op.getResult(0);
  Tensor tensor = {cast<RankedTensorType>(result.getType()),
                   std::move(*bytes)};
  if (observer)
    observer(result, tensor);
  dropLastUses(&op);
  if (!result.use_empty()) {
    remainingUses[result] = llvm::range_size(result.getUses());
    tensors[result] = std::move(tensor);
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<Tensor>> Executor::collect(Operation *terminator) {
  SmallVector<ConstantBytes> constants;
  llvm::Expected<SmallVector<TensorView>> operands =
      getOperands(terminator, constants);
  if (!operands)
    return operands.takeError();
  std::vector<Tensor> results;
  for (const TensorView &operand : *operands)
    results.push_back({operand.type, std::vector<char>(operand.bytes)});
  return results;
}

} // namespace

llvm::Expected<std::vector<Tensor>> execute(func::FuncOp function,
                                            ArrayRef<Tensor> inputs,
                                            TensorObserver observer) {
  if (!llvm::hasSingleElement(function.getBody()))
    return makeError("expected a function of one block, but got ",
                     function.getBody().getBlocks().size());
  Executor executor(observer);
  if (llvm::Error error = executor.bindInputs(function, inputs))
    return error;
  Block &block = function.getBody().front();
  for (Operation &op : block.without_terminator())
    if (llvm::Error error = executor.runOp(op))
      return error;
  return executor.collect(block.getTerminator());
}

} // namespace qcc
