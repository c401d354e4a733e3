// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares what was asked for with what the model is.

#include "compiler/Driver/LanguageFlags.h"

#include "dialects/Qcc/IR/Qcc.h"

using namespace llvm;

namespace qcc {

/// True of decoders, and of graphs of their ops that somebody wrote.
static bool isLanguageModel(mlir::ModuleOp module) {
  return module->hasAttr("qcc.language") ||
         module
             ->walk([](mlir::Operation *op) {
               return isa<BlockLinearOp, NormRowsOp, GateRowsOp, EmbedOp,
                          RotationsOp, AttendOp, ChooseExpertsOp, GroupRowsOp,
                          MixRowsOp>(op)
                          ? mlir::WalkResult::interrupt()
                          : mlir::WalkResult::advance();
             })
             .wasInterrupted();
}

Error checkLanguageFlags(mlir::ModuleOp module, const CompileOptions &options) {
  if (isLanguageModel(module))
    return Error::success();
  const CompileOptions defaults;
  StringRef flag;
  if (options.precision == Precision::Int4 ||
      options.precision == Precision::BFloat16)
    flag = options.precision == Precision::Int4 ? "--precision=int4"
                                                : "--precision=bf16";
  else if (options.activations != defaults.activations)
    flag = "--activations";
  else if (options.groupSize != defaults.groupSize)
    flag = "--group-size";
  else if (options.isSymmetric != defaults.isSymmetric)
    flag = "--asymmetric";
  else if (!options.cacheType.empty())
    flag = "--cache-type";
  if (flag.empty())
    return Error::success();
  return createStringError(flag + ": expected a language model, but got " +
                           options.modelPath);
}

} // namespace qcc
