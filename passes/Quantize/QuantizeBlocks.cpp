// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounds float weights of language models to groups of integers. Only the ops
// that say so are put in: the rounding happens row by row when the library is
// written.

#include "passes/Quantize/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/PanelFormat.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_QUANTIZEBLOCKS
#include "passes/Quantize/Passes.h.inc"
} // namespace qcc

namespace {

struct QuantizeBlocks : qcc::impl::QuantizeBlocksBase<QuantizeBlocks> {
  using QuantizeBlocksBase::QuantizeBlocksBase;

  void runOnOperation() override {
    SmallVector<OpOperand *> weights;
    getOperation().walk([&](Operation *op) {
      auto product = dyn_cast<qcc::BlockLinearOp>(op);
      if (product && !isRouter(product))
        weights.push_back(&product.getWeightMutable());
    });
    bool hasFloats = llvm::any_of(weights, [](OpOperand *weight) {
      return hasFloatBlocks(weight->get());
    });
    if (!weights.empty() && !hasFloats)
      getOperation().emitRemark("no product has weights of floats, so that the "
                                "precision changes nothing");
    for (OpOperand *weight : weights)
      quantize(*weight);
  }

private:
  /// Scores of experts, and what opens the shared one: small matrices, whose
  /// errors pick another expert.
  static bool isRouter(qcc::BlockLinearOp product) {
    return llvm::any_of(product->getUses(), [](OpOperand &use) {
      auto mix = dyn_cast<qcc::MixRowsOp>(use.getOwner());
      return isa<qcc::ChooseExpertsOp>(use.getOwner()) ||
             (mix && mix.getGate() == use.get());
    });
  }
  static bool hasFloatBlocks(Value weight) {
    auto type = cast<RankedTensorType>(weight.getType());
    auto blocks = dyn_cast_or_null<qcc::BlocksAttr>(type.getEncoding());
    auto format = blocks ? qcc::findPanelFormat(blocks.getFormat())
                         : std::optional<qcc::PanelFormat>();
    return format && format->isFloat;
  }
  void quantize(OpOperand &weight);
  std::string chooseFormat(Operation *product, int64_t columns) const;

  DenseMap<Value, Value> quantized;
};

/// Logits are what all layers' errors add up in: they keep 8 bits.
std::string QuantizeBlocks::chooseFormat(Operation *product,
                                         int64_t columns) const {
  if (bits == 16)
    return "bf16";
  bool isHead = cast<qcc::BlockLinearOp>(product).getExtent() == 1;
  int64_t own = isHead ? std::max<int64_t>(bits, 8) : bits.getValue();
  int64_t size = group;
  while (size > 32 && columns % size != 0)
    size /= 2;
  std::string name = "int" + std::to_string(own) + "_g" + std::to_string(size);
  return symmetric || own == 8 ? name : name + "z";
}

void QuantizeBlocks::quantize(OpOperand &weight) {
  Value source = weight.get();
  if (!hasFloatBlocks(source))
    return;
  auto type = cast<RankedTensorType>(source.getType());
  auto blocks = cast<qcc::BlocksAttr>(type.getEncoding());
  auto before = qcc::findPanelFormat(blocks.getFormat());
  std::string name = chooseFormat(weight.getOwner(), blocks.getColumns());
  if (name == blocks.getFormat() || (bits == 16 && before->bits == 16))
    return;
  Value &result = quantized[source];
  if (!result) {
    OpBuilder builder(&getContext());
    builder.setInsertionPointAfterValue(source);
    int64_t bytes =
        qcc::getBlockRowBytes(*qcc::findPanelFormat(name), blocks.getColumns());
    auto layout =
        qcc::BlocksAttr::get(&getContext(), name, blocks.getColumns());
    result = qcc::QuantizeBlocksOp::create(
        builder, source.getLoc(),
        RankedTensorType::get({type.getShape()[0], bytes}, builder.getI8Type(),
                              layout),
        source);
  }
  // A table of tokens that is the head too is stored once.
  source.replaceUsesWithIf(result, [&](OpOperand &use) {
    return isa<qcc::BlockLinearOp, qcc::EmbedOp>(use.getOwner());
  });
}

} // namespace
