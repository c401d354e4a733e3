// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element types of ONNX by number. The installed schema is older than the
// newest types, so the numbers are named here.

#ifndef COMPILER_IMPORT_ONNX_ELEMENTTYPES_H
#define COMPILER_IMPORT_ONNX_ELEMENTTYPES_H

#include "mlir/IR/BuiltinTypes.h"

namespace qcc::onnx_import {

/// Where TensorProto keeps elements that are not in `raw_data`.
enum class ElementField { Float, Int32, Int64, Double, Uint64 };

struct ElementType {
  int32_t number;
  llvm::StringLiteral name;
  // Bits of one stored element; fewer than 8 are packed, low bits first.
  unsigned bits;
  ElementField field;
};

/// The row of a type that qcc reads, or null.
const ElementType *findElementType(int32_t number);

/// The type as it is at the model's inputs and outputs.
mlir::Type getInterfaceType(mlir::MLIRContext *context,
                            const ElementType &type);

/// The type that the graph computes in: f32 for every float type.
mlir::Type getGraphType(mlir::Type interfaceType);

/// The name that ONNX gives a number, for messages.
std::string describeElementType(int32_t number);

} // namespace qcc::onnx_import

#endif // COMPILER_IMPORT_ONNX_ELEMENTTYPES_H
