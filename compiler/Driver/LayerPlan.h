// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The plan of a graph: what qcc-assign-precision decided, and what a user wants
// it to decide.

#ifndef COMPILER_DRIVER_LAYERPLAN_H
#define COMPILER_DRIVER_LAYERPLAN_H

#include "compiler/Driver/PlanFile.h"
#include "mlir/IR/BuiltinOps.h"

namespace qcc {

/// Notes the plan on the ops, for qcc-assign-precision; an error lists names
/// that no op has.
llvm::Error notePlan(mlir::ModuleOp graph, llvm::ArrayRef<PlannedLayer> layers,
                     llvm::StringRef path);

/// What qcc-assign-precision wrote on the ops of main, in order.
std::vector<PlannedLayer> readAssignment(mlir::ModuleOp graph);

} // namespace qcc

#endif // COMPILER_DRIVER_LAYERPLAN_H
