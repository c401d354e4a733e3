// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folders: ops that change nothing.

#include "dialects/Qcc/IR/Qcc.h"

using namespace mlir;

namespace qcc {

/// reshape(x) : T to T -> x;  reshape(reshape(x)) -> reshape(x)
OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return {};
}

/// transpose(x) in order -> x
OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (llvm::equal(getPermutation(),
                  llvm::seq<int64_t>(getPermutation().size())))
    return getInput();
  return {};
}

/// concat(x) -> x
OpFoldResult ConcatOp::fold(FoldAdaptor adaptor) {
  if (getInputs().size() == 1)
    return getInputs().front();
  return {};
}

/// slice of everything -> x
OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  bool forward = llvm::all_of(getSteps(), [](int64_t v) { return v == 1; });
  if (forward && getInput().getType() == getType())
    return getInput();
  return {};
}

/// pad by nothing -> x
OpFoldResult PadOp::fold(FoldAdaptor adaptor) {
  auto isZero = [](int64_t v) { return v == 0; };
  if (llvm::all_of(getLow(), isZero) && llvm::all_of(getHigh(), isZero))
    return getInput();
  return {};
}

OpFoldResult GatherOp::fold(FoldAdaptor adaptor) { return {}; }

/// expand(x) : T to T -> x
OpFoldResult ExpandOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return {};
}

OpFoldResult UnaryOp::fold(FoldAdaptor adaptor) { return {}; }

/// clamp(x) without bounds -> x
OpFoldResult ClampOp::fold(FoldAdaptor adaptor) {
  if (!getLower() && !getUpper() && getInput().getType() == getType())
    return getInput();
  return {};
}

OpFoldResult BinaryOp::fold(FoldAdaptor adaptor) { return {}; }

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) { return {}; }

/// cast(x) : T to T -> x
OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return {};
}

/// requantize(x) : T to T -> x
OpFoldResult RequantizeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return {};
}

OpFoldResult ReduceOp::fold(FoldAdaptor adaptor) { return {}; }

} // namespace qcc
