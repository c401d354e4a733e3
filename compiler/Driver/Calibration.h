// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Measures ranges: the float model, compiled with observers for this machine,
// runs on the user's samples.

#ifndef COMPILER_DRIVER_CALIBRATION_H
#define COMPILER_DRIVER_CALIBRATION_H

#include "compiler/Driver/Diagnostics.h"
#include "compiler/Pipeline/CompileOptions.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Calibrate/Statistics.h"

namespace qcc {

/// `graph` is the simplified float graph; it is not changed. Shows a progress
/// bar on a terminal.
llvm::Expected<calibrate::Statistics>
calibrateModel(mlir::ModuleOp graph, const CompileOptions &options,
               DiagnosticCollector &diagnostics);

} // namespace qcc

#endif // COMPILER_DRIVER_CALIBRATION_H
