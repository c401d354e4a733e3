// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Marks depthwise convolutions that are computed together with the pointwise
// one after them.

#include "passes/Lower/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Target/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_CHAINLAYERS
#include "passes/Lower/Passes.h.inc"
} // namespace qcc

namespace {

// Fewer rows are too few tasks.
constexpr int64_t kFewestRows = 8;

int64_t bytesOf(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getNumElements() * qcc::getElementBytes(type.getElementType());
}

/// A 1x1 convolution in which each output pixel needs its own input pixel only.
bool isPointwise(qcc::PackedConvOp conv) {
  auto isOne = [](int64_t number) { return number == 1; };
  auto isZero = [](int64_t number) { return number == 0; };
  return conv.getGroup() == 1 && llvm::all_of(conv.getKernel(), isOne) &&
         llvm::all_of(conv.getStrides(), isOne) &&
         llvm::all_of(conv.getPads(), isZero) &&
         cast<RankedTensorType>(conv.getInput().getType()).getRank() == 4;
}

struct ChainLayers : qcc::impl::ChainLayersBase<ChainLayers> {
  using ChainLayersBase::ChainLayersBase;

  void runOnOperation() override {
    machine = qcc::findTarget(target);
    if (!machine) {
      getOperation()->emitError("expected target ")
          << qcc::listTargets() << ", but got " << target;
      return signalPassFailure();
    }
    getOperation()->walk([&](qcc::PackedDepthwiseOp op) {
      if (pays(op))
        op->setAttr("qcc.chained", UnitAttr::get(op.getContext()));
    });
  }

  bool pays(qcc::PackedDepthwiseOp op) const {
    Value image = op.getResult();
    if (!image.hasOneUse())
      return false;
    auto conv = dyn_cast<qcc::PackedConvOp>(*image.getUsers().begin());
    if (!conv || conv.getInput() != image || !isPointwise(conv))
      return false;
    // Where weights are more than pixels, tasks are panels of them, each of
    // which needs all rows.
    if (bytesOf(conv.getWeight()) >
        std::max(bytesOf(image), bytesOf(conv.getResult())))
      return false;
    auto shape = cast<RankedTensorType>(image.getType()).getShape();
    if (shape[0] * shape[2] < kFewestRows)
      return false;
    // Tiles end with the row: by itself, the convolution cuts them freely.
    auto layout = cast<qcc::PanelsAttr>(
        cast<RankedTensorType>(conv.getWeight().getType()).getEncoding());
    int64_t most = machine->maxTileRows(layout.getVectors());
    int64_t tiles = (shape[3] + most - 1) / most;
    return 8 * shape[3] >= 7 * most * tiles;
  }

  const qcc::Target *machine = nullptr;
};

} // namespace
