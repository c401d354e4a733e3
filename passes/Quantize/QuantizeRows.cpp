// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts the rows that products by blocks of integers read on 8 bits. Blocks of
// a file say what their activations are: groups of 32 or of 256 share a scale.

#include "passes/Quantize/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/PanelFormat.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_QUANTIZEROWS
#include "passes/Quantize/Passes.h.inc"
} // namespace qcc

namespace {

using qcc::RowFormat;

struct QuantizeRows : qcc::impl::QuantizeRowsBase<QuantizeRows> {
  using QuantizeRowsBase::QuantizeRowsBase;

  void runOnOperation() override {
    SmallVector<qcc::BlockLinearOp> products;
    getOperation().walk([&](qcc::BlockLinearOp op) { products.push_back(op); });
    for (qcc::BlockLinearOp product : products) {
      RowFormat format = chooseFormat(product);
      if (format == RowFormat::Float || product.getFormat() != RowFormat::Float)
        continue;
      product.getInputMutable().assign(convert(product.getInput(), format));
      product.setFormat(format);
    }
    noteIdleOption(products);
    for (auto &[value, op] : floatForms)
      if (op->use_empty())
        op->erase();
  }

private:
  void noteIdleOption(ArrayRef<qcc::BlockLinearOp> products);
  RowFormat chooseFormat(qcc::BlockLinearOp product) const;
  Value convert(Value rows, RowFormat format);

  DenseMap<std::pair<Value, int>, Value> converted;
  // What was converted, and may have no reader left.
  llvm::MapVector<Value, Operation *> floatForms;
};

/// Says so where no product can have what was asked for.
void QuantizeRows::noteIdleOption(ArrayRef<qcc::BlockLinearOp> products) {
  auto hasNone = [&](RowFormat format) {
    return !products.empty() && llvm::none_of(products, [&](auto product) {
      return product.getFormat() == format;
    });
  };
  if (activations == "bf16" && hasNone(RowFormat::BFloat))
    getOperation().emitRemark("no product has weights of bf16, so that "
                              "activations of bf16 change nothing");
  if (activations == "per-token" && hasNone(RowFormat::Token))
    getOperation().emitRemark("no product has weights of integers, so that "
                              "activations per token change nothing");
}

RowFormat QuantizeRows::chooseFormat(qcc::BlockLinearOp product) const {
  auto matrix = qcc::getBlockMatrix(product.getWeight());
  auto format = qcc::findPanelFormat(matrix->format);
  if (format && format->isBrain && activations == "bf16")
    return RowFormat::BFloat;
  if (!format || format->isFloat || activations == "f32")
    return RowFormat::Float;
  if (activations == "per-token")
    return RowFormat::Token;
  return format->groupBits > 0 ? RowFormat::Block256 : RowFormat::Block32;
}

/// The op that computes `rows`, computing them in `format` too.
Value QuantizeRows::convert(Value rows, RowFormat format) {
  Value &known = converted[{rows, int(format)}];
  if (known)
    return known;
  auto type = cast<RankedTensorType>(rows.getType());
  OpBuilder builder(rows.getContext());
  builder.setInsertionPointAfterValue(rows);
  auto stored = RankedTensorType::get(
      {type.getShape()[0], qcc::getRowBytes(format, type.getShape()[1])},
      builder.getI8Type());
  auto attribute = qcc::RowFormatAttr::get(rows.getContext(), format);
  Operation *maker = rows.getDefiningOp();
  if (isa_and_nonnull<qcc::NormRowsOp, qcc::GateRowsOp>(maker)) {
    Operation *copy = builder.clone(*maker);
    copy->setAttr("format", attribute);
    copy->getResult(0).setType(stored);
    floatForms[rows] = maker;
    return known = copy->getResult(0);
  }
  // The extents are those of every op of the model.
  Value extents;
  int64_t slots = 1;
  for (Operation *user : rows.getUsers())
    if (auto product = dyn_cast<qcc::BlockLinearOp>(user)) {
      extents = product.getExtents();
      if (product.getType().getDimSize(0) == type.getDimSize(0))
        slots = product.getSlots();
    }
  return known = qcc::GateRowsOp::create(
             builder, rows.getLoc(), stored, rows, extents, Value(), Value(),
             StringAttr(), attribute, builder.getI64IntegerAttr(slots));
}

} // namespace
