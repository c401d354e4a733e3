// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of the passes between loops and the LLVM dialect.

#include "compiler/Codegen/LowerToLlvm.h"

#include "compiler/Codegen/Passes.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace qcc {

std::string getEntryName(llvm::StringRef target) {
  return ("qcc_entry_" + target).str();
}

/// What must happen while loops, vectors and memrefs still have their ops.
static void addExpansions(OpPassManager &passes) {
  // Before anything is lowered: tells how loops were meant.
  passes.addNestedPass<func::FuncOp>(createAnnotateLoops());
  passes.addNestedPass<func::FuncOp>(createApproximateMath());
  // Transfers of more than one dimension become transfers of one.
  passes.addPass(createConvertVectorToSCFPass(
      VectorTransferToSCFOptions().enableFullUnroll()));
  // Subviews become arithmetic, which affine expresses; it is lowered next.
  passes.addPass(memref::createExpandStridedMetadataPass());
  passes.addPass(createLowerAffinePass());
  // Ceiling and floor divisions, and bf16 without a conversion instruction.
  arith::ArithExpandOpsPassOptions expansions;
  expansions.includeBf16 = true;
  passes.addPass(arith::createArithExpandOpsPass(expansions));
  // Less to convert: index arithmetic repeats itself after expansion.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

static void addConversions(OpPassManager &passes) {
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createFinalizeMemRefToLLVMConversionPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createConvertIndexToLLVMPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  // Bare pointers, since kernels know the shapes of their buffers.
  ConvertFuncToLLVMPassOptions functions;
  functions.useBarePtrCallConv = true;
  passes.addPass(createConvertFuncToLLVMPass(functions));
  passes.addPass(createUBToLLVMConversionPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
}

void buildLowerToLlvmPipeline(OpPassManager &passes, llvm::StringRef target) {
  LowerLaunchesOptions launches;
  launches.target = target.str();
  passes.addPass(createLowerLaunches(launches));
  addExpansions(passes);
  addConversions(passes);
  // These two look at ops of the LLVM dialect.
  passes.addPass(createAttachLoopAnnotations());
  passes.addPass(createDefineTasks());
}

namespace {
struct LowerToLlvmOptions : PassPipelineOptions<LowerToLlvmOptions> {
  Option<std::string> target{*this, "target",
                             llvm::cl::desc("the target's name"),
                             llvm::cl::init("avx512")};
};
} // namespace

void registerLowerToLlvmPipeline() {
  PassPipelineRegistration<LowerToLlvmOptions>(
      "qcc-lower-to-llvm", "kernels and launches to the LLVM dialect",
      [](OpPassManager &passes, const LowerToLlvmOptions &options) {
        buildLowerToLlvmPipeline(passes, options.target);
      });
}

} // namespace qcc
