// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The plan file: which precision each layer gets, as JSON that can be saved,
// edited and given back. docs/cli.md has the format.

#ifndef COMPILER_DRIVER_PLANFILE_H
#define COMPILER_DRIVER_PLANFILE_H

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace qcc {

struct PlannedLayer {
  std::string name;
  /// `qcc.conv` ...; in a file, empty means all ops of that name.
  std::string op;
  /// `int8`, `int8_dynamic` or `f32`.
  std::string precision;
  /// Why an f32 layer is no int8 layer; empty where it needs no reason.
  std::string reason;
};

/// Layers of a plan file's `text`; errors name `path`.
llvm::Expected<std::vector<PlannedLayer>> parsePlan(llvm::StringRef text,
                                                    llvm::StringRef path);

/// The text of a plan file, a line for each layer.
std::string printPlan(llvm::ArrayRef<PlannedLayer> layers);

} // namespace qcc

#endif // COMPILER_DRIVER_PLANFILE_H
