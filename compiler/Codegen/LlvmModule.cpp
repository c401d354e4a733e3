// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything between the LLVM dialect and machine code that is not MLIR.

#include "compiler/Codegen/LlvmModule.h"

#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"

#include <mutex>

using namespace llvm;

static constexpr StringLiteral kTriple = "x86_64-unknown-linux-gnu";

static void initializeBackEnd() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeX86AsmParser();
  });
}

namespace qcc {

Expected<std::unique_ptr<TargetMachine>> createMachine(const Target &target) {
  initializeBackEnd();
  Triple triple(kTriple);
  std::string message;
  const llvm::Target *backEnd = TargetRegistry::lookupTarget(triple, message);
  if (!backEnd)
    return createStringError(message);
  TargetOptions options;
  // docs/numerics.md: a fused multiply-add only where one is written.
  options.AllowFPOpFusion = FPOpFusion::Strict;
  options.FunctionSections = true;
  options.DataSections = true;
  std::unique_ptr<TargetMachine> machine(backEnd->createTargetMachine(
      triple, StringRef(target.cpu), StringRef(target.features), options,
      Reloc::PIC_, CodeModel::Small, CodeGenOptLevel::Aggressive));
  if (!machine)
    return createStringError("expected a code generator for " + kTriple +
                             ", but got none");
  return machine;
}

/// What clang would say with -march, -mtune and -mprefer-vector-width.
static void describeMachine(Function &function, const Target &target) {
  function.addFnAttr("target-cpu", target.cpu);
  function.addFnAttr("tune-cpu", target.tune);
  if (!target.features.empty())
    function.addFnAttr("target-features", target.features);
  function.addFnAttr("prefer-vector-width",
                     std::to_string(target.vectorBytes() * 8));
  // Code that cannot throw needs no tables for unwinding.
  function.addFnAttr(Attribute::NoUnwind);
}

Expected<std::unique_ptr<Module>> translateToLlvm(mlir::ModuleOp source,
                                                  LLVMContext &context,
                                                  const Target &target,
                                                  TargetMachine &machine) {
  std::unique_ptr<Module> module = mlir::translateModuleToLLVMIR(
      source, context, source.getName().value_or("qcc"));
  if (!module)
    return createStringError("expected a module of the LLVM dialect");
  module->setTargetTriple(machine.getTargetTriple());
  module->setDataLayout(machine.createDataLayout());
  for (Function &function : *module) {
    describeMachine(function, target);
    if (!function.isDeclaration() && !function.hasLocalLinkage())
      function.setVisibility(GlobalValue::HiddenVisibility);
  }
  return module;
}

void optimize(Module &module, TargetMachine &machine) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager callGraph;
  ModuleAnalysisManager modules;
  PassBuilder builder(&machine, PipelineTuningOptions());
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(callGraph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, callGraph, modules);
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O3)
      .run(module, modules);
}

} // namespace qcc
