// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constant tensors: reading their bytes whatever attribute holds them, and
// making new ones. Large constants are dense resources, which MLIR neither
// hashes nor copies; small ones are dense elements, which print readably.

#ifndef DIALECTS_QCC_IR_CONSTANTS_H
#define DIALECTS_QCC_IR_CONSTANTS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include <optional>
#include <vector>

namespace qcc {

/// The bytes of a constant tensor, row-major, little-endian; i1 takes a byte
/// an element. `bytes` points into the attribute, or into `storage` where the
/// attribute had to be expanded (splats, packed i1).
struct ConstantBytes {
  mlir::RankedTensorType type;
  llvm::ArrayRef<char> bytes;
  std::vector<char> storage;

  template <typename T> llvm::ArrayRef<T> as() const {
    return {reinterpret_cast<const T *>(bytes.data()),
            bytes.size() / sizeof(T)};
  }
};

/// The bytes behind `attribute`, or nothing if it is no such constant.
std::optional<ConstantBytes> getConstantBytes(mlir::Attribute attribute);

/// The same for a value produced by a constant op.
std::optional<ConstantBytes> getConstantBytes(mlir::Value value);

/// Integer elements of any width widened to i64, or nothing.
std::optional<std::vector<int64_t>> getConstantIntegers(mlir::Attribute value);

/// An attribute holding `bytes` (row-major, i1 one byte an element).
mlir::ElementsAttr makeConstantAttr(mlir::RankedTensorType type,
                                    llvm::ArrayRef<char> bytes);

/// An `arith.constant` holding `bytes`.
mlir::Value makeConstant(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::RankedTensorType type,
                         llvm::ArrayRef<char> bytes);

/// The same from typed elements.
template <typename T>
mlir::Value makeConstant(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::RankedTensorType type,
                         const std::vector<T> &elements) {
  return makeConstant(builder, loc, type,
                      llvm::ArrayRef<char>(
                          reinterpret_cast<const char *>(elements.data()),
                          elements.size() * sizeof(T)));
}

} // namespace qcc

#endif // DIALECTS_QCC_IR_CONSTANTS_H
