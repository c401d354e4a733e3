// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Saves loop annotations from being lost between scf and LLVM: upstream copies
// them as discardable attributes of the latch, and translates inherent ones
// only.

#include "compiler/Codegen/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_ATTACHLOOPANNOTATIONS
#include "compiler/Codegen/Passes.h.inc"
} // namespace qcc

static constexpr llvm::StringLiteral kDiscardable = "llvm.loop_annotation";

namespace {

struct AttachLoopAnnotations
    : qcc::impl::AttachLoopAnnotationsBase<AttachLoopAnnotations> {
  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      auto annotation = dyn_cast_or_null<LLVM::LoopAnnotationAttr>(
          op->getDiscardableAttr(kDiscardable));
      if (!annotation)
        return;
      if (auto branch = dyn_cast<LLVM::BrOp>(op))
        branch.setLoopAnnotationAttr(annotation);
      else if (auto branch = dyn_cast<LLVM::CondBrOp>(op))
        branch.setLoopAnnotationAttr(annotation);
      else
        return;
      op->removeDiscardableAttr(kDiscardable);
    });
  }
};

} // namespace
