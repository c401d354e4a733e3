// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The JSON inside a library that `qcc-run --info` prints.

#ifndef COMPILER_DRIVER_LIBRARYDESCRIPTION_H
#define COMPILER_DRIVER_LIBRARYDESCRIPTION_H

#include "compiler/Codegen/LibraryTable.h"
#include "compiler/Pipeline/CompileOptions.h"

#include <string>
#include <vector>

namespace qcc {

/// What was decided about one layer.
struct PlanEntry {
  std::string name;
  std::string op;
  /// `int8` or `f32`.
  std::string precision;
  /// The grid of the result as text, such as `!qcc.quant<u8, 0.5, 128>`.
  std::string grid;
};

/// One entry for each computing op of main, in order; constants have none.
std::vector<PlanEntry> collectPlan(mlir::ModuleOp graph);

std::string printDescription(const LibraryInfo &library,
                             const std::vector<PlanEntry> &plan,
                             const CompileOptions &options, double seconds);

} // namespace qcc

#endif // COMPILER_DRIVER_LIBRARYDESCRIPTION_H
