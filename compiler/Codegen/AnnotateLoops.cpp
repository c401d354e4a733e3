// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Protects the loops of micro-kernels from LLVM. Their accumulators fill the
// register file, so one more unrolled step spills (llc 22, 12x2 tile, unrolled
// twice: 115 spills and reloads in the loop).

#include "compiler/Codegen/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace qcc {
#define GEN_PASS_DEF_ANNOTATELOOPS
#include "compiler/Codegen/Passes.h.inc"
} // namespace qcc

static constexpr llvm::StringLiteral kMark = "qcc.no_unroll";

/// No unrolling by any of LLVM's passes, no vectorization of a loop that is
/// written in vectors already.
static LLVM::LoopAnnotationAttr makeAnnotation(MLIRContext *context) {
  auto yes = BoolAttr::get(context, true);
  auto vectorize =
      LLVM::LoopVectorizeAttr::get(context, yes, {}, {}, {}, {}, {}, {});
  auto unroll = LLVM::LoopUnrollAttr::get(context, yes, {}, {}, {}, {}, {}, {});
  return LLVM::LoopAnnotationAttr::get(context, {}, vectorize, {}, unroll, {},
                                       {}, {}, {}, {}, {}, {}, {}, {}, {}, {});
}

namespace {

struct AnnotateLoops : qcc::impl::AnnotateLoopsBase<AnnotateLoops> {
  void runOnOperation() override {
    LLVM::LoopAnnotationAttr annotation = makeAnnotation(&getContext());
    getOperation()->walk([&](scf::ForOp loop) {
      if (loop->removeAttr(kMark))
        loop->setAttr("llvm.loop_annotation", annotation);
    });
  }
};

} // namespace
