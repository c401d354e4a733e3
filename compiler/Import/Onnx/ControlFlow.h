// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// If, Loop and Scan: their bodies become part of the graph, as often as they
// run.

#ifndef COMPILER_IMPORT_ONNX_CONTROLFLOW_H
#define COMPILER_IMPORT_ONNX_CONTROLFLOW_H

#include "compiler/Import/Onnx/Node.h"

namespace qcc::onnx_import {

/// Imports a body with values for its inputs and returns those of its outputs;
/// nothing where that failed, which the callee remembers.
using BodyImporter =
    llvm::function_ref<std::optional<llvm::SmallVector<mlir::Value>>(
        onnx::GraphProto &body, llvm::ArrayRef<mlir::Value> inputs)>;

/// A constant condition takes one branch of an If; one that is computed takes
/// both, and selects.
void importIf(Node &node, BodyImporter importBody);

/// A Loop or Scan runs as often as its constant trip count or shapes say.
void importLoop(Node &node, BodyImporter importBody);
void importScan(Node &node, BodyImporter importBody);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_CONTROLFLOW_H
