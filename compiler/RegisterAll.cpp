// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lists of dialects and pass groups, alphabetical.

#include "compiler/RegisterAll.h"

#include "compiler/Codegen/Passes.h"
#include "dialects/Qcc/IR/Qcc.h"
#ifdef HAS_QCCPHASEASSIGN
#include "passes/Assign/Passes.h"
#endif
#ifdef HAS_QCCPHASECALIBRATE
#include "passes/Calibrate/Passes.h"
#endif
#ifdef HAS_QCCPHASELOWER
#include "passes/Lower/Passes.h"
#endif
#ifdef HAS_QCCPHASELOWERCPU
#include "passes/LowerCpu/Passes.h"
#endif
#ifdef HAS_QCCPHASEPACK
#include "passes/Pack/Passes.h"
#endif
#ifdef HAS_QCCPHASEPREPARE
#include "passes/Prepare/Passes.h"
#endif
#ifdef HAS_QCCPHASEQUANTIZE
#include "passes/Quantize/Passes.h"
#endif
#ifdef HAS_QCCPHASESIMPLIFY
#include "passes/Simplify/Passes.h"
#endif

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qcc::registerAllDialects(DialectRegistry &registry) {
  registry
      .insert<affine::AffineDialect, arith::ArithDialect,
              cf::ControlFlowDialect, func::FuncDialect, linalg::LinalgDialect,
              LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
              QccDialect, quant::QuantDialect, scf::SCFDialect,
              tensor::TensorDialect, ub::UBDialect, vector::VectorDialect>();
  func::registerInlinerExtension(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

void qcc::registerAllPasses() {
#ifdef HAS_QCCPHASEASSIGN
  registerAssignPasses();
#endif
#ifdef HAS_QCCPHASECALIBRATE
  registerCalibratePasses();
#endif
  registerCodegenPasses();
  registerLowerToLlvmPipeline();
#ifdef HAS_QCCPHASELOWER
  registerLowerPasses();
#endif
#ifdef HAS_QCCPHASELOWERCPU
  registerLowerCpuPasses();
#endif
#ifdef HAS_QCCPHASEPACK
  registerPackPasses();
#endif
#ifdef HAS_QCCPHASEPREPARE
  registerPreparePasses();
#endif
#ifdef HAS_QCCPHASEQUANTIZE
  registerQuantizePasses();
#endif
#ifdef HAS_QCCPHASESIMPLIFY
  registerSimplifyPasses();
#endif
  registerTransformsPasses();
}
