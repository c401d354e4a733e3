// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TensorProto to a constant attribute.

#ifndef COMPILER_IMPORT_ONNX_TENSORREADER_H
#define COMPILER_IMPORT_ONNX_TENSORREADER_H

#include "compiler/Import/ExternalData.h"
#include "compiler/Import/Onnx/onnx.pb.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace qcc::onnx_import {

/// Makes constants of a model's tensors. Large f32 and integer data is moved
/// out of the message, or stays in the mapped file.
class TensorReader {
public:
  TensorReader(mlir::MLIRContext &context, llvm::StringRef modelPath)
      : context(context), external(modelPath) {}

  /// The constant that `tensor` holds, floats of any width as f32. A tensor
  /// that is read again, by the body of a loop, is the same constant.
  llvm::Expected<mlir::ElementsAttr> read(onnx::TensorProto &tensor);

private:
  llvm::Expected<mlir::ElementsAttr> readOnce(onnx::TensorProto &tensor);

  mlir::MLIRContext &context;
  ExternalData external;
  llvm::DenseMap<const onnx::TensorProto *, mlir::ElementsAttr> known;
};

/// Elements of `shape`, or nothing where that is more than a tensor may have.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> shape);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_TENSORREADER_H
