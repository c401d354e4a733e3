// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TOSA becomes graph ops.

#include "compiler/Import/Mlir/Passes.h"

#include "compiler/Import/Mlir/TosaOps.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_CONVERTTOSA
#include "compiler/Import/Mlir/Passes.h.inc"
} // namespace qcc

using namespace qcc::mlir_import;

static SmallVector<Value> convert(Operation *op, GraphBuilder &build) {
  for (Type type :
       llvm::concat<const Type>(SmallVector<Type>(op->getOperandTypes()),
                                SmallVector<Type>(op->getResultTypes()))) {
    auto tensor = dyn_cast<ShapedType>(type);
    if (tensor && (!isa<RankedTensorType>(type) || !tensor.hasStaticShape())) {
      build.fail("expected tensors of static shape, but got " + describe(type));
      return {};
    }
  }
  for (auto convertGroup :
       {convertTosaElementwise, convertTosaMove, convertTosaWindow})
    if (Value value = convertGroup(op, build))
      return {value};
    else if (build.hasProblem())
      return {};
  return {};
}

/// Shapes serve those that read them and then go.
static bool isForeign(Operation *op) {
  return isa_and_nonnull<tosa::TosaDialect>(op->getDialect()) &&
         !isa<tosa::ConstShapeOp>(op);
}

void qcc::mlir_import::convertTosa(func::FuncOp main, Reasons &reasons) {
  convertOps(main, isForeign, convert, reasons);
}

namespace {

struct ConvertTosa : qcc::impl::ConvertTosaBase<ConvertTosa> {
  void runOnOperation() override {
    Reasons reasons;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      convertTosa(function, reasons);
      if (llvm::Error error = checkConverted(function, reasons)) {
        function.emitError(llvm::toString(std::move(error)));
        signalPassFailure();
      }
    }
  }
};

} // namespace
