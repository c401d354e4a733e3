// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Spreads from the ops that want channels next to each other.

#include "passes/Lower/ImageValues.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace qcc {
namespace {

/// Fewer channels than this are no vector: what is between planes and an image
/// op stays planes.
constexpr int64_t kFewChannels = 8;

bool isImageOp(Operation *op) {
  return isa<PackedConvOp, PackedDepthwiseOp, MaxPoolOp, AveragePoolOp,
             ResizeOp>(op);
}

/// True for ops whose operands and result may lie in one buffer.
bool sharesBuffer(Operation *op) { return isa<ConcatOp, SliceOp>(op); }

/// True for ops whose kernels are fastest where all their tensors have one
/// layout, whichever.
bool keepsLayout(Operation *op) {
  return isElementwise(op) ||
         isa<FusedOp, LookupOp, PadOp, ExpandOp, ReduceOp, SoftmaxOp>(op);
}

class ImageSearch {
public:
  DenseSet<Value> run(func::FuncOp func) {
    func.walk([&](Operation *op) {
      if (isImageOp(op))
        visitOp(op);
    });
    while (!open.empty()) {
      Value value = open.pop_back_val();
      bool isNarrow =
          cast<RankedTensorType>(value.getType()).getDimSize(1) < kFewChannels;
      auto spread = [&](Operation *op) {
        if (sharesBuffer(op) || (!isNarrow && keepsLayout(op)))
          visitOp(op);
      };
      if (Operation *op = value.getDefiningOp())
        spread(op);
      for (Operation *user : value.getUsers())
        spread(user);
    }
    return images;
  }

private:
  void visitOp(Operation *op) {
    for (Value operand : op->getOperands())
      visit(operand);
    for (Value result : op->getResults())
      visit(result);
  }

  void visit(Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (type && type.getRank() == 4 && !matchPattern(value, m_Constant()) &&
        images.insert(value).second)
      open.push_back(value);
  }

  DenseSet<Value> images;
  SmallVector<Value> open;
};

} // namespace

DenseSet<Value> findImages(func::FuncOp func) {
  return ImageSearch().run(func);
}

} // namespace qcc
