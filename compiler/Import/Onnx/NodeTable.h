// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which ONNX ops qcc reads, and how.

#ifndef COMPILER_IMPORT_ONNX_NODETABLE_H
#define COMPILER_IMPORT_ONNX_NODETABLE_H

#include "compiler/Import/Onnx/ControlFlow.h"

namespace qcc::onnx_import {

struct NodeRow {
  // The op's name, after its domain and a dot where that is not ONNX's own.
  llvm::StringLiteral name;
  // The inputs that must be there, and the most there can be.
  unsigned minInputs, maxInputs;
  // One of these: an op with bodies needs someone who imports them.
  void (*import)(Node &node);
  void (*importWithBodies)(Node &node, BodyImporter importBody) = nullptr;
};

/// The row of an op, or null if it is not supported.
const NodeRow *findNodeRow(const onnx::NodeProto &node);

/// All rows, sorted by name.
llvm::ArrayRef<NodeRow> getNodeRows();

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_NODETABLE_H
