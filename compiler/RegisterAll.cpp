// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lists of dialects and pass groups, alphabetical.

#include "compiler/RegisterAll.h"

#include "compiler/Codegen/Passes.h"
#include "compiler/Import/Mlir/Passes.h"
#include "dialects/Qcc/IR/Qcc.h"
#include "passes/Assign/Passes.h"
#include "passes/Calibrate/Passes.h"
#include "passes/Lower/Passes.h"
#include "passes/LowerCpu/Passes.h"
#include "passes/Pack/Passes.h"
#include "passes/Prepare/Passes.h"
#include "passes/Quantize/Passes.h"
#include "passes/Simplify/Passes.h"

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
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void qcc::registerAllDialects(DialectRegistry &registry) {
  registry.insert<affine::AffineDialect, arith::ArithDialect,
                  cf::ControlFlowDialect, func::FuncDialect,
                  linalg::LinalgDialect, LLVM::LLVMDialect, math::MathDialect,
                  memref::MemRefDialect, QccDialect, quant::QuantDialect,
                  scf::SCFDialect, tensor::TensorDialect, tosa::TosaDialect,
                  ub::UBDialect, vector::VectorDialect>();
  func::registerInlinerExtension(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

void qcc::registerAllPasses() {
  registerAssignPasses();
  registerCalibratePasses();
  registerCodegenPasses();
  registerImportPasses();
  registerLowerToLlvmPipeline();
  registerLowerPasses();
  registerLowerCpuPasses();
  registerPackPasses();
  registerPreparePasses();
  registerQuantizePasses();
  registerSimplifyPasses();
  registerTransformsPasses();
}
