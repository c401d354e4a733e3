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

/// A flag that only other models heed, or nothing.
static StringRef findForeignFlag(const CompileOptions &options) {
  const CompileOptions defaults;
  return !options.shapes.empty()               ? "--shape"
         : !options.calibrationPath.empty()    ? "--calibrate"
         : !options.loadStatisticsPath.empty() ? "--load-statistics"
         : !options.saveStatisticsPath.empty() ? "--save-statistics"
         : !options.planPath.empty()           ? "--plan"
         : !options.savePlanPath.empty()       ? "--save-plan"
         : !options.preprocess.empty()         ? "--preprocess"
         : options.calibrationMethod != defaults.calibrationMethod
             ? "--calibration-method"
             : "";
}

/// Says which flags about weights do not touch those of `options.precision`.
static void noteIdleFlags(const CompileOptions &options,
                          function_ref<void(StringRef)> remark) {
  const CompileOptions defaults;
  bool hasGroups = options.precision == Precision::Int4 ||
                   options.precision == Precision::Int8;
  std::string got =
      ", but got " + getName(options.precision).str() + "; it changes nothing";
  if (options.groupSize != defaults.groupSize && !hasGroups)
    remark("--group-size: expected --precision=int4 or int8" + got);
  if (!options.isSymmetric && options.precision != Precision::Int4)
    remark("--asymmetric: expected --precision=int4" + got);
}

Error checkLanguageFlags(mlir::ModuleOp module, const CompileOptions &options,
                         function_ref<void(StringRef)> remark) {
  const CompileOptions defaults;
  if (isLanguageModel(module)) {
    StringRef foreign = findForeignFlag(options);
    if (!foreign.empty() && module->hasAttr("qcc.language"))
      return createStringError(foreign +
                               ": expected a model other than a "
                               "language model, but got " +
                               options.modelPath);
    noteIdleFlags(options, remark);
    return Error::success();
  }
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
