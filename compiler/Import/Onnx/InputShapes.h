// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Static shapes for the inputs of a model that declares symbolic ones.

#ifndef COMPILER_IMPORT_ONNX_INPUTSHAPES_H
#define COMPILER_IMPORT_ONNX_INPUTSHAPES_H

#include "compiler/Import/Importer.h"
#include "compiler/Import/Onnx/onnx.pb.h"

#include <vector>

namespace qcc::onnx_import {

struct InputShapes {
  std::vector<llvm::SmallVector<int64_t>> shapes;
  /// The first dimension of every input and output is a batch of free size; the
  /// shapes have 1 there.
  bool hasSymbolicBatch = false;
};

/// Shapes of `inputs`, in that order: what --shape says, a symbolic batch 1,
/// and an error that names --shape for any other unknown size.
llvm::Expected<InputShapes>
resolveInputShapes(const onnx::GraphProto &graph,
                   llvm::ArrayRef<const onnx::ValueInfoProto *> inputs,
                   const ImportOptions &options);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_INPUTSHAPES_H
