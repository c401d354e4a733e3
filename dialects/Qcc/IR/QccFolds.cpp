// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folders: ops that change nothing, and ops of constants, whose values come
// from dialects/Qcc/Numerics.

#include "dialects/Qcc/IR/Constants.h"
#include "dialects/Qcc/IR/Evaluation.h"
#include "dialects/Qcc/IR/Qcc.h"

using namespace mlir;

namespace qcc {

// Larger results would make the compiler slow and the library large.
static constexpr int64_t kLargestFold = int64_t(64) << 20;

/// op(constants) -> constant
static OpFoldResult foldConstants(Operation *op,
                                  ArrayRef<Attribute> attributes) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  if (type.getNumElements() > kLargestFold)
    return {};
  SmallVector<ConstantBytes> constants;
  for (Attribute attribute : attributes) {
    std::optional<ConstantBytes> constant = getConstantBytes(attribute);
    if (!constant)
      return {};
    constants.push_back(std::move(*constant));
  }
  SmallVector<TensorView> operands;
  for (ConstantBytes &constant : constants) {
    // Moving the holder moved its storage, which a splat's bytes point into.
    if (!constant.storage.empty())
      constant.bytes = constant.storage;
    operands.emplace_back(constant.type, constant.bytes);
  }
  std::optional<std::vector<char>> bytes = evaluate(op, operands);
  if (!bytes)
    return {};
  return makeConstantAttr(type, *bytes);
}

/// reshape(x) : T to T -> x;  reshape(reshape(x)) -> reshape(x)
OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return foldConstants(*this, adaptor.getOperands());
}

/// transpose(x) in order -> x;  transpose(transpose(x)) -> transpose(x)
OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  ArrayRef<int64_t> outer = getPermutation();
  if (getInput().getType() == getType() &&
      llvm::equal(outer, llvm::seq<int64_t>(outer.size())))
    return getInput();
  if (auto inner = getInput().getDefiningOp<TransposeOp>()) {
    SmallVector<int64_t> joined;
    for (int64_t dimension : outer)
      joined.push_back(inner.getPermutation()[dimension]);
    setPermutation(joined);
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return foldConstants(*this, adaptor.getOperands());
}

/// concat(x) -> x
OpFoldResult ConcatOp::fold(FoldAdaptor adaptor) {
  if (getInputs().size() == 1 && getInputs().front().getType() == getType())
    return getInputs().front();
  return foldConstants(*this, adaptor.getOperands());
}

/// slice of everything -> x
OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  // Equal types leave only whole dimensions, but those may run backwards.
  bool forward = llvm::all_of(
      llvm::zip_equal(getSteps(), getType().getShape()), [](auto entry) {
        auto [step, size] = entry;
        return step == 1 || size <= 1;
      });
  if (forward && getInput().getType() == getType())
    return getInput();
  return foldConstants(*this, adaptor.getOperands());
}

/// pad by nothing -> x
OpFoldResult PadOp::fold(FoldAdaptor adaptor) {
  auto isZero = [](int64_t v) { return v == 0; };
  if (llvm::all_of(getLow(), isZero) && llvm::all_of(getHigh(), isZero) &&
      getInput().getType() == getType())
    return getInput();
  return foldConstants(*this, adaptor.getOperands());
}

OpFoldResult GatherOp::fold(FoldAdaptor adaptor) {
  return foldConstants(*this, adaptor.getOperands());
}

/// expand(x) : T to T -> x
OpFoldResult ExpandOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return foldConstants(*this, adaptor.getOperands());
}

OpFoldResult ScatterOp::fold(FoldAdaptor adaptor) {
  return foldConstants(*this, adaptor.getOperands());
}

OpFoldResult TopKOp::fold(FoldAdaptor adaptor) {
  return foldConstants(*this, adaptor.getOperands());
}

OpFoldResult UnaryOp::fold(FoldAdaptor adaptor) {
  return foldConstants(*this, adaptor.getOperands());
}

/// clamp(x) without bounds : T to T -> x
OpFoldResult ClampOp::fold(FoldAdaptor adaptor) {
  if (!getLower() && !getUpper() && getInput().getType() == getType())
    return getInput();
  return foldConstants(*this, adaptor.getOperands());
}

OpFoldResult BinaryOp::fold(FoldAdaptor adaptor) {
  return foldConstants(*this, adaptor.getOperands());
}

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  return foldConstants(*this, adaptor.getOperands());
}

/// cast(x) : T to T -> x
OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return foldConstants(*this, adaptor.getOperands());
}

/// requantize(x) : T to T -> x
OpFoldResult RequantizeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return foldConstants(*this, adaptor.getOperands());
}

/// reduce over nothing of one element kind -> x, but for sum_square
OpFoldResult ReduceOp::fold(FoldAdaptor adaptor) {
  if (getAxes().empty() && getInput().getType() == getType() &&
      getKind() != ReduceKind::SumSquare)
    return getInput();
  return foldConstants(*this, adaptor.getOperands());
}

} // namespace qcc
