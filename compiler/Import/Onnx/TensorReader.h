// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TensorProto to a constant attribute.

#ifndef COMPILER_IMPORT_ONNX_TENSORREADER_H
#define COMPILER_IMPORT_ONNX_TENSORREADER_H

#include "compiler/Import/ExternalData.h"
#include "compiler/Import/Onnx/onnx.pb.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace qcc::onnx_import {

/// The constant that `tensor` holds, floats of any width as f32. Large f32 and
/// integer data is moved out of the message, or stays in the mapped file, so a
/// tensor can be read once only.
llvm::Expected<mlir::ElementsAttr> readTensor(mlir::MLIRContext *context,
                                              onnx::TensorProto &tensor,
                                              ExternalData &external);

/// Elements of `shape`, or nothing where that is more than a tensor may have.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> shape);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_TENSORREADER_H
