// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The phases of the compiler as one table, and the loop that runs them.

#ifndef COMPILER_PIPELINE_PHASES_H
#define COMPILER_PIPELINE_PHASES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace qcc {

struct CompileOptions;
struct Target;

/// In order. Import makes the module and Emit uses it up: their passes are the
/// driver's.
enum class Phase {
  Import,
  Simplify,
  Calibrate,
  Prepare,
  Assign,
  Quantize,
  Pack,
  Lower,
  LowerCpu,
  Emit
};

/// What a phase's passes are made for.
struct PhaseContext {
  const CompileOptions &options;
  /// Null in the phases that are the same for all machines.
  const Target *target = nullptr;
  /// Calibration's file; empty where nothing was measured.
  std::string statisticsPath;
};

struct PhaseInfo {
  Phase phase;
  llvm::StringLiteral name;
  llvm::StringLiteral sentence;
  void (*addPasses)(mlir::OpPassManager &passes, const PhaseContext &context);
};

llvm::ArrayRef<PhaseInfo> allPhases();
const PhaseInfo &getInfo(Phase phase);

/// The first phase that `module` still needs: models as text may come from any
/// level.
Phase findNextPhase(mlir::ModuleOp module);

/// Runs the phases from `first` to `last`, verifying after each. A phase named
/// by `--dump-after` prints the module, large constants left out, to standard
/// error.
mlir::LogicalResult runPhases(mlir::ModuleOp module, Phase first, Phase last,
                              const PhaseContext &context);

} // namespace qcc

#endif // COMPILER_PIPELINE_PHASES_H
