// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packing of weights in blocks. The op stands for bytes that are made when the
// library is written, since the weights of a language model may be larger than
// memory.

#include "passes/Pack/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/PanelFormat.h"
#include "dialects/Qcc/Target/Target.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_PACKBLOCKS
#include "passes/Pack/Passes.h.inc"
} // namespace qcc

namespace {

struct PackBlocks : qcc::impl::PackBlocksBase<PackBlocks> {
  using PackBlocksBase::PackBlocksBase;

  void runOnOperation() override {
    const qcc::Target *machine = qcc::findTarget(target);
    if (!machine) {
      getOperation().emitError("expected target ")
          << qcc::listTargets() << ", but got " << target;
      return signalPassFailure();
    }
    lanes = machine->lanes;
    WalkResult result = getOperation().walk([&](Operation *op) {
      OpOperand *weight = nullptr;
      int64_t parts = 1;
      if (auto linear = dyn_cast<qcc::BlockLinearOp>(op)) {
        weight = &linear.getWeightMutable();
        parts = linear.countExperts().value_or(1);
      } else if (auto embed = dyn_cast<qcc::EmbedOp>(op)) {
        weight = &embed.getTableMutable();
      }
      if (weight && failed(pack(*weight, parts)))
        return WalkResult::interrupt();
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }

private:
  LogicalResult pack(OpOperand &weight, int64_t parts);

  int64_t lanes = 16;
  DenseMap<std::pair<Value, int64_t>, Value> packed;
};

/// Of `parts` below each other, each begins a panel.
LogicalResult PackBlocks::pack(OpOperand &weight, int64_t parts) {
  Value source = weight.get();
  auto type = cast<RankedTensorType>(source.getType());
  auto blocks = dyn_cast<qcc::BlocksAttr>(type.getEncoding());
  if (!blocks)
    return success();
  Value &panels = packed[{source, parts}];
  if (!panels) {
    auto format = qcc::findPanelFormat(blocks.getFormat());
    if (!format)
      return weight.getOwner()->emitOpError("expected a known format of "
                                            "blocks, but got ")
             << blocks.getFormat();
    int64_t rows = type.getShape()[0];
    int64_t columns = llvm::alignTo(blocks.getColumns(), format->block);
    int64_t bytes = parts * llvm::divideCeil(rows / parts, lanes) *
                    format->panelBytes(columns, lanes);
    OpBuilder builder(&getContext());
    builder.setInsertionPointAfterValue(source);
    auto layout =
        qcc::BlockPanelsAttr::get(&getContext(), blocks.getFormat(), rows,
                                  blocks.getColumns(), lanes, parts);
    panels = qcc::PackPanelsOp::create(
        builder, source.getLoc(),
        RankedTensorType::get({bytes}, builder.getI8Type(), layout), source);
  }
  weight.set(panels);
  return success();
}

} // namespace
