// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The values of ops on tensors in memory: constant folding and the reference
// executor both compute elementwise ops, moves and reductions here, with the
// loops of dialects/Qcc/Numerics.

#ifndef DIALECTS_QCC_IR_EVALUATION_H
#define DIALECTS_QCC_IR_EVALUATION_H

#include "dialects/Qcc/IR/Qcc.h"
#include "dialects/Qcc/Numerics/Elements.h"
#include "dialects/Qcc/Numerics/Quantize.h"

#include <optional>
#include <vector>

namespace qcc {

/// A tensor in memory: row-major, little-endian; i1 takes a byte an element.
struct Tensor {
  mlir::RankedTensorType type;
  std::vector<char> bytes;
};

/// The same, owned by someone else.
struct TensorView {
  mlir::RankedTensorType type;
  llvm::ArrayRef<char> bytes;

  TensorView(mlir::RankedTensorType type, llvm::ArrayRef<char> bytes)
      : type(type), bytes(bytes) {}
  TensorView(const Tensor &tensor) : type(tensor.type), bytes(tensor.bytes) {}

  llvm::ArrayRef<int64_t> getShape() const { return type.getShape(); }
  numerics::ElementKind getKind() const;
  /// The grid of a quantized tensor; asserts that it is one.
  numerics::Grid getGrid() const;
  bool isQuantized() const { return getQuantType(type) != nullptr; }
  bool isFloat() const { return numerics::isFloat(getKind()); }
  /// Stored elements, widened. Quantized tensors give their integers.
  std::vector<double> readReals() const;
  std::vector<int64_t> readIntegers() const;
};

/// How elements of `elementType` are stored, grids included.
numerics::ElementKind getElementKind(mlir::Type elementType);

/// The numbers of a grid type.
numerics::Grid getGrid(QuantType type);

/// The bytes of the result of `op`, if it is an elementwise op, a move or a
/// reduction, and nothing for other ops or a gather outside its input.
std::optional<std::vector<char>>
evaluate(mlir::Operation *op, llvm::ArrayRef<TensorView> operands);

/// The families of `evaluate`.
std::optional<std::vector<char>>
evaluateMove(mlir::Operation *op, llvm::ArrayRef<TensorView> operands);
std::optional<std::vector<char>>
evaluateIndex(mlir::Operation *op, llvm::ArrayRef<TensorView> operands);
std::optional<std::vector<char>>
evaluateElementwise(mlir::Operation *op, llvm::ArrayRef<TensorView> operands);

} // namespace qcc

#endif // DIALECTS_QCC_IR_EVALUATION_H
