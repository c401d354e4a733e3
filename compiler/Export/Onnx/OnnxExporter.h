// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A graph or quantized graph as an ONNX model that other programs run.

#ifndef COMPILER_EXPORT_ONNX_ONNXEXPORTER_H
#define COMPILER_EXPORT_ONNX_ONNXEXPORTER_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <string>

namespace qcc {

/// The bytes of an ONNX file. Tensors on grids become QuantizeLinear and
/// DequantizeLinear around float ops, with the scales of the grids.
llvm::Expected<std::string> exportOnnx(mlir::ModuleOp module);

} // namespace qcc

#endif // COMPILER_EXPORT_ONNX_ONNXEXPORTER_H
