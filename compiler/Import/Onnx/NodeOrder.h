// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The nodes that a model's outputs need, producers before users.

#ifndef COMPILER_IMPORT_ONNX_NODEORDER_H
#define COMPILER_IMPORT_ONNX_NODEORDER_H

#include "compiler/Import/Onnx/onnx.pb.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace qcc::onnx_import {

/// The needed nodes in an order that is the file's own wherever that is valid.
/// Fails on names with two producers, names without one, and cycles. The body
/// of a node may use names from outside, so that those without a producer are
/// fine.
llvm::Expected<std::vector<onnx::NodeProto *>>
orderNodes(onnx::GraphProto &graph, bool isBody = false);

/// "node 'name' (Conv)", by its first output where it has no name.
std::string describeNode(const onnx::NodeProto &node);

/// The name a layer goes by: the node's, or its first output's.
llvm::StringRef getLayerName(const onnx::NodeProto &node);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_NODEORDER_H
