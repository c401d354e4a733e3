// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dot products of x86 multiply unsigned by signed bytes. An i8 grid with
// zero point z and a u8 grid with z + 128 stand for the same reals, integer by
// integer, so activations may be unsigned everywhere: only where a caller sees
// them does a byte need its highest bit flipped.

#include "passes/Pack/Passes.h"

#include "dialects/Qcc/IR/Qcc.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_MAKEUNSIGNED
#include "passes/Pack/Passes.h.inc"
} // namespace qcc

/// i8 with zero point z  ->  u8 with zero point z + 128; null for other types.
static RankedTensorType makeUnsigned(Type type) {
  qcc::QuantType grid = qcc::getQuantType(type);
  if (!grid || !grid.getIsSigned() || grid.getBits() != 8)
    return nullptr;
  auto tensor = cast<RankedTensorType>(type);
  auto to =
      qcc::QuantType::get(type.getContext(), 8, /*isSigned=*/false,
                          grid.getScaleValue(), grid.getZeroPoint() + 128);
  return RankedTensorType::get(tensor.getShape(), to, tensor.getEncoding());
}

namespace {

struct MakeUnsigned : qcc::impl::MakeUnsignedBase<MakeUnsigned> {
  void runOnOperation() override {
    getOperation()->walk([](func::FuncOp function) {
      if (!function.isExternal())
        change(function);
    });
  }

private:
  static void change(func::FuncOp function) {
    // What callers see keeps its type, so outputs are told before the values
    // change and inputs get their conversion after it.
    Block &block = function.getBody().front();
    SmallVector<Type> outputs(block.getTerminator()->getOperandTypes());
    for (Operation &op : block)
      for (Value result : op.getResults())
        if (RankedTensorType type = makeUnsigned(result.getType()))
          result.setType(type);
    OpBuilder builder = OpBuilder::atBlockBegin(&block);
    for (BlockArgument argument : block.getArguments()) {
      RankedTensorType type = makeUnsigned(argument.getType());
      if (!type || argument.use_empty())
        continue;
      auto converted =
          qcc::RequantizeOp::create(builder, argument.getLoc(), type, argument);
      argument.replaceAllUsesExcept(converted, converted);
    }
    builder.setInsertionPoint(block.getTerminator());
    for (auto [operand, type] :
         llvm::zip_equal(block.getTerminator()->getOpOperands(), outputs))
      if (operand.get().getType() != type)
        operand.set(qcc::RequantizeOp::create(builder, operand.get().getLoc(),
                                              type, operand.get()));
  }
};

} // namespace
