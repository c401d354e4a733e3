// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions that the gates of LSTM, GRU and RNN name in an attribute.

#ifndef COMPILER_IMPORT_ONNX_RECURRENTACTIVATIONS_H
#define COMPILER_IMPORT_ONNX_RECURRENTACTIVATIONS_H

#include "compiler/Import/Onnx/Node.h"

namespace qcc::onnx_import {

struct RecurrentActivation {
  enum Form { Function, Affine, ScaledTanh };
  Form form;
  UnaryKind kind; // of a function
  float alpha = 0, beta = 0;

  mlir::Value apply(GraphBuilder &build, mlir::Value x) const;
};

/// For each direction the functions of a cell of 4 (LSTM), 3 (GRU) or 1 (RNN)
/// gates, from the attributes `activations`, `activation_alpha` and
/// `activation_beta`, or ONNX's defaults.
std::optional<std::vector<std::vector<RecurrentActivation>>>
readRecurrentActivations(Node &node, int64_t directions, int64_t gates);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_RECURRENTACTIVATIONS_H
