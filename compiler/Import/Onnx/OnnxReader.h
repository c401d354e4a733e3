// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bytes of an .onnx file to a checked message.

#ifndef COMPILER_IMPORT_ONNX_ONNXREADER_H
#define COMPILER_IMPORT_ONNX_ONNXREADER_H

#include "compiler/Import/Onnx/onnx.pb.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace qcc::onnx_import {

/// Parses `bytes` and checks what holds for every model: a graph, an operator
/// set that qcc knows, sizes within bounds. Strings are not checked: print them
/// with `quote`.
llvm::Expected<std::unique_ptr<onnx::ModelProto>>
readOnnx(llvm::StringRef bytes);

/// `name` in quotes, made printable and cut to a bearable length.
std::string quote(llvm::StringRef name);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_ONNXREADER_H
